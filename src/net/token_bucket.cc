#include "net/token_bucket.h"

#include <algorithm>
#include <cmath>

namespace sumac::net {
namespace {

// A rate that is almost nothing must not make a wait that does not fit its type.
constexpr double kWaitMaxMs = 3'600'000;

}  // namespace

TokenBucket::TokenBucket(double per_second, double burst, MonotonicTime now)
    : per_second_(per_second), burst_(burst), filled_at_(now) {}

void TokenBucket::SetRate(double per_second, double burst, MonotonicTime now) {
  Balance(now);
  per_second_ = per_second;
  burst_ = burst;
  balance_ = std::min(balance_, burst_);
}

void TokenBucket::Take(double amount, MonotonicTime now) {
  balance_ = std::min(Balance(now) - amount, burst_);
}

double TokenBucket::Balance(MonotonicTime now) {
  const std::chrono::duration<double> passed = now - filled_at_;
  balance_ = std::min(balance_ + per_second_ * std::max(passed.count(), 0.0), burst_);
  filled_at_ = std::max(filled_at_, now);
  return balance_;
}

std::chrono::milliseconds TokenBucket::UntilPositive(MonotonicTime now) {
  const double balance = Balance(now);
  if (balance > 0) return std::chrono::milliseconds(0);
  // One more than it takes to reach 0, so that it is passed.
  const double wait_ms = std::floor(-balance / per_second_ * 1'000) + 1;
  return std::chrono::milliseconds(static_cast<int64_t>(std::min(wait_ms, kWaitMaxMs)));
}

}  // namespace sumac::net
