// The table of a copy, and what its scan needs to know. Internal to engine/.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/copies/copy_store.h"
#include "engine/scan/copied_scan.h"

namespace sumac::engine {

// Where copies in memory are.
inline constexpr char kCopiesCatalog[] = "memory";
inline constexpr char kCopiesSchema[] = "accelerated";

// Where the tables of a store are.
struct CopyPlace {
  // Both are plain names.
  std::string catalog;
  std::string schema;
  // Of the file; empty for memory.
  std::string path;
  // Of those who read them, in a file; null in memory, where nothing is checkpointed.
  std::shared_ptr<ReaderGate> gate = nullptr;

  // For messages.
  std::string Description() const { return path.empty() ? "memory" : "'" + path + "'"; }
  // Quoted.
  std::string TableName(const std::string& table) const;
};

struct CopyTable {
  // Counts as used while somebody holds it.
  std::shared_ptr<const std::string> name;
  // Those of the dataset.
  std::vector<ResultColumn> columns;
  // Null for a copy of something that has none.
  std::shared_ptr<const CopiedVirtualColumns> virtual_columns;
};

// The copy of `facts` that is in `table` now.
Copy CopyOf(const CopyPlace& place, CopyFacts facts, std::shared_ptr<const CopyTable> table);

}  // namespace sumac::engine
