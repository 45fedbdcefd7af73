// The Transport over libcurl: one I/O thread that drives all exchanges and timers. Certificates are
// verified, TLS is 1.2 or newer, redirects are not followed. Connections are kept for later
// exchanges, and the TLS sessions of servers for later connections. When a kept connection turns
// out to be closed, the exchange goes over another one and its caller sees nothing of it.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "base/result.h"
#include "base/secret_string.h"
#include "net/transport.h"

namespace sumac::net {

// Which proxy a request goes through; empty means none. URLs as curl takes them,
// "http://host:3128", perhaps with a user and password, which therefore are secrets.
struct ProxySettings {
  SecretString for_http;
  SecretString for_https;
  // Hosts that are reached directly: names with their subdomains, addresses, CIDR blocks, "*".
  std::string bypass;
};

// HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY, each also in lower case, which wins.
ProxySettings ProxySettingsFrom(const std::map<std::string, std::string>& environment);

struct CurlTransportOptions {
  // Connections kept open to one host, and at most in use to it; further exchanges wait their turn.
  int connections_per_host_max = 256;
  // Longest response body; a longer one fails with kResourceExhausted.
  size_t body_bytes_max = size_t{64} << 20;
  // Memory of bodies kept for the next ones; what is not needed for some seconds is freed.
  size_t idle_body_bytes_max = size_t{32} << 20;
  // A file of certificates (PEM) to trust instead of the system's; empty takes the system's.
  std::string certificate_bundle_path;
  ProxySettings proxies;
};

class CurlTransport final : public Transport {
 public:
  // Starts the I/O thread. Errors: kInvalidArgument when the certificate bundle cannot be read,
  // kInternal when libcurl cannot be set up.
  static Result<std::shared_ptr<CurlTransport>> Create(CurlTransportOptions options);
  // Stops; see Stop.
  ~CurlTransport() override;

  OperationId Send(HttpRequest request, HttpCallback callback) override;
  OperationId After(std::chrono::milliseconds delay, std::function<void()> callback) override;
  void Cancel(OperationId id) override;

  // Ends all exchanges (their callbacks get kCancelled), drops all timers and ends the thread.
  // Returns when no callback runs any more; from within a callback it returns at once. Later Sends
  // get kCancelled. Safe to call more than once.
  void Stop();

 private:
  class Loop;
  explicit CurlTransport(std::shared_ptr<Loop> loop);
  std::shared_ptr<Loop> loop_;
};

}  // namespace sumac::net
