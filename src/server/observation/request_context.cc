#include "server/observation/request_context.h"

#include <algorithm>

#include "server/random_id.h"

namespace sumac::server {
namespace {

constexpr size_t kRequestIdBytesMax = 128;
// "00-" trace "-" parent "-" flags
constexpr size_t kTraceparentBytes = 55;

bool IsHex(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

bool IsZero(std::string_view text) {
  return text.find_first_not_of('0') == std::string_view::npos;
}

bool IsRequestId(std::string_view text) {
  if (text.empty() || text.size() > kRequestIdBytesMax) return false;
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("-._:/+=@").find(c) != std::string_view::npos;
  });
}

}  // namespace

std::string RequestContext::Traceparent() const {
  if (parent_span_id.empty()) return {};
  return "00-" + trace_id + "-" + span_id + "-" + trace_flags;
}

RequestContext MakeRequestContext(std::string_view request_id, std::string_view traceparent) {
  RequestContext context;
  context.request_id = IsRequestId(request_id) ? std::string(request_id) : RandomHex(16);
  context.span_id = RandomHex(8);
  const auto version = traceparent.substr(0, 2);
  // A later version may have more behind what this one has.
  const bool complete = traceparent.size() == kTraceparentBytes ||
                        (traceparent.size() > kTraceparentBytes && version != "00" &&
                         traceparent[kTraceparentBytes] == '-');
  if (complete && traceparent[2] == '-' && traceparent[35] == '-' && traceparent[52] == '-') {
    const auto trace = traceparent.substr(3, 32);
    const auto parent = traceparent.substr(36, 16);
    const auto flags = traceparent.substr(53, 2);
    if (IsHex(version) && version != "ff" && IsHex(trace) && !IsZero(trace) && IsHex(parent) &&
        !IsZero(parent) && IsHex(flags)) {
      context.trace_id = trace;
      context.parent_span_id = parent;
      context.trace_flags = flags;
    }
  }
  if (context.trace_id.empty()) context.trace_id = RandomHex(16);
  return context;
}

}  // namespace sumac::server
