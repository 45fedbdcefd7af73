#include "server/http/route.h"

#include <optional>

#include <fmt/format.h>

namespace sumac::server {
namespace {

constexpr KnownPath kSqlPaths[] = {
    {"/v1/sql", Endpoint::kSql, "POST"},
    {"/health", Endpoint::kHealth, "GET, HEAD"},
    {"/v1/ready", Endpoint::kReady, "GET, HEAD"},
    {"/v1/datasets", Endpoint::kDatasets, "GET, HEAD"},
    {"/v1/status", Endpoint::kStatus, "GET, HEAD"},
    {"/v1/catalogs", Endpoint::kCatalogs, "GET, HEAD"},
    {"/v1/spicepods", Endpoint::kSpicepods, "GET, HEAD"},
    {"/v1/openapi.json", Endpoint::kOpenApi, "GET, HEAD"},
    {"/v1/sql/active", Endpoint::kActiveQueries, "GET, HEAD"},
    {"/v1/sql/{id}/cancel", Endpoint::kCancelQuery, "POST"},
    {"/v1/datasets/{name}/schema/refresh", Endpoint::kSchemaRefresh, "POST"},
    {"/v1/datasets/{name}/acceleration/refresh", Endpoint::kAccelerationRefresh, "POST"},
    {"/v1/datasets/{name}/acceleration", Endpoint::kAccelerationChange, "PATCH"},
};

constexpr KnownPath kMetricsPaths[] = {
    {"/health", Endpoint::kHealth, "GET, HEAD"},
    {"/metrics", Endpoint::kMetrics, "GET, HEAD"},
};

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::optional<std::string> PercentDecode(std::string_view text, bool plus_is_blank) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+' && plus_is_blank) {
      out += ' ';
    } else if (text[i] != '%') {
      out += text[i];
    } else {
      if (i + 2 >= text.size()) return std::nullopt;
      const int high = HexDigit(text[i + 1]);
      const int low = HexDigit(text[i + 2]);
      if (high < 0 || low < 0) return std::nullopt;
      out += static_cast<char>(high * 16 + low);
      i += 2;
    }
  }
  return out;
}

bool ParseQuery(std::string_view text, std::map<std::string, std::string>& query) {
  while (!text.empty()) {
    const size_t end = text.find('&');
    const std::string_view pair = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (pair.empty()) continue;
    const size_t equals = pair.find('=');
    const auto name = PercentDecode(pair.substr(0, equals), true);
    const auto value = PercentDecode(
        equals == std::string_view::npos ? std::string_view() : pair.substr(equals + 1), true);
    if (!name || !value) return false;
    query[*name] = *value;
  }
  return true;
}

// Whether `path` is as `pattern` says; `name` becomes what stands in the place of its braces, which
// may have '/' in it, as names of datasets do.
bool Matches(std::string_view pattern, std::string_view path, std::string& name) {
  const size_t open = pattern.find('{');
  if (open == std::string_view::npos) return path == pattern;
  const std::string_view before = pattern.substr(0, open);
  const std::string_view after = pattern.substr(pattern.find('}') + 1);
  if (path.size() <= before.size() + after.size() || !path.starts_with(before) ||
      !path.ends_with(after)) {
    return false;
  }
  name = path.substr(before.size(), path.size() - before.size() - after.size());
  return true;
}

// Null when there is nothing.
const KnownPath* FindPath(std::string_view path, Interface served, std::string& name) {
  for (const KnownPath& known : PathsOf(served)) {
    if (Matches(known.path, path, name)) return &known;
  }
  return nullptr;
}

// A client that takes the server for a proxy sends all of a URL (RFC 9112, 3.2.2).
std::string_view WithoutOrigin(std::string_view target) {
  const size_t scheme = target.find("://");
  if (target.starts_with('/') || scheme == std::string_view::npos) return target;
  const size_t path = target.find_first_of("/?", scheme + 3);
  return path == std::string_view::npos ? "/" : target.substr(path);
}

tl::unexpected<HttpReply> Refuse(int status, std::string body, std::string_view allow = {}) {
  HttpReply reply;
  reply.status = status;
  reply.body = std::move(body);
  if (!allow.empty()) reply.headers.emplace_back("Allow", allow);
  return tl::unexpected<HttpReply>(std::move(reply));
}

}  // namespace

std::span<const KnownPath> PathsOf(Interface served) {
  if (served == Interface::kMetrics) return kMetricsPaths;
  return kSqlPaths;
}

RouteResult FindRoute(std::string_view method, std::string_view target, Interface served) {
  target = WithoutOrigin(target);
  const size_t question = target.find('?');
  const auto path = PercentDecode(target.substr(0, question), false);
  Route route{};
  if (!path || (question != std::string_view::npos &&
                !ParseQuery(target.substr(question + 1), route.query))) {
    return Refuse(400, "The request target has a '%' that two hexadecimal digits do not follow.");
  }
  const KnownPath* known = FindPath(*path, served, route.name);
  if (known == nullptr && served == Interface::kMetrics) {
    return Refuse(404, "There is nothing at this path. Metrics are at /metrics.");
  }
  if (known == nullptr) {
    return Refuse(404, "There is nothing at this path. Queries go to POST /v1/sql.");
  }
  const bool reads = known->allow.starts_with("GET");
  const bool allowed = reads ? method == "GET" || method == "HEAD" : method == known->allow;
  if (!allowed) {
    return Refuse(405, fmt::format("{} takes {}, not {}.", known->path, known->allow, method),
                  known->allow);
  }
  route.endpoint = known->endpoint;
  route.path = known->path;
  return route;
}

}  // namespace sumac::server
