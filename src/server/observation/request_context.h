// Who a request is, for those who follow it through logs: its identifier, and its place in a trace
// (W3C Trace Context).
#pragma once

#include <string>
#include <string_view>

namespace sumac::server {

struct RequestContext {
  // The client's, or made here.
  std::string request_id;
  // 32 and 16 hexadecimal digits. The trace is the client's when it sent one.
  std::string trace_id;
  std::string span_id;
  std::string parent_span_id;  // the client's; empty without one
  std::string trace_flags = "00";

  // What a client that sent a traceparent gets back; empty for others.
  std::string Traceparent() const;
};

// `request_id` and `traceparent` are the values of those headers, empty without them. What is not
// well-formed counts as not sent: an identifier has 1 to 128 letters, digits and -._:/+=@ .
RequestContext MakeRequestContext(std::string_view request_id, std::string_view traceparent);

}  // namespace sumac::server
