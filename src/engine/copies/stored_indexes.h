// The indexes of a copy that a file had, and what they are made from. DuckDB reads both while it
// commits a change of the rows, where damage to the file ends its engine; so they are read before.
// Internal to engine/.
#pragma once

#include <set>
#include <string>
#include <vector>

#include <duckdb.hpp>

#include "base/result.h"
#include "engine/copies/copy_connection.h"
#include "engine/copies/copy_table.h"

namespace sumac::engine {

struct StoredIndexes {
  std::set<duckdb::block_id_t> blocks;
  std::vector<std::string> columns;
};

// Those of `table` as the file has them. Call when the file has been opened and nothing was read.
StoredIndexes StoredIndexesOf(CopyConnection& connection, const CopyPlace& place,
                              const std::string& table);

// Reads all of them, which checks the sums of their blocks. Error kDataCorrupt.
Status CheckStoredIndexes(CopyConnection& connection, const CopyPlace& place,
                          const std::string& table, const StoredIndexes& indexes);

}  // namespace sumac::engine
