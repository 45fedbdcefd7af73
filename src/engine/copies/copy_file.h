// A file with copies: found sound, or made, before the engine attaches it. An attached file that
// turns out to be broken would take the whole engine with it. Internal to engine/.
#pragma once

#include <memory>
#include <string>

#include <duckdb.hpp>

#include "base/result.h"
#include "engine/catalog/spice_catalog.h"
#include "engine/copies/copy_store.h"

namespace sumac::engine {

// Makes `path`, which is absolute, and its folder if they are not there. Errors, which name the
// file: kInvalidArgument (a folder, no DuckDB database), kDataCorrupt (cut short, damaged),
// kUnsupported (a database of others, one of a newer version), kUnavailable (another process has
// it), kPermissionDenied, kResourceExhausted (no room).
Status CheckOrMakeCopyFile(const std::string& path);

// Attaches it as `catalog`, a name that is not taken. Errors as above.
Result<std::shared_ptr<CopyStore>> AttachCopyFile(duckdb::DuckDB& database, SpiceSchema& loading,
                                                  const std::string& path,
                                                  const std::string& catalog);

}  // namespace sumac::engine
