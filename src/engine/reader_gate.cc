#include "engine/reader_gate.h"

#include <utility>

#include "engine/query_state.h"

namespace sumac::engine {

class ReaderGate::Lease {
 public:
  explicit Lease(std::shared_ptr<ReaderGate> gate) : gate_(std::move(gate)) {}
  ~Lease() { gate_->Leave(); }
  Lease(const Lease&) = delete;
  Lease& operator=(const Lease&) = delete;

 private:
  const std::shared_ptr<ReaderGate> gate_;
};

void ReaderGate::Enter(duckdb::ClientContext& context) {
  auto& query = QueryState::Of(context);
  if (query.Holds(this)) return;
  {
    // Nobody wakes those whose query is interrupted.
    constexpr std::chrono::milliseconds kLookForInterrupt(20);
    std::unique_lock lock(mutex_);
    while (closed_) {
      changed_.wait_for(lock, kLookForInterrupt);
      if (context.interrupted) throw duckdb::InterruptException();
    }
    ++readers_;
  }
  query.Hold(this, std::make_shared<Lease>(shared_from_this()));
}

void ReaderGate::Leave() {
  std::lock_guard lock(mutex_);
  --readers_;
  changed_.notify_all();
}

void ReaderGate::Open() {
  std::lock_guard lock(mutex_);
  closed_ = false;
  changed_.notify_all();
}

std::unique_ptr<ReaderGate::Closed> ReaderGate::TryClose(std::chrono::milliseconds patience_ms) {
  std::unique_lock lock(mutex_);
  if (closed_) return nullptr;
  closed_ = true;
  if (changed_.wait_for(lock, patience_ms, [this] { return readers_ == 0; })) {
    return std::make_unique<Closed>(*this);
  }
  closed_ = false;
  changed_.notify_all();
  return nullptr;
}

}  // namespace sumac::engine
