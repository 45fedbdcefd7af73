// DuckDB's database files as sources of tables. Each is opened once, for reading, and under no
// name: its tables are reached through the datasets that are made of them, and no SQL can name the
// others. Internal to engine/.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include <duckdb.hpp>

#include "base/result.h"
#include "engine/readable_files.h"
#include "engine/table_source.h"

namespace sumac::engine {

// Thread-safe. The sources must go before `database` does.
class AttachedDatabases {
 public:
  AttachedDatabases(duckdb::DuckDB& database, std::shared_ptr<ReadableFiles> files);

  // `path` is absolute; `table` is "table" or "schema.table", quoted as in SQL where it needs to
  // be. Errors as Database::OpenDuckDbTable.
  Result<std::shared_ptr<TableSource>> Open(const std::string& path, const std::string& table);

 private:
  Result<duckdb::shared_ptr<duckdb::AttachedDatabase>> Attach(const std::string& path);

  duckdb::DuckDB& database_;
  const std::shared_ptr<ReadableFiles> files_;
  std::mutex mutex_;
  // By device and file number; those that some source still uses. A file that has taken the place
  // of one that is open is another.
  std::map<std::pair<uint64_t, uint64_t>, duckdb::weak_ptr<duckdb::AttachedDatabase>>
      attached_;       // guarded by mutex_
  uint64_t made_ = 0;  // guarded by mutex_
};

}  // namespace sumac::engine
