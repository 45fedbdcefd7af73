// LIMIT over a scan. Internal to engine/.
#pragma once

#include <duckdb.hpp>
#include <duckdb/planner/logical_operator.hpp>

namespace sumac::engine {

// Larger limits are read like whole tables.
inline constexpr uint64_t kRowsWantedMax = 100'000;

// Where `op` is a LIMIT, the scans below it learn how many rows it is going to take.
void ApplyRowLimit(duckdb::LogicalOperator& op);

}  // namespace sumac::engine
