// An HTTP exchange whose body is used as it comes and is never held as a whole: for answers of any
// length, where one thread waits for one answer.
#pragma once

#include <atomic>
#include <functional>
#include <string_view>

#include "base/result.h"
#include "net/curl_transport.h"

namespace sumac::net {

// Called in the thread that waits, with the head of the response; may block, and the sender then
// waits. False ends the exchange.
using BodyPartCallback = std::function<bool(const HttpResponse& head, std::string_view part)>;

// Sends and waits for the end of the response. The body of one with status 200 goes to `on_part`;
// the response that comes back has that of another. Closes its connection, at once when
// `*cancelled` becomes true. Errors as those of Transport::Send; also kUnavailable when the
// connection broke before the end of the body, or `on_part` ended it.
Result<HttpResponse> SendAndStream(const CurlTransportOptions& options, HttpRequest request,
                                   const BodyPartCallback& on_part,
                                   const std::atomic<bool>* cancelled);

}  // namespace sumac::net
