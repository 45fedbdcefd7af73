// What a database loses before SQL from a network may reach it. Internal to engine/.
#pragma once

#include <string>

#include <duckdb.hpp>

namespace sumac::engine {

// Takes away, once and for all sessions: table functions but those that only compute or describe
// (some change the server's settings, write files or show what other clients ask, in the middle of
// a SELECT), and functions that recurse as deep as their argument is nested, which a caller can
// make deeper than any stack. Throws DuckDB's exceptions.
void RemoveUnsafeFunctions(duckdb::Connection& connection);

// Whether a table function that is still there may be in a query that is served. DuckDB's own
// views, and with them information_schema, are bound over some that may not: they cannot be
// removed.
bool IsForQueriesThatAreServed(const std::string& table_function);

}  // namespace sumac::engine
