// Who reads the tables of a place while they are checkpointed. DuckDB's checkpoint waits for those
// who read a table, without an end, at full speed and past every interrupt, and those who come
// meanwhile wait for it: one client that takes its result slowly would hold up all others. So a
// checkpoint is begun only when nobody reads, and who comes meanwhile waits for its end. Internal
// to engine/.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>

#include <duckdb.hpp>

#include "base/error.h"

namespace sumac::engine {

// Thread-safe. Queries that have entered keep it.
class ReaderGate : public std::enable_shared_from_this<ReaderGate> {
 public:
  using Time = std::chrono::steady_clock::time_point;

  explicit ReaderGate(std::function<Time()> now = std::chrono::steady_clock::now)
      : now_(std::move(now)) {}

  // Lets the query under way on `context` in, until it ends. Waits while the gate is closed, unless
  // the query is in already: it may scan several tables. Throws InterruptException when the query
  // is interrupted meanwhile, and the error of a gate that is broken.
  void Enter(duckdb::ClientContext& context);

  // Open again when destroyed.
  class Closed {
   public:
    explicit Closed(ReaderGate& gate) : gate_(gate) {}
    ~Closed() { gate_.Open(); }
    Closed(const Closed&) = delete;
    Closed& operator=(const Closed&) = delete;

   private:
    ReaderGate& gate_;
  };

  // Null when somebody is still in after `patience_ms`, in which nobody else is let in; at once
  // when somebody has been in for long, or when that was waited for in vain a moment ago: nobody is
  // to wait for one who is slow. Null, too, when it is closed already.
  std::unique_ptr<Closed> TryClose(std::chrono::milliseconds patience_ms);

  // What is behind it is not to be read any more.
  void Break(Error why);

 private:
  class Lease;

  void Open();
  void Leave(std::multiset<Time>::iterator reader);

  const std::function<Time()> now_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool closed_ = false;          // guarded by mutex_
  std::multiset<Time> readers_;  // guarded by mutex_; when they came
  Time wait_not_before_;         // guarded by mutex_
  std::optional<Error> broken_;  // guarded by mutex_
};

}  // namespace sumac::engine
