// A file table as a source for the table of the catalog `spice`. Internal to engine/.
#pragma once

#include <memory>

#include <duckdb.hpp>

#include "base/result.h"
#include "engine/file_readers.h"
#include "engine/file_table.h"
#include "engine/table_source.h"

namespace sumac::engine {

// Looks at the files, which must be readable ones, to learn their columns. Errors as
// Database::OpenFiles.
Result<std::shared_ptr<TableSource>> MakeFileSource(duckdb::DuckDB& database,
                                                    std::shared_ptr<const FileReaders> readers,
                                                    FileTable table);

}  // namespace sumac::engine
