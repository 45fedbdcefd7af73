// The embedded engine: DuckDB with the read-only catalog `spice`, in which each dataset is a table
// and each view a view, of the schema `public` unless its name says another.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "engine/copies/copy_store.h"
#include "engine/file_table.h"
#include "engine/session.h"
#include "engine/table_source.h"
#include "engine/timers.h"

namespace sumac::engine {

struct DatabaseOptions {
  // 0 takes the number of cores.
  int threads = 0;
  // DuckDB notation ("4GB"); empty takes DuckDB's default, 80 % of the machine.
  std::string memory_limit;
  // For what does not fit into memory: a folder, which is made when it is needed. Empty takes
  // DuckDB's default, .tmp in the current folder.
  std::string temporary_directory;
  // For SQL that comes from a network: no files, no network, no ATTACH, COPY, INSTALL, SET; SELECT
  // and what describes only.
  bool shut_in = false;
  // Needed for deadlines of queries alone.
  Timers timers;
};

// A name for a query.
struct ViewDefinition {
  std::string name;  // "active_users" or "schema.active_users"
  // One query: SELECT, WITH, VALUES, a set operation. A name in it without a schema is one of
  // spice.public.
  std::string sql;
  std::string description;
};

// A value for each column of a table, of the column's type or NULL.
using TableRow = duckdb::vector<duckdb::Value>;
// The rows that a table has now. Called by threads that run queries, several at a time.
using RowsCallback = std::function<std::vector<TableRow>()>;

// The schema of tables about the process itself. Answers over them are never Repeatable.
inline constexpr char kRuntimeSchema[] = "runtime";

// Thread-safe. Must outlive its Sessions.
class Database {
 public:
  // Errors: kInvalidArgument (an option that DuckDB refuses), kInternal.
  static Result<std::unique_ptr<Database>> Open(DatabaseOptions options);
  ~Database();

  // Makes or replaces the table `name`: a plain name stands in the schema `public`, `schema.name`
  // in that schema. Queries under way keep what they were bound to.
  Status RegisterTable(const std::string& name, std::shared_ptr<TableSource> source);

  // Makes or replaces the table `name` of a few rows that are asked for anew by each query, when it
  // begins to read them. `rows` must work until the last Session is gone. REQUIRES: the name and
  // the columns can be those of a table.
  void RegisterRowTable(const std::string& name, std::vector<ResultColumn> columns,
                        RowsCallback rows);

  // Makes `name` known but unusable: a query that names it fails with `reason`.
  void RegisterFailedTable(const std::string& name, Error reason);

  // Makes `name` unknown, table or view; does nothing when it is. Queries under way keep what they
  // were bound to, and views over it fail.
  void RemoveTable(const std::string& name);

  // Makes the views, which replace those of a call before (whose names stay until
  // RemoveTable). They may use tables and one another, in any order, and follow a table that is
  // registered again with other columns. Returns, for each, whether it is usable: kInvalidArgument
  // (SQL that is wrong or is not one query, a view that is made of itself), or the reason of a
  // failed table that it uses. Every message names the view, and is what a query on it fails with.
  std::vector<Status> RegisterViews(const std::vector<ViewDefinition>& views);

  // The copies that are kept in memory. The store must go before this does, and so must its copies.
  std::shared_ptr<CopyStore> MemoryCopies();

  // Those that are kept in the file `path`, which is made if it is not there. The same store for
  // the same path, given as absolute; it must go before this does, and so must its copies. Blocks.
  // Errors, which name the file: kInvalidArgument (no DuckDB database), kDataCorrupt, kUnsupported
  // (a database of others), kUnavailable (another process has it), kPermissionDenied,
  // kResourceExhausted.
  Result<std::shared_ptr<CopyStore>> FileCopies(const std::string& path);

  // Files of this machine as a source, which every query looks at anew; also when the database is
  // shut in, and then only these files and only through the source. The source must go before this
  // does. Blocks. Errors: kNotFound, kInvalidArgument (broken files), kResourceExhausted; they do
  // not name the dataset.
  Result<std::shared_ptr<TableSource>> OpenFiles(FileTable table);

  // A table of a DuckDB database file, which is opened once however many of its tables are asked
  // for, for reading; no other process can write to it until all their sources are gone. `path` is
  // absolute, `table` is "table" or "schema.table". Otherwise as OpenFiles. Errors: kNotFound (no
  // such file, no such table), kUnavailable (another process writes to it), kInvalidArgument (no
  // DuckDB database), kUnsupported (a view, a table with generated columns).
  Result<std::shared_ptr<TableSource>> OpenDuckDbTable(const std::string& path,
                                                       const std::string& table);

  std::unique_ptr<Session> Connect();

 private:
  class State;
  explicit Database(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace sumac::engine
