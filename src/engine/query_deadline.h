// The time that a query may take, kept. Internal to engine/.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>

#include <duckdb.hpp>

#include "base/clock.h"
#include "base/error.h"
#include "engine/session.h"
#include "engine/timers.h"

namespace sumac::engine {

// "the query did not end within 30s; ...": what was read until then, and what to do.
Error TimeIsUpError(const QueryDeadline& deadline, const QueryProgress& progress);

// Interrupts a connection's query when its time is up. Thread-safe.
class DeadlineWatch : public std::enable_shared_from_this<DeadlineWatch> {
 public:
  // Watches from now on, until Stop or the next Start; `context` must live until then. Without a
  // transport nothing is interrupted, and Passed alone tells.
  void Start(duckdb::ClientContext& context, const Timers& timers, const QueryDeadline& deadline);
  // When it returns, nothing is interrupted any more.
  void Stop();

  // The one that is watched.
  std::optional<QueryDeadline> deadline() const;
  bool Passed() const;
  // Whether it was this that interrupted the query.
  bool HasInterrupted() const;

 private:
  void OnTimer(uint64_t number);

  mutable std::mutex mutex_;
  // All below is guarded.
  uint64_t number_ = 0;                       // of the timer that counts
  duckdb::ClientContext* context_ = nullptr;  // null when nothing is watched
  Timers timers_;
  net::OperationId timer_ = 0;
  std::optional<QueryDeadline> deadline_;
  bool interrupted_ = false;
};

}  // namespace sumac::engine
