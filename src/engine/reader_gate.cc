#include "engine/reader_gate.h"

#include <utility>

#include "engine/query_state.h"

namespace sumac::engine {

class ReaderGate::Lease {
 public:
  Lease(std::shared_ptr<ReaderGate> gate, std::multiset<Time>::iterator reader)
      : gate_(std::move(gate)), reader_(reader) {}
  ~Lease() { gate_->Leave(reader_); }
  Lease(const Lease&) = delete;
  Lease& operator=(const Lease&) = delete;

 private:
  const std::shared_ptr<ReaderGate> gate_;
  const std::multiset<Time>::iterator reader_;
};

void ReaderGate::Enter(duckdb::ClientContext& context) {
  auto& query = QueryState::Of(context);
  if (query.Holds(this)) return;
  std::multiset<Time>::iterator reader;
  {
    // Nobody wakes those whose query is interrupted.
    constexpr std::chrono::milliseconds kLookForInterrupt(20);
    std::unique_lock lock(mutex_);
    while (closed_) {
      changed_.wait_for(lock, kLookForInterrupt);
      if (context.interrupted) throw duckdb::InterruptException();
    }
    if (broken_) {
      const Error why = *broken_;
      lock.unlock();
      ThrowIntoDuckDb(context, why);
    }
    reader = readers_.insert(now_());
  }
  query.Hold(this, std::make_shared<Lease>(shared_from_this(), reader));
}

void ReaderGate::Leave(std::multiset<Time>::iterator reader) {
  std::lock_guard lock(mutex_);
  readers_.erase(reader);
  changed_.notify_all();
}

void ReaderGate::Open() {
  std::lock_guard lock(mutex_);
  closed_ = false;
  changed_.notify_all();
}

void ReaderGate::Break(Error why) {
  std::lock_guard lock(mutex_);
  if (!broken_) broken_ = std::move(why);
}

std::unique_ptr<ReaderGate::Closed> ReaderGate::TryClose(std::chrono::milliseconds patience_ms) {
  constexpr std::chrono::seconds kSlow(1);
  constexpr std::chrono::seconds kWaitAgainAfter(5);
  std::unique_lock lock(mutex_);
  if (closed_) return nullptr;
  const auto now = now_();
  const bool somebody = !readers_.empty();
  if (somebody && (now < wait_not_before_ || now - *readers_.begin() > kSlow)) return nullptr;
  closed_ = true;
  if (!changed_.wait_for(lock, patience_ms, [this] { return readers_.empty(); })) {
    wait_not_before_ = now + kWaitAgainAfter;
    closed_ = false;
    changed_.notify_all();
    return nullptr;
  }
  return std::make_unique<Closed>(*this);
}

}  // namespace sumac::engine
