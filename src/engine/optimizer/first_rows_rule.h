// ORDER BY sort key LIMIT n, min(sort key) and max(sort key). Internal to engine/.
#pragma once

#include <duckdb.hpp>
#include <duckdb/planner/logical_operator.hpp>

namespace sumac::engine {

// Where `op` takes the first rows in the order of a sort key, or the least or greatest of its
// values, the scan below it learns that it need not read on behind them if it reads in that order.
void ApplyFirstRows(duckdb::LogicalOperator& op);

}  // namespace sumac::engine
