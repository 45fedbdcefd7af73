// A CertificatePair as connections of Asio use it. Internal to server/.
#pragma once

#include <memory>
#include <mutex>

#include <boost/asio/ssl/context.hpp>

#include "server/security/tls_certificates.h"

namespace sumac::server {

// TLS 1.2 and newer, HTTP/1.1 by ALPN. Thread-safe.
class TlsContext {
 public:
  explicit TlsContext(std::shared_ptr<TlsCertificates> certificates)
      : certificates_(std::move(certificates)) {}

  // For a connection that begins now; it lives as long as the connection does.
  std::shared_ptr<boost::asio::ssl::context> Current();

 private:
  const std::shared_ptr<TlsCertificates> certificates_;
  std::mutex mutex_;
  std::shared_ptr<const CertificatePair> pair_;         // guarded by mutex_
  std::shared_ptr<boost::asio::ssl::context> context_;  // guarded by mutex_; made of pair_
};

}  // namespace sumac::server
