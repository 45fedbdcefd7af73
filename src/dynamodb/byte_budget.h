// Bytes that several scans together may hold of pages that nobody has taken yet.
#pragma once

#include <cstdint>
#include <mutex>

namespace sumac::dynamodb {

// Thread-safe.
class ByteBudget {
 public:
  explicit ByteBudget(uint64_t bytes_max) : bytes_max_(bytes_max) {}

  // Takes `bytes` when there are as many left.
  bool TryTake(uint64_t bytes) {
    std::lock_guard lock(mutex_);
    if (taken_ + bytes > bytes_max_) return false;
    taken_ += bytes;
    return true;
  }

  // Takes `bytes` in any case: what is there already, and the one page that each scan may have.
  void Take(uint64_t bytes) {
    std::lock_guard lock(mutex_);
    taken_ += bytes;
  }

  // REQUIRES: they were taken.
  void GiveBack(uint64_t bytes) {
    std::lock_guard lock(mutex_);
    taken_ -= bytes;
  }

  uint64_t taken() const {
    std::lock_guard lock(mutex_);
    return taken_;
  }

 private:
  const uint64_t bytes_max_;
  mutable std::mutex mutex_;
  uint64_t taken_ = 0;
};

}  // namespace sumac::dynamodb
