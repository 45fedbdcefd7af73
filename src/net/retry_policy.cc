#include "net/retry_policy.h"

#include <algorithm>

namespace sumac::net {

int RetryPolicy::BackoffMs(const Error& error, int retry, double unit_random) const {
  const int base = error.code == ErrorCode::kThrottled ? throttle_base_ms : transient_base_ms;
  // Doubling stops before it can overflow; the maximum is reached long before.
  const double doubled =
      static_cast<double>(base) * static_cast<double>(1ULL << std::min(retry, 30));
  return static_cast<int>(unit_random * std::min(doubled, static_cast<double>(backoff_max_ms)));
}

bool RetryPolicy::ShouldRetry(const Error& error, int attempts) const {
  if (!error.retryable) return false;
  return error.code == ErrorCode::kThrottled || attempts < transient_attempts_max;
}

}  // namespace sumac::net
