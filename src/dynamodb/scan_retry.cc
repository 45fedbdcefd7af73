#include "dynamodb/scan_retry.h"

#include "dynamodb/service_error.h"

namespace sumac::dynamodb {
namespace {

// A partition is throttled by the second, so a segment that waits much longer only loses time.
constexpr net::RetryPolicy kKeyRangeRetry = {.throttle_base_ms = 50, .backoff_max_ms = 1'000};

}  // namespace

ScanRetry DecideOnRetry(const Error& error, const net::RetryPolicy& policy, double unit_random,
                        ScanSegment& segment) {
  using Kind = ScanRetry::Kind;
  if (!error.retryable) return {Kind::kGiveUp, {}};
  if (error.code == ErrorCode::kThrottled) {
    if (ScopeOfThrottle(error) == ThrottleScope::kTable) return {Kind::kWaitForTurn, {}};
    const int retry = segment.throttles++;
    return {Kind::kDelay,
            std::chrono::milliseconds(kKeyRangeRetry.BackoffMs(error, retry, unit_random))};
  }
  if (++segment.failures >= kPageAttemptsMax) return {Kind::kGiveUp, {}};
  return {Kind::kDelay,
          std::chrono::milliseconds(policy.BackoffMs(error, segment.failures - 1, unit_random))};
}

std::chrono::milliseconds DelayOfUnprocessed(double unit_random, ScanSegment& segment) {
  Error error;
  error.code = ErrorCode::kThrottled;
  error.retryable = true;
  return std::chrono::milliseconds(
      kKeyRangeRetry.BackoffMs(error, segment.throttles++, unit_random));
}

}  // namespace sumac::dynamodb
