// The table in a file that says which copies it holds. Internal to engine/.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "engine/copies/copy_connection.h"
#include "engine/copies/copy_store.h"
#include "engine/scan/copied_scan.h"

namespace sumac::engine {

// The schema of a file in which Sumac keeps all that is its own.
inline constexpr char kCopyFileSchema[] = "sumac";

struct ManifestEntry {
  CopyFacts facts;
  std::string table_name;
  // Null for a copy that has none.
  std::shared_ptr<const CopiedVirtualColumns> virtual_columns;
};

// `catalog` is the quoted name of the attached file in all of these.

// Makes it, if it is not there.
Status MakeManifest(CopyConnection& connection, const std::string& catalog);

// Errors: kUnsupported (it was written by a newer version), kInvalidArgument (it is something else,
// or not there), kDataCorrupt.
Result<std::vector<ManifestEntry>> ReadManifest(CopyConnection& connection,
                                                const std::string& catalog);

// Replaces the entry of the dataset, inside the transaction of the caller.
Status WriteManifest(CopyConnection& connection, const std::string& catalog,
                     const ManifestEntry& entry);

}  // namespace sumac::engine
