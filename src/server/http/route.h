// Which endpoint a request line names.
#pragma once

#include <map>
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
  kSchemaRefresh,
  kAccelerationRefresh,
  kMetrics,
};

// What a server serves: the HTTP interface of docs/http.md, metrics for Prometheus, or Arrow Flight,
// which is no HTTP of ours.
enum class Interface { kSql, kMetrics, kFlight };

struct Route {
  Endpoint endpoint;
  // Of kSchemaRefresh and kAccelerationRefresh: the name in the path, decoded.
  std::string dataset;
  // The decoded parameters after '?'. The last of equal names wins.
  std::map<std::string, std::string> query;
};

// A route, or the reply that says why there is none: 404, 405 with Allow, 400 for a target that is
// not one. HEAD is routed as GET.
tl::expected<Route, HttpReply> FindRoute(std::string_view method, std::string_view target,
                                         Interface served = Interface::kSql);

}  // namespace sumac::server
