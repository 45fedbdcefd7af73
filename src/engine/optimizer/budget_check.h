// Holds DuckDB's plan of a query to the budgets of its datasets, before anything is read. Runs when
// DuckDB's own optimizer has ended, and changes no operator. Internal to engine/.
#pragma once

#include <duckdb.hpp>

namespace sumac::engine {

// Call before anything connects to it: a configuration that is given to a database when it is
// opened does not bring optimizers with it.
void RegisterBudgetCheck(duckdb::DuckDB& database);

}  // namespace sumac::engine
