// Time as an argument. Code that waits, expires or signs takes a Clock&, so that tests move time by
// hand and never sleep.
#pragma once

#include <chrono>
#include <mutex>

namespace sumac {

using WallTime = std::chrono::system_clock::time_point;
using MonotonicTime = std::chrono::steady_clock::time_point;

// Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  // The date and time of day; may jump when the machine's clock is set.
  virtual WallTime WallNow() const = 0;
  // Never goes back; only differences mean something.
  virtual MonotonicTime MonotonicNow() const = 0;
};

class SystemClock final : public Clock {
 public:
  WallTime WallNow() const override { return std::chrono::system_clock::now(); }
  MonotonicTime MonotonicNow() const override { return std::chrono::steady_clock::now(); }
};

// Stands still until advanced; for tests.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(WallTime start = WallTime{}) : wall_(start) {}

  WallTime WallNow() const override {
    std::lock_guard lock(mutex_);
    return wall_;
  }
  MonotonicTime MonotonicNow() const override {
    std::lock_guard lock(mutex_);
    return monotonic_;
  }
  void Advance(std::chrono::milliseconds by) {
    std::lock_guard lock(mutex_);
    wall_ += by;
    monotonic_ += by;
  }

 private:
  mutable std::mutex mutex_;
  WallTime wall_;
  MonotonicTime monotonic_;
};

}  // namespace sumac
