// The only files that a database which is shut in can read: those of its datasets. They go by paths
// of their own, "dataset:/NAME/folder/file", which DuckDB's check of paths lets through as a whole,
// and behind which this opens what a dataset has named, for reading. NAME is there for messages; it
// is the dataset's in hexadecimal, or "-". Internal to engine/.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include <duckdb.hpp>

namespace sumac::engine {

inline constexpr char kReadableScheme[] = "dataset:/";

// Thread-safe. Only grows, by a few paths for each dataset.
class ReadableFiles {
 public:
  // Absolute paths.
  void AllowFile(const std::string& path);
  // All that is below it.
  void AllowFolder(const std::string& path);
  bool Allows(const std::string& path) const;

  struct Parts {
    std::string dataset_name;
    std::string_view path;
  };

  // What DuckDB is told for the file of an absolute path. `dataset_name` is empty when several
  // share the file.
  static std::string PathFor(const std::string& path, const std::string& dataset_name);
  // The reverse; also of what only begins with such a path. Nothing for other text.
  static std::optional<Parts> Split(std::string_view path);

 private:
  mutable std::mutex mutex_;
  std::set<std::string> files_;
  std::set<std::string> folders_;  // end with '/'
};

// Makes the paths known to the database. Call before it is shut in; afterwards too they can be
// read, and by nothing but what is handed them.
std::shared_ptr<ReadableFiles> InstallReadableFiles(duckdb::DatabaseInstance& database);

}  // namespace sumac::engine
