#include "server/security/tls_context.h"

#include <openssl/ssl.h>

namespace sumac::server {
namespace {

namespace ssl = boost::asio::ssl;

constexpr unsigned char kHttp11[] = "\x08http/1.1";

// A client that speaks HTTP/2 alone is told so.
int ChooseProtocol(SSL* /*connection*/, const unsigned char** chosen, unsigned char* chosen_size,
                   const unsigned char* offered, unsigned int offered_size, void* /*argument*/) {
  unsigned char* found = nullptr;
  const int result = SSL_select_next_proto(&found, chosen_size, kHttp11, sizeof(kHttp11) - 1,
                                           offered, offered_size);
  *chosen = found;
  return result == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

std::shared_ptr<ssl::context> MakeContext(const CertificatePair& pair) {
  auto context = std::make_shared<ssl::context>(ssl::context::tls_server);
  auto* handle = context->native_handle();
  SSL_CTX_set_min_proto_version(handle, TLS1_2_VERSION);
  SSL_CTX_set_options(handle, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION);
  SSL_CTX_set_alpn_select_cb(handle, ChooseProtocol, nullptr);
  // They fit one another: TlsCertificates has seen to that.
  context->use_certificate_chain(boost::asio::buffer(pair.certificate_chain));
  context->use_private_key(boost::asio::buffer(pair.private_key.Reveal()), ssl::context::pem);
  return context;
}

}  // namespace

std::shared_ptr<ssl::context> TlsContext::Current() {
  const auto pair = certificates_->Current();
  std::lock_guard lock(mutex_);
  if (pair != pair_) {
    context_ = MakeContext(*pair);
    pair_ = pair;
  }
  return context_;
}

}  // namespace sumac::server
