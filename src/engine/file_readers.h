// DuckDB's readers of files, bound to the files of a dataset. Internal to engine/.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include <duckdb.hpp>

#include "engine/file_table.h"
#include "engine/session.h"

namespace sumac::engine {

// The functions as they are in the catalog before a database is shut in, which removes them there.
struct FileReaders {
  duckdb::TableFunction parquet;
  duckdb::TableFunction csv;
  duckdb::TableFunction json;
};

// Throws DuckDB's exceptions.
FileReaders FindFileReaders(duckdb::Connection& connection);

// What a scan of the files is made of.
struct BoundFiles {
  duckdb::TableFunction function;
  duckdb::unique_ptr<duckdb::FunctionData> bind_data;
  std::vector<ResultColumn> columns;
};

// The types that a first look at the files has found and that do not change with the files: of
// columns of CSV, and of columns that are folders.
struct PinnedTypes {
  std::map<std::string, duckdb::LogicalType> csv;
  std::map<std::string, duckdb::LogicalType> folders;
};

// Looks at the files, which must be readable ones (readable_files.h). Called inside a transaction
// of `context`. Throws DuckDB's exceptions.
BoundFiles BindFiles(duckdb::ClientContext& context, const FileReaders& readers,
                     const FileTable& table, const std::vector<std::string>& paths,
                     const PinnedTypes& pinned);

PinnedTypes PinTypes(const FileTable& table, const BoundFiles& bound);

// Whether the reader had to guess what a time in CSV means.
bool GuessesTimes(const FileTable& table, const BoundFiles& bound);

}  // namespace sumac::engine
