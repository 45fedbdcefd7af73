// Runs a query's tasks on the thread that wants its result. Internal to engine/.
//
// DuckDB's own loops ask again at once when other threads have all the tasks there are. A scan's
// task waits for the network, so they would take a core for nothing.
#pragma once

#include <chrono>
#include <functional>
#include <optional>

#include <duckdb/main/pending_query_result.hpp>
#include <duckdb/main/stream_query_result.hpp>

namespace sumac::engine {

// How long a thread with nothing to do waits before it looks again: at first not at all, then a
// sixteenth of what it has waited so far. So what it waits for is noticed little later than it
// happens, and long waits cost few looks.
class IdlePause {
 public:
  // Waits. Until OnTask() it counts as one wait.
  void Wait();
  void OnTask() { since_.reset(); }
  // Does the one or the other by how long the thread was busy: of a task, or of looking for one.
  void After(std::chrono::steady_clock::duration busy);

  static std::chrono::microseconds PauseAfter(std::chrono::microseconds waited);

 private:
  std::optional<std::chrono::steady_clock::time_point> since_;
};

// Returns once Execute() has nothing to wait for, or `pending` has an error, and may not be
// executed any more. `between` is called between any two tasks.
void RunToResult(duckdb::PendingQueryResult& pending, const std::function<void()>& between = {});

// Returns once Fetch() has nothing to wait for. Throws what DuckDB throws.
void RunToChunk(duckdb::StreamQueryResult& result);

}  // namespace sumac::engine
