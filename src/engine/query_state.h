// What Sumac knows of the query under way on one connection, beside what DuckDB does: the error of
// a scan with its code, the values that did not fit their column, how far its scans are, and when
// it is to have ended.
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include <duckdb.hpp>
#include <duckdb/main/client_context_state.hpp>

#include "base/error.h"
#include "engine/dataset_losses.h"
#include "engine/query_deadline.h"
#include "engine/query_scans.h"
#include "engine/request_log.h"

namespace sumac::engine {

// Thread-safe: the workers of a query write to it.
class QueryState final : public duckdb::ClientContextState {
 public:
  // The state of this connection; made on first use.
  static QueryState& Of(duckdb::ClientContext& context);
  // The same, for those that may outlive the connection.
  static duckdb::shared_ptr<QueryState> Shared(duckdb::ClientContext& context);

  // Begins with a text of one or several statements, which have a deadline together or none.
  void Begin(duckdb::ClientContext& context, const Timers& timers,
             const std::optional<QueryDeadline>& deadline);
  // Nothing is interrupted any more.
  void End();

  // Of a session that others may use; set when it is made.
  void set_shut_in(bool shut_in) { shut_in_ = shut_in; }
  bool shut_in() const { return shut_in_; }

  QueryScans& scans() { return scans_; }
  const QueryScans& scans() const { return scans_; }
  // Scans that outlive the query go on writing to it.
  const std::shared_ptr<RequestLog>& requests() const { return requests_; }
  const DeadlineWatch& deadline_watch() const { return *deadline_watch_; }

  // Keeps the first error of a query; DuckDB's exceptions carry only its text.
  void RecordError(const Error& error);
  std::optional<Error> TakeError();

  // Part of what is known of the statement that is planned: `repeatable` when it has the same
  // answer over the same data. One part that has not makes the whole text one that has not.
  void NotePlan(bool repeatable);
  // True when the text was planned, and every part of it is.
  bool Repeatable() const;

  // Adds what the query met of a dataset.
  void AddLosses(const std::string& dataset, const DatasetLosses& losses);
  // By dataset.
  std::map<std::string, DatasetLosses> Losses() const;
  std::vector<std::string> Warnings() const;

  // Keeps `lease`, which is one of `of`, until the query has ended and read its last.
  void Hold(const void* of, std::shared_ptr<void> lease);
  bool Holds(const void* of) const;

  void QueryBegin(duckdb::ClientContext& context) override;
  void QueryEnd(duckdb::ClientContext& context) override;

 private:
  std::atomic<bool> shut_in_ = false;
  mutable std::mutex mutex_;
  std::optional<Error> error_;
  std::optional<bool> repeatable_;
  std::map<std::string, DatasetLosses> losses_;  // by dataset
  std::multimap<const void*, std::shared_ptr<void>> leases_;
  QueryScans scans_;
  const std::shared_ptr<RequestLog> requests_ = std::make_shared<RequestLog>();
  const std::shared_ptr<DeadlineWatch> deadline_watch_ = std::make_shared<DeadlineWatch>();
};

// Records `error` and throws it as the DuckDB exception that fits it.
[[noreturn]] void ThrowIntoDuckDb(duckdb::ClientContext& context, const Error& error);

// A message of DuckDB as one line, without the part of the query that it shows. Those of readers of
// files are for ReadReaderMessage.
std::string OneLine(const std::string& message);

// The Error of a DuckDB failure: that the time was up, if that is why; the recorded one if a scan
// failed; else by the kind of exception. The message is one line.
Error ErrorFromDuckDb(duckdb::ClientContext& context, duckdb::ErrorData& data);

}  // namespace sumac::engine
