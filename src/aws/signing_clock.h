// The time that requests are signed with: ours, corrected when a service shows that ours is wrong.
#pragma once

#include <atomic>
#include <memory>
#include <string_view>

#include "base/clock.h"

namespace sumac::aws {

// Thread-safe. One for the process: a machine has one clock, so what one service shows helps all.
class SigningClock final : public Clock {
 public:
  explicit SigningClock(std::shared_ptr<Clock> clock) : clock_(std::move(clock)) {}

  WallTime WallNow() const override {
    return clock_->WallNow() + std::chrono::seconds(offset_seconds_.load());
  }
  MonotonicTime MonotonicNow() const override { return clock_->MonotonicNow(); }

  // Takes the Date header of an answer that refused what was signed at `signed_at`. Returns true
  // when the two differ by more than a minute: then WallNow is right by now, perhaps because
  // another request has corrected it, and the request is worth another try.
  bool Correct(std::string_view date_header, WallTime signed_at);

 private:
  const std::shared_ptr<Clock> clock_;
  std::atomic<int64_t> offset_seconds_ = 0;
};

// Whether a service's error name says that the signature's time may be the reason.
bool MayBeClockSkew(std::string_view service_code);

}  // namespace sumac::aws
