// Keeps a fault of DuckDB 1.4.4 from ending the process. Internal to engine/.
#pragma once

#include <duckdb.hpp>

namespace sumac::engine {

// Refuses lag and lead by -2^63: the streaming window takes the absolute value of the offset, which
// there is none of, for a number of rows to write.
duckdb::OptimizerExtension WindowOffsetCheck();

}  // namespace sumac::engine
