// The queries of a process, as they run and after they have ended, whichever server took them: what
// is counted, logged and kept of each. spice.runtime.task_history is made of it.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/metrics.h"
#include "base/result.h"
#include "server/observation/request_context.h"

namespace sumac::server {

struct QueryHistoryOptions {
  // Whether ended queries are kept; they are counted and logged in any case.
  bool enabled = true;
  // Whether the beginning of their answers is kept with them.
  bool captures_output = false;
  // Whether the plans of queries are kept that took `min_plan_duration` at least.
  bool captures_plans = false;
  std::chrono::nanoseconds min_plan_duration{0};
  std::chrono::nanoseconds retention_period = std::chrono::hours(8);
  // Shorter ones are not kept.
  std::chrono::nanoseconds min_sql_duration{0};
  // Bounds whatever the period: then the oldest go.
  size_t queries_max = 10'000;
  size_t bytes_max = 32 << 20;
  // Longer ones are logged.
  std::chrono::milliseconds slow_after{10'000};
};

// What a query has read of its sources.
struct QueryCost {
  double consumed_read_units = 0;
  uint64_t read_bytes = 0;
};

// A query that has ended.
struct EndedQuery {
  RequestContext context;
  std::string protocol;  // "http", "flight", "flightsql"
  std::string sql;       // its first 16 KiB
  std::string output;    // its first KiB, when it is captured
  std::string plan;      // its first 16 KiB, when it is captured
  WallTime began_at;
  WallTime ended_at;
  double duration_ms = 0;
  std::optional<uint64_t> rows;  // nothing for an answer from the results cache
  uint64_t bytes = 0;
  QueryCost cost;
  bool cached = false;
  std::string error_code;  // empty without an error
  std::string error_message;
};

class QueryHistory;

// A query that waits or runs. Used by one thread at a time. One that is destroyed before its End
// counts as cancelled.
class RunningQuery {
 public:
  ~RunningQuery();
  RunningQuery(const RunningQuery&) = delete;
  RunningQuery& operator=(const RunningQuery&) = delete;

  // It has waited for its turn, and runs from now on.
  void BeginExecution();

  // A part of the answer; `bytes` are what the client gets, and may be empty where rows are counted
  // before they are written.
  void AddOutput(uint64_t rows, std::string_view bytes);
  // The same for bytes that are no text.
  void AddBinaryOutput(uint64_t rows, uint64_t bytes);

  // Whether its plan is to be kept, if it ends now.
  bool WantsPlan() const;
  void SetPlan(std::string plan);

  // It is over; call before the last of the answer is sent, so that who has it finds the query in
  // the history. Later calls change nothing. `error` is null when it went well.
  void End(const QueryCost& cost, const Error* error);
  // It was answered from the results cache.
  void EndCached(std::string_view body);

  const RequestContext& context() const { return query_.context; }

 private:
  friend class QueryHistory;
  RunningQuery(std::shared_ptr<QueryHistory> history, EndedQuery query, MonotonicTime began)
      : history_(std::move(history)), query_(std::move(query)), began_(began) {}

  std::shared_ptr<QueryHistory> history_;  // null after the end
  EndedQuery query_;
  const MonotonicTime began_;
  std::optional<MonotonicTime> execution_began_;
};

// Thread-safe.
class QueryHistory : public std::enable_shared_from_this<QueryHistory> {
 public:
  // `metrics` may be null; it outlives all queries.
  static std::shared_ptr<QueryHistory> Create(QueryHistoryOptions options,
                                              std::shared_ptr<const Clock> clock, Metrics* metrics);

  // Keeps and counts nothing. `clock` outlives it.
  static std::shared_ptr<QueryHistory> CreateEmpty(const Clock& clock);

  // A query arrives. `protocol` is "http", "flight" or "flightsql".
  std::unique_ptr<RunningQuery> Begin(std::string_view sql, const char* protocol,
                                      RequestContext context);

  // Those that are kept, the oldest first.
  std::deque<EndedQuery> Ended();

 private:
  friend class RunningQuery;
  QueryHistory(QueryHistoryOptions options, std::shared_ptr<const Clock> clock, Metrics* metrics)
      : options_(options), clock_(std::move(clock)), metrics_(metrics) {}

  void Add(EndedQuery query, MonotonicTime began, std::optional<MonotonicTime> execution_began);
  void CountEnd(const EndedQuery& query);
  void LogEnd(const EndedQuery& query) const;
  void CountActive(int change);
  // Called with mutex_ held.
  void RemoveOld();

  const QueryHistoryOptions options_;
  const std::shared_ptr<const Clock> clock_;
  Metrics* const metrics_;
  std::mutex mutex_;
  std::deque<EndedQuery> ended_;  // guarded by mutex_
  size_t bytes_ = 0;              // guarded by mutex_; what ended_ takes
  int64_t active_ = 0;            // guarded by mutex_
};

}  // namespace sumac::server
