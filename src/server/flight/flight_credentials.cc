#include "server/flight/flight_credentials.h"

#include <mutex>

#include <grpc/grpc_security.h>

#include "base/log.h"

namespace sumac::server {
namespace {

// gRPC's C++ interface takes certificates once; its C interface asks for them with each connection.
class ReloadedCredentials final : public grpc::ServerCredentials {
 public:
  explicit ReloadedCredentials(std::shared_ptr<TlsCertificates> certificates)
      : certificates_(std::move(certificates)),
        credentials_(grpc_ssl_server_credentials_create_with_options(
            grpc_ssl_server_credentials_create_options_using_config_fetcher(
                GRPC_SSL_DONT_REQUEST_CLIENT_CERTIFICATE, Fetch, this))) {}

  ~ReloadedCredentials() override { grpc_server_credentials_release(credentials_); }
  ReloadedCredentials(const ReloadedCredentials&) = delete;
  ReloadedCredentials& operator=(const ReloadedCredentials&) = delete;

  int AddPortToServer(const std::string& address, grpc_server* server) override {
    return grpc_server_add_http2_port(server, address.c_str(), credentials_);
  }
  void SetAuthMetadataProcessor(
      const std::shared_ptr<grpc::AuthMetadataProcessor>& /*processor*/) override {}

 private:
  static grpc_ssl_certificate_config_reload_status Fetch(
      void* self, grpc_ssl_server_certificate_config** config) {
    return static_cast<ReloadedCredentials*>(self)->FetchNew(*config);
  }

  grpc_ssl_certificate_config_reload_status FetchNew(grpc_ssl_server_certificate_config*& config) {
    const auto pair = certificates_->Current();
    std::lock_guard lock(mutex_);
    if (pair == given_) return GRPC_SSL_CERTIFICATE_CONFIG_RELOAD_UNCHANGED;
    const grpc_ssl_pem_key_cert_pair pem = {pair->private_key.Reveal().c_str(),
                                            pair->certificate_chain.c_str()};
    // The authorities of clients' certificates, which are not asked for; gRPC wants some all the
    // same.
    const char* unused_authorities = pair->certificate_chain.c_str();
    config = grpc_ssl_server_certificate_config_create(unused_authorities, &pem, 1);
    given_ = pair;
    return GRPC_SSL_CERTIFICATE_CONFIG_RELOAD_NEW;
  }

  const std::shared_ptr<TlsCertificates> certificates_;
  std::mutex mutex_;
  std::shared_ptr<const CertificatePair> given_;
  grpc_server_credentials* const credentials_;
};

}  // namespace

std::shared_ptr<grpc::ServerCredentials> MakeFlightCredentials(
    std::shared_ptr<TlsCertificates> certificates) {
  return std::make_shared<ReloadedCredentials>(std::move(certificates));
}

}  // namespace sumac::server
