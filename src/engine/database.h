// The embedded engine: DuckDB with the read-only catalog `spice`, in which each dataset is a table of
// the schema `public`.
#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "engine/session.h"

namespace sumac::engine {

class TableSource;

struct DatabaseOptions {
  // 0 takes the number of cores.
  int threads = 0;
  // DuckDB notation ("4GB"); empty takes DuckDB's default, 80 % of the machine.
  std::string memory_limit;
  // For SQL that comes from a network: no files, no network, no ATTACH, COPY, INSTALL, SET; SELECT
  // and what describes only.
  bool shut_in = false;
};

// Thread-safe.
class Database {
 public:
  static Result<std::unique_ptr<Database>> Open(DatabaseOptions options);
  ~Database();

  // Makes or replaces the table `name` (a plain name for the schema `public`, or `schema.name`).
  // Queries under way keep what they were bound to.
  Status RegisterTable(const std::string& name, std::shared_ptr<TableSource> source);

  // Makes `name` known but unusable: a query that names it fails with `reason`.
  Status RegisterFailedTable(const std::string& name, Error reason);

  std::unique_ptr<Session> Connect();

 private:
  class State;
  explicit Database(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace sumac::engine
