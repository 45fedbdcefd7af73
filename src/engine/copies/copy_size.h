// How large copies are, and whether there is room for what they do to the disk. Internal to
// engine/.
#pragma once

#include <cstdint>
#include <string>

#include "engine/copies/copy_connection.h"
#include "engine/copies/copy_table.h"

namespace sumac::engine {

// Of the blocks that the table has in a file; of a table in memory, what its values take by those
// of the first rows. 0 when it cannot be told.
uint64_t BytesOfCopy(CopyConnection& connection, const CopyPlace& place, const CopyTable& table);

// The rows that the table holds, with those that were deleted and still take room. 0 when it cannot
// be told.
uint64_t RowsHeld(CopyConnection& connection, const CopyPlace& place, const CopyTable& table);

// Whether a checkpoint of the file cannot fail for want of room. DuckDB takes a checkpoint that
// fails for the end of the whole engine, so it is not begun when it might.
bool HasRoomToCheckpoint(const std::string& path);

}  // namespace sumac::engine
