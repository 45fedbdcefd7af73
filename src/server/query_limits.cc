#include "server/query_limits.h"

#include <algorithm>

#include <fmt/format.h>

namespace sumac::server {

std::optional<std::chrono::milliseconds> QueryLimits::TimeoutOf(
    std::optional<std::chrono::milliseconds> asked) const {
  if (!asked || !timeout) return asked ? asked : timeout;
  return std::min(*asked, *timeout);
}

Status QueryLimits::CheckRows(uint64_t rows) const {
  if (!result_rows_max || rows <= *result_rows_max) return {};
  return Fail(ErrorCode::kResourceExhausted,
              fmt::format("The result has more than {} rows, which is what this server gives "
                          "(runtime.query.max_result_rows). Add a LIMIT, or aggregate.",
                          *result_rows_max));
}

}  // namespace sumac::server
