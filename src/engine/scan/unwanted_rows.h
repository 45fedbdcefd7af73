// Whether anybody wants the rows of a scan. Internal to engine/.
#pragma once

#include <duckdb/execution/execution_context.hpp>

namespace sumac::engine {

// Whether an operator above the scan, in its own pipeline, lets nothing through whatever comes: a
// join whose other side turned out to have no rows, the gate before a source whose copy had some.
// DuckDB asks such a scan for rows all the same, and drops them. To be asked when the scan begins,
// not before.
bool AreRowsUnwanted(const duckdb::ExecutionContext& context);

}  // namespace sumac::engine
