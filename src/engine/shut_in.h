// What a database loses before SQL from a network may reach it. Internal to engine/.
#pragma once

#include <duckdb.hpp>

namespace sumac::engine {

// Takes away, once and for all sessions: table functions but those that only compute or describe
// (some change the server's settings, write files or show what other clients ask, in the middle of
// a SELECT), and functions that recurse as deep as their argument is nested, which a caller can
// make deeper than any stack. Throws DuckDB's exceptions.
void RemoveUnsafeFunctions(duckdb::Connection& connection);

}  // namespace sumac::engine
