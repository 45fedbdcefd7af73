// What is to be told of one request over HTTP once it is over. Internal to server/.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/metrics.h"
#include "server/observation/request_context.h"

namespace sumac::server {

// One after the other of a connection. Used by one thread at a time.
class ObservedRequest {
 public:
  // Its header has come.
  void Begin(MonotonicTime now, std::string_view method, RequestContext context);
  // That of its route, see Route; without it there is none.
  void SetPath(std::string_view path) { path_ = path; }
  // The response begins.
  void SetStatus(int status) { status_ = status; }
  // The headers that every response has: X-Request-Id, and traceparent for who sent one.
  void AddHeaders(const std::function<void(const char* name, const std::string& value)>& add) const;
  // The response has ended, or the client is gone: counts it. Without effect between requests.
  // `metrics` may be null.
  void End(Metrics* metrics, MonotonicTime now);

  bool begun() const { return begun_; }
  const RequestContext& context() const { return context_; }

 private:
  bool begun_ = false;
  MonotonicTime began_;
  std::string method_;
  std::string path_;
  int status_ = 0;
  RequestContext context_;
};

}  // namespace sumac::server
