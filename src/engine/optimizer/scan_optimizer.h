// What DuckDB's plan of a query means for its scans of DynamoDB: how many rows are wanted of each,
// in which order, or only their number. Who limits, orders and aggregates is DuckDB. Internal to
// engine/.
#pragma once

#include <duckdb.hpp>
#include <duckdb/optimizer/optimizer_extension.hpp>

namespace sumac::engine {

// To be run after all rules of DuckDB, and before that of joins (scan/join_keys.h).
duckdb::OptimizerExtension ScanUseExtension();

}  // namespace sumac::engine
