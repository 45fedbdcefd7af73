#include "server/observation/observed_request.h"

#include <algorithm>
#include <chrono>
#include <iterator>

#include <fmt/format.h>

#include "base/log.h"
#include "server/observation/server_metrics.h"

namespace sumac::server {
namespace {

constexpr char kOther[] = "other";
// As web servers log it: the client left before there was an answer.
constexpr int kClientLeft = 499;

// A method is what the client says it is, so only known ones become a label.
std::string KnownMethod(std::string_view method) {
  constexpr std::string_view kMethods[] = {"GET",   "HEAD",   "POST",   "PUT",
                                           "PATCH", "DELETE", "OPTIONS"};
  const bool known =
      std::find(std::begin(kMethods), std::end(kMethods), method) != std::end(kMethods);
  return known ? std::string(method) : kOther;
}

}  // namespace

void ObservedRequest::Begin(MonotonicTime now, std::string_view method, RequestContext context) {
  begun_ = true;
  began_ = now;
  method_ = KnownMethod(method);
  path_ = kOther;
  status_ = kClientLeft;
  context_ = std::move(context);
}

void ObservedRequest::AddHeaders(
    const std::function<void(const char* name, const std::string& value)>& add) const {
  // What was no request has none.
  if (context_.request_id.empty()) return;
  add("X-Request-Id", context_.request_id);
  if (const auto traceparent = context_.Traceparent(); !traceparent.empty()) {
    add("traceparent", traceparent);
  }
}

void ObservedRequest::End(Metrics* metrics, MonotonicTime now) {
  if (!begun_) return;
  begun_ = false;
  const double took_ms = std::chrono::duration<double, std::milli>(now - began_).count();
  const std::string status = std::to_string(status_);
  if (metrics != nullptr) {
    metrics->Add(kHttpRequests, {method_, path_, status});
    metrics->Add(kHttpRequestsTotal, {method_, path_, status});
    metrics->Observe(kHttpRequestsDuration, {method_, path_, status}, took_ms);
  }
  LogWithFields(LogLevel::kDebug, "HTTP request",
                {{"method", method_},
                 {"path", path_},
                 {"status", status},
                 {"duration_ms", fmt::format("{:.1f}", took_ms)},
                 {"request_id", context_.request_id},
                 {"trace_id", context_.trace_id}});
  context_ = {};
}

}  // namespace sumac::server
