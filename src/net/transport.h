// The border to the network: asynchronous HTTP exchanges and timers on one I/O thread.
//
// A DuckDB scan cannot suspend, so waiting must not sit on its worker threads: everything that
// waits (responses, back-off) waits here. CurlTransport (curl_transport.h) is the real one; tests
// pass their own.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "net/body_buffer.h"

namespace sumac::net {

struct HttpHeader {
  std::string name;
  std::string value;
};

struct HttpRequest {
  std::string method = "POST";
  std::string url;
  std::vector<HttpHeader> headers;
  std::string body;
  // Bound on name look-up, TCP and TLS handshakes together.
  int connect_timeout_ms = 5'000;
  // Bound on the whole exchange, from start to the last byte.
  int timeout_ms = 60'000;
  // Longest response body; 0 takes the transport's own bound.
  size_t body_bytes_max = 0;
  // Goes straight to the host whatever proxy is configured: for addresses of this machine and its
  // link, whose answers are secrets.
  bool bypass_proxy = false;
};

struct HttpResponse {
  int status = 0;
  std::vector<HttpHeader> headers;
  // The bytes as they came over the wire: never decompressed here, because DynamoDB's checksum
  // covers the compressed form.
  BodyBuffer body;
  // When its first byte came and when its last; equal in transports that do not measure.
  MonotonicTime began{};
  MonotonicTime ended{};

  // The value of the first header with this name (case ignored), or an empty string.
  std::string_view Header(std::string_view name) const;
};

using HttpCallback = std::function<void(Result<HttpResponse>)>;

// Names one exchange or timer of one transport; never 0, never used twice.
using OperationId = uint64_t;

// Thread-safe. Callbacks run on the transport's own thread, one at a time, never inside Send, After
// or Cancel; they must not block, and may call Send, After and Cancel.
class Transport {
 public:
  virtual ~Transport() = default;

  // Starts an exchange. `callback` runs exactly once: with the response whatever its status, or
  // with an Error: kUnavailable (no connection, cut connection; retryable), kDeadlineExceeded (a
  // timeout; retryable), kCancelled (Cancel or Stop), kInvalidArgument (a URL that is none).
  virtual OperationId Send(HttpRequest request, HttpCallback callback) = 0;

  // Runs `callback` once after `delay`, unless cancelled before.
  virtual OperationId After(std::chrono::milliseconds delay, std::function<void()> callback) = 0;

  // Ends an exchange (its callback gets kCancelled soon) or drops a timer (its callback never
  // runs). Without effect when the operation has ended.
  virtual void Cancel(OperationId id) = 0;
};

}  // namespace sumac::net
