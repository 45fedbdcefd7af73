// Finds out of a query whether the same text over the same data has the same answer again, for
// caches of results. Changes no plan. Internal to engine/.
#pragma once

#include <duckdb.hpp>

namespace sumac::engine {

// From now on the QueryState of each query knows (QueryState::Repeatable). Call before anything
// else connects to the database, and when its functions are all there. Errors: those that DuckDB
// throws.
void RegisterRepeatableCheck(duckdb::DuckDB& database);

}  // namespace sumac::engine
