// The Session over one DuckDB connection. Internal to engine/.
#pragma once

#include <memory>

#include <duckdb.hpp>

#include "engine/session.h"

namespace sumac::engine {

// `shut_in` as DatabaseOptions has it.
std::unique_ptr<Session> MakeDuckDbSession(duckdb::DuckDB& database, bool shut_in);

}  // namespace sumac::engine
