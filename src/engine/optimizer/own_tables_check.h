// Holds queries of others to what datasets show of Sumac's own tables: the copies, and what stands
// beside them in their files. Internal to engine/.
#pragma once

#include <duckdb.hpp>

namespace sumac::engine {

// Refuses, in sessions that are shut in, what reads a table in a catalog that Sumac keeps for
// itself, or the blocks of one: a reader there is not known to the store, whose checkpoint would
// wait for it and hold up everybody (see ReaderGate).
duckdb::OptimizerExtension OwnTablesCheck();

}  // namespace sumac::engine
