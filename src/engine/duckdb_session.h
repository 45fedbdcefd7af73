// The Session over one DuckDB connection. Internal to engine/.
#pragma once

#include <memory>

#include <duckdb.hpp>

#include "engine/session.h"
#include "engine/timers.h"

namespace sumac::engine {

// `shut_in` and `timers` as DatabaseOptions has them.
std::unique_ptr<Session> MakeDuckDbSession(duckdb::DuckDB& database, bool shut_in, Timers timers);

}  // namespace sumac::engine
