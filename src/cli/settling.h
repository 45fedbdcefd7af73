// When something that changes in several steps is taken to be done: once it was quiet for a while,
// or goes on for too long. Pure: the time is an argument.
#pragma once

#include <algorithm>
#include <chrono>
#include <optional>

#include "base/clock.h"

namespace sumac::cli {

class Settling {
 public:
  Settling(std::chrono::milliseconds quiet, std::chrono::milliseconds at_most)
      : quiet_(quiet), at_most_(at_most) {}

  // A step of it was seen.
  void Touch(MonotonicTime now) {
    if (!begun_) begun_ = now;
    due_ = std::min(now + quiet_, *begun_ + at_most_);
  }
  // When it is done if nothing else is seen; nothing when there is nothing.
  std::optional<MonotonicTime> due() const { return due_; }
  // Whether it is done, and begins anew then.
  bool TakeDone(MonotonicTime now) {
    if (!due_ || now < *due_) return false;
    due_.reset();
    begun_.reset();
    return true;
  }

 private:
  const std::chrono::milliseconds quiet_;
  const std::chrono::milliseconds at_most_;
  std::optional<MonotonicTime> begun_;
  std::optional<MonotonicTime> due_;
};

}  // namespace sumac::cli
