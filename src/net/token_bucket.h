// A rate as an account that fills steadily and that may be overdrawn. Time is an argument.
#pragma once

#include <chrono>

#include "base/clock.h"

namespace sumac::net {

// Not thread-safe. Times that are passed in must not go back.
class TokenBucket {
 public:
  // Fills by `per_second` up to `burst`; starts empty. REQUIRES: both are greater than 0.
  TokenBucket(double per_second, double burst, MonotonicTime now);

  // From `now` on. What has been saved is kept, up to the new `burst`.
  void SetRate(double per_second, double burst, MonotonicTime now);

  // Takes `amount` whether it is there or not; a negative one gives it back.
  void Take(double amount, MonotonicTime now);

  // Negative while overdrawn.
  double Balance(MonotonicTime now);

  // How long until the balance is greater than 0, rounded up to a millisecond; 0 when it is.
  std::chrono::milliseconds UntilPositive(MonotonicTime now);

 private:
  double per_second_;
  double burst_;
  double balance_ = 0;
  MonotonicTime filled_at_;
};

}  // namespace sumac::net
