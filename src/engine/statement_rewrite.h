// Statements that Sumac answers in Spice's shape instead of DuckDB's, and statements that it refuses.
// Internal to engine/.
#pragma once

#include <duckdb.hpp>

#include "base/result.h"

namespace sumac::engine {

// DESCRIBE and SHOW TABLES become queries that give Spice's columns (column_name, data_type,
// is_nullable with Arrow type names; table_catalog, table_schema, table_name, table_type). Every
// other statement stays as it is. Error: that of the described query.
Result<duckdb::unique_ptr<duckdb::SQLStatement>> RewriteShow(
    duckdb::Connection& connection, duckdb::unique_ptr<duckdb::SQLStatement> statement);

// Whether a session that is shut in may run the statement: queries and EXPLAIN of queries only.
Status CheckShutIn(const duckdb::SQLStatement& statement);

}  // namespace sumac::engine
