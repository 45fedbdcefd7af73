// COUNT(*) over filters. Internal to engine/.
#pragma once

#include <duckdb.hpp>
#include <duckdb/planner/logical_operator.hpp>

namespace sumac::engine {

// Where `op` does nothing but count rows, and DynamoDB can judge to the end which, it is asked for
// their number: the filters between `op` and the scan go.
void ApplyCount(duckdb::LogicalOperator& op);

}  // namespace sumac::engine
