// A connection for Sumac's own statements on copies. Internal to engine/.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <duckdb.hpp>

#include "base/result.h"
#include "engine/reader_gate.h"
#include "engine/session.h"

namespace sumac::engine {

// Why a file cannot grow, when that is what DuckDB's message says; else empty.
std::string NoRoomReason(const std::string& message);

// Not thread-safe. A transaction that was begun and not committed is rolled back at the end.
class CopyConnection {
 public:
  // `place` is where the copies are ("the memory", a path), for messages. Its statements enter
  // `gate`, if there is one, and have left it when they return.
  CopyConnection(duckdb::DuckDB& database, std::string place,
                 std::shared_ptr<ReaderGate> gate = nullptr);
  ~CopyConnection();
  CopyConnection(const CopyConnection&) = delete;
  CopyConnection& operator=(const CopyConnection&) = delete;

  struct Watch {
    std::function<void()> between;
    const std::atomic<bool>* cancelled = nullptr;
  };
  void set_watch(Watch watch) { watch_ = std::move(watch); }

  // Runs one statement to its end. Errors: see CopyStore.
  Status Run(const std::string& sql);
  // The rows of a short result.
  Result<std::vector<std::vector<duckdb::Value>>> Rows(const std::string& sql);
  // The first value of a result, which must have one.
  Result<duckdb::Value> Value(const std::string& sql);
  // Runs a statement with $1, $2, ....
  Status Run(const std::string& sql, duckdb::vector<duckdb::Value> values);
  Result<std::vector<ResultColumn>> Columns(const std::string& table);

  Status Begin();
  Status Commit();

  // Writes what is in the log of `catalog` to its blocks, outside a transaction. Not as the
  // statement CHECKPOINT: DuckDB takes one that fails for the end of the whole engine. Error
  // kUnavailable: others write now, the next one will do it.
  Status Checkpoint(const std::string& catalog);
  duckdb::ClientContext& context() { return *connection_.context; }

 private:
  Error ErrorOf(duckdb::ErrorData& data);
  Result<duckdb::unique_ptr<duckdb::QueryResult>> Execute(const std::string& sql);

  duckdb::Connection connection_;
  const std::string place_;
  const std::shared_ptr<ReaderGate> gate_;
  Watch watch_;
};

}  // namespace sumac::engine
