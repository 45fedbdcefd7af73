// What one query of a client may take and give, whichever interface it came by.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "base/result.h"

namespace sumac::server {

struct QueryLimits {
  // Whatever more its request asks for. Nothing: unlimited.
  std::optional<std::chrono::milliseconds> timeout;
  std::optional<uint64_t> result_rows_max;

  // The time that a query has whose request asks for `asked`.
  std::optional<std::chrono::milliseconds> TimeoutOf(
      std::optional<std::chrono::milliseconds> asked) const;

  // kResourceExhausted for an answer of `rows` that is too long.
  Status CheckRows(uint64_t rows) const;
};

}  // namespace sumac::server
