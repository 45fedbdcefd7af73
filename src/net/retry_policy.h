// When to try again, as a value. Constants: AWS SDK retry behaviour, "standard" mode, with
// DynamoDB's shorter base delay; a scan waits longer for throttles than an SDK does, because giving
// up loses the whole read.
#pragma once

#include <cstdint>

#include "base/error.h"

namespace sumac::net {

struct RetryPolicy {
  // First back-off after a transient failure (5xx, timeout, cut connection, bad checksum).
  int transient_base_ms = 25;
  // First back-off after a throttle.
  int throttle_base_ms = 100;
  int backoff_max_ms = 20'000;
  // Attempts in all for transient failures, the first included. Throttles are bounded by the call's
  // deadline only.
  int transient_attempts_max = 8;

  // The wait before retry number `retry` (0 is the first), with full jitter: unit_random * min(base
  // * 2^retry, backoff_max_ms). `unit_random` is in [0, 1). Pure.
  int BackoffMs(const Error& error, int retry, double unit_random) const;

  // Whether a call that has failed `attempts` times, last with `error`, may be tried again. Pure.
  bool ShouldRetry(const Error& error, int attempts) const;
};

}  // namespace sumac::net
