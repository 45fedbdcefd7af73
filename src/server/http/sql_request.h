// What a request of POST /v1/sql asks for.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "engine/session.h"

namespace sumac::server {

// How a query uses the results cache.
enum class CacheUse {
  kUse,
  kRefresh,       // its answer is kept, and not taken from there
  kOnlyIfCached,  // it does not run
};

struct SqlRequest {
  std::string sql;
  engine::QueryParameters parameters;
  // Of all of it, waiting for a worker included.
  std::optional<std::chrono::milliseconds> timeout;
  CacheUse cache_use = CacheUse::kUse;
};

// A body of type application/json is `{"sql": text, "parameters": [...] or {name: value}}`, where
// the parameters may be missing; any other body is the SQL itself. A parameter is null, a boolean,
// a string or a number: an integer becomes BIGINT, or HUGEINT when it needs to, and any other
// number DOUBLE. Errors: kInvalidArgument.
Result<SqlRequest> ParseSqlRequest(std::string_view content_type, std::string body);

inline constexpr std::string_view kQueryTimeoutHeader = "Sumac-Query-Timeout";

// The value of that header; nothing when it is empty. Error kInvalidArgument: it is no time limit.
Result<std::optional<std::chrono::milliseconds>> ParseQueryTimeout(std::string_view value);

}  // namespace sumac::server
