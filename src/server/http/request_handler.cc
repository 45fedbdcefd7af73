#include "server/http/request_handler.h"

#include <chrono>

#include <boost/asio/steady_timer.hpp>

#include "base/metrics.h"
#include "server/http/acceleration_refresh_job.h"
#include "server/http/accept.h"
#include "server/http/active_queries_reply.h"
#include "server/http/datasets_reply.h"
#include "server/http/error_reply.h"
#include "server/http/listing_reply.h"
#include "server/http/openapi.h"
#include "server/http/query_job.h"
#include "server/http/refresh_job.h"
#include "server/random_id.h"

namespace sumac::server {
namespace {

using Handling = std::variant<HttpReply, MakeJob>;

constexpr std::string_view kAnotherOrigin =
    "A web page of another origin may not ask for this; it would cost capacity.";

HttpReply OpenApiReply() {
  HttpReply reply;
  reply.content_type = kApplicationJson;
  reply.body = OpenApiDocument();
  return reply;
}

HttpReply MetricsReply(const Backend& backend) {
  HttpReply reply;
  reply.content_type = kMetricsContentType;
  reply.body = backend.MetricsText();
  return reply;
}

// Whether the name of a Host is `localhost` or an address: no DNS made it lead here.
bool IsPlainHost(std::string_view host) {
  if (host.starts_with('[')) return true;
  host = host.substr(0, host.find(':'));
  return host == "localhost" || host.find_first_not_of("0123456789.") == std::string_view::npos;
}

// A browser says in Origin which page asks. Programs say nothing. Pages that the Spicepod names are
// not of another site, nor are those of this server; but where no key is asked for, a page may have
// had its own name lead here, and then they have to be named.
bool IsFromAnotherSite(const HttpServerOptions& options, const IncomingRequest& request) {
  if (request.origin.empty() || options.cors.Names(request.origin)) return false;
  const auto scheme = request.origin.find("://");
  if (scheme == std::string_view::npos) return true;
  if (request.origin.substr(scheme + 3) != request.host) return true;
  return !options.api_keys->Get()->required() && !IsPlainHost(request.host);
}

// An interrupt that comes before the engine has begun is lost, so it is repeated until the query is
// gone.
void CancelAgain(ActiveQueries& queries, std::string id,
                 std::shared_ptr<boost::asio::steady_timer> timer) {
  constexpr std::chrono::milliseconds kAgainAfter{100};
  timer->expires_after(kAgainAfter);
  timer->async_wait([&queries, timer, id = std::move(id)](boost::system::error_code) {
    if (queries.Cancel(id)) CancelAgain(queries, id, timer);
  });
}

HttpReply CancelQuery(ActiveQueries& queries, const std::string& id,
                      const boost::asio::any_io_executor& executor) {
  if (!IsUuid(id)) return TextReply(400, "The id of a query is a UUID.");
  if (!queries.Cancel(id)) return TextReply(404, "There is no such query; it may have ended.");
  CancelAgain(queries, id, std::make_shared<boost::asio::steady_timer>(executor));
  return CancelledQueryReply(id);
}

MakeJob RefreshOf(Backend& backend, const Route& route, std::string body) {
  if (route.endpoint == Endpoint::kSchemaRefresh) {
    return [&backend, name = route.name](auto channel) {
      return std::make_shared<RefreshJob>(backend, name, std::move(channel));
    };
  }
  const auto kind = route.endpoint == Endpoint::kAccelerationChange ? AccelerationRequest::kChange
                                                                    : AccelerationRequest::kRefresh;
  return [&backend, kind, name = route.name, body = std::move(body)](auto channel) {
    return std::make_shared<AccelerationRefreshJob>(backend, kind, name, body, std::move(channel));
  };
}

Handling HandleQuery(ConnectionContext& context, IncomingRequest request) {
  const auto& options = context.options;
  const auto format = NegotiateFormat(request.accept);
  auto sql = ParseSqlRequest(request.content_type, std::move(request.body));
  if (!sql) return ErrorReply(sql.error());
  const auto timeout = ParseQueryTimeout(request.query_timeout);
  if (!timeout) return ErrorReply(timeout.error());
  sql->timeout = options.query_limits.TimeoutOf(*timeout);
  sql->cache_use = ParseCacheControl(request.cache_control);

  QueryJobLimits limits;
  limits.piece_bytes = options.piece_bytes;
  limits.table_rows_max = options.table_rows_max;
  limits.query = options.query_limits;
  // A std::function is copied, which these cannot be.
  auto asked = std::make_shared<SqlRequest>(*std::move(sql));
  return [&context, format, limits, asked, who = std::move(request.context)](auto channel) {
    auto running = context.history.Begin(asked->sql, "http", who);
    auto job = std::make_shared<QueryJob>(context.backend, context.clock, std::move(*asked), format,
                                          limits, std::move(channel), context.options.results_cache,
                                          std::move(running));
    job->ListAmong(context.active_queries, "http");
    return job;
  };
}

}  // namespace

std::variant<HttpReply, MakeJob> HandleRequest(ConnectionContext& context, const RouteResult& route,
                                               IncomingRequest request,
                                               const boost::asio::any_io_executor& executor) {
  if (!route) return route.error();
  if (route->endpoint == Endpoint::kHealth) return TextReply(200, "ok\n");
  if (context.stopping) return TextReply(503, "Runtime is shutting down");
  const auto& options = context.options;
  auto& backend = context.backend;
  switch (route->endpoint) {
    case Endpoint::kReady:
      return backend.Ready() ? TextReply(200, "ready") : TextReply(503, "not ready");
    case Endpoint::kDatasets:
      return DatasetsReply(backend.Datasets(), route->query, context.clock.WallNow());
    case Endpoint::kStatus:
      return ListingReply(ListComponents(*options.components), route->query);
    case Endpoint::kCatalogs:
      return ListingReply(ListCatalogs(), route->query);
    case Endpoint::kSpicepods:
      return ListingReply(ListSpicepods(backend.Spicepod()), route->query);
    case Endpoint::kOpenApi:
      return OpenApiReply();
    case Endpoint::kActiveQueries:
      return ActiveQueriesReply(context.active_queries.List());
    case Endpoint::kMetrics:
      return MetricsReply(backend);
    case Endpoint::kCancelQuery:
      if (IsFromAnotherSite(options, request)) {
        return TextReply(403, "A web page of another origin may not cancel queries.");
      }
      return CancelQuery(context.active_queries, route->name, executor);
    case Endpoint::kSchemaRefresh:
    case Endpoint::kAccelerationRefresh:
    case Endpoint::kAccelerationChange:
      if (IsFromAnotherSite(options, request)) {
        return TextReply(403, std::string(kAnotherOrigin));
      }
      return RefreshOf(backend, *route, std::move(request.body));
    default:
      // Without keys, whatever page a browser shows could have it read, and pay.
      if (!options.api_keys->Get()->required() && !options.cors.allows_all() &&
          IsFromAnotherSite(options, request)) {
        return TextReply(403, std::string(kAnotherOrigin));
      }
      return HandleQuery(context, std::move(request));
  }
}

}  // namespace sumac::server
