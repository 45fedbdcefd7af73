// Which endpoint a request line names.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "server/http/http_reply.h"

namespace sumac::server {

enum class Endpoint {
  kSql,
  kHealth,
  kReady,
  kDatasets,
  kStatus,
  kCatalogs,
  kSpicepods,
  kActiveQueries,
  kCancelQuery,
  kOpenApi,
  kSchemaRefresh,
  kAccelerationRefresh,
  kAccelerationChange,
  kMetrics,
};

// What a server serves: the HTTP interface of docs/http.md, metrics for Prometheus, or Arrow
// Flight, which is no HTTP of ours.
enum class Interface { kSql, kMetrics, kFlight };

struct Route {
  Endpoint endpoint;
  // What stands for `{name}` or `{id}` in the path, decoded.
  std::string name;
  // The path without what is particular to a request: "/v1/datasets/{name}/schema/refresh".
  std::string_view path;
  // The decoded parameters after '?'. The last of equal names wins.
  std::map<std::string, std::string> query;
};

// A path of an interface, in the words of OpenAPI.
struct KnownPath {
  // "/v1/datasets/{name}/schema/refresh"; one part at most is in braces.
  std::string_view path;
  Endpoint endpoint;
  // As in the header Allow: "POST", or "GET, HEAD".
  std::string_view allow;
};

std::span<const KnownPath> PathsOf(Interface served);

// A route, or the reply that says why there is none: 404, 405 with Allow, 400 for a target that is
// not one. HEAD is routed as GET.
using RouteResult = tl::expected<Route, HttpReply>;
RouteResult FindRoute(std::string_view method, std::string_view target,
                      Interface served = Interface::kSql);

}  // namespace sumac::server
