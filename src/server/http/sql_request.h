// The body of POST /v1/sql.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "engine/session.h"

namespace sumac::server {

struct SqlRequest {
  std::string sql;
  engine::QueryParameters parameters;
};

// A body of type application/json is `{"sql": text, "parameters": [...] or {name: value}}`, where
// the parameters may be missing; any other body is the SQL itself. A parameter is null, a boolean,
// a string or a number: an integer becomes BIGINT, or HUGEINT when it needs to, and any other
// number DOUBLE. Errors: kInvalidArgument.
Result<SqlRequest> ParseSqlRequest(std::string_view content_type, std::string body);

}  // namespace sumac::server
