// Files on this machine as one table, which DuckDB's own readers read.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "engine/file_set.h"

namespace sumac::engine {

enum class FileFormat { kParquet, kCsv, kJson, kJsonLines };

// What is fixed for a dataset when it is loaded. Times in CSV are those of ISO 8601: other strings
// stay strings, because 01/02/2024 may be either day.
struct FileTable {
  std::string dataset_name;  // for messages
  FileSet files;
  FileFormat format = FileFormat::kParquet;
  // What separates and surrounds values of CSV, one character each; a quote may be none.
  bool csv_has_header = true;
  std::string csv_delimiter = ",";
  std::string csv_quote = "\"";
  std::string csv_escape = "\"";
  // Rows of CSV or JSON whose values choose the columns; absent: DuckDB's number.
  std::optional<int64_t> sampled_rows;  // -1 means all
  // Folders named `key=value` are columns.
  bool hive_partitioning = false;
};

}  // namespace sumac::engine
