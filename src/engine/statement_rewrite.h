// Statements that Sumac answers in Spice's shape instead of DuckDB's, and statements that it
// refuses. Internal to engine/.
#pragma once

#include <string>

#include <duckdb.hpp>
#include <duckdb/parser/parser_options.hpp>

#include "base/result.h"

namespace sumac::engine {

// DESCRIBE and SHOW TABLES become queries that give Spice's columns (column_name, data_type,
// is_nullable with Arrow type names; table_catalog, table_schema, table_name, table_type). Every
// other statement stays as it is. Error: that of the described query.
Result<duckdb::unique_ptr<duckdb::SQLStatement>> RewriteShow(
    duckdb::Connection& connection, duckdb::unique_ptr<duckdb::SQLStatement> statement);

// Whether a session that is shut in may run the statements of `sql`: queries and EXPLAIN of queries
// only. Judges the text as it was parsed, before DuckDB turns a PRAGMA into a query. Throws
// DuckDB's exception on a syntax error.
Status CheckShutIn(const std::string& sql, const duckdb::ParserOptions& options);

}  // namespace sumac::engine
