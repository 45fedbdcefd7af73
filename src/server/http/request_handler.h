// What the routes of the HTTP interface do with a request that has come in full.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

#include <boost/asio/any_io_executor.hpp>

#include "server/http/connection.h"
#include "server/http/http_reply.h"
#include "server/http/job.h"
#include "server/http/response_channel.h"
#include "server/http/route.h"
#include "server/observation/request_context.h"

namespace sumac::server {

// The values of headers are empty without them; they are looked at before HandleRequest returns.
struct IncomingRequest {
  std::string body;
  std::string_view content_type;
  std::string_view accept;
  std::string_view cache_control;
  std::string_view query_timeout;
  std::string_view origin;
  std::string_view host;
  RequestContext context;
};

// Makes what a worker is to do, which answers into the channel. Called once.
using MakeJob = std::function<std::shared_ptr<Job>(std::shared_ptr<ResponseChannel>)>;

// A reply at once, or a job. `route` is what FindRoute gave. `executor` runs what is to happen
// after the reply.
std::variant<HttpReply, MakeJob> HandleRequest(ConnectionContext& context, const RouteResult& route,
                                               IncomingRequest request,
                                               const boost::asio::any_io_executor& executor);

}  // namespace sumac::server
