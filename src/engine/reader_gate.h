// Who reads the tables of a place while they are checkpointed. DuckDB's checkpoint waits for those
// who read a table, without an end, at full speed and past every interrupt, and those who come
// meanwhile wait for it: one client that takes its result slowly would hold up all others. So a
// checkpoint is begun only when nobody reads, and who comes meanwhile waits for its end. Internal
// to engine/.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>

#include <duckdb.hpp>

namespace sumac::engine {

// Thread-safe. Queries that have entered keep it.
class ReaderGate : public std::enable_shared_from_this<ReaderGate> {
 public:
  // Lets the query under way on `context` in, until it ends. Waits while the gate is closed, unless
  // the query is in already: it may scan several tables. Throws InterruptException when the query
  // is interrupted meanwhile.
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

  // Null when somebody is still in after `patience_ms`, in which nobody else is let in, or when it
  // is closed already.
  std::unique_ptr<Closed> TryClose(std::chrono::milliseconds patience_ms);

 private:
  class Lease;

  void Open();
  void Leave();

  std::mutex mutex_;
  std::condition_variable changed_;
  bool closed_ = false;   // guarded by mutex_
  uint64_t readers_ = 0;  // guarded by mutex_
};

}  // namespace sumac::engine
