// The Transport over libcurl: one I/O thread that drives all exchanges and timers.
#pragma once

#include <memory>

#include "base/result.h"
#include "net/transport.h"

namespace sumac::net {

struct CurlTransportOptions {
  // Connections kept open to one host, and at most in use to it; further exchanges wait their turn.
  int connections_per_host_max = 256;
  // Longest response body; a longer one fails with kResourceExhausted.
  size_t body_bytes_max = size_t{64} << 20;
};

class CurlTransport final : public Transport {
 public:
  // Starts the I/O thread. Error kInternal when libcurl cannot be set up.
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
