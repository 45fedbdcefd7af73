// What a scan does about a request that brought no page. Pure.
#pragma once

#include <chrono>

#include "base/error.h"
#include "dynamodb/scan_segments.h"
#include "net/retry_policy.h"

namespace sumac::dynamodb {

// Requests for one page, throttled ones not counted.
inline constexpr int kPageAttemptsMax = 12;

struct ScanRetry {
  enum class Kind {
    kGiveUp,       // the scan fails
    kDelay,        // the page is asked for again after `delay`; the other segments go on
    kWaitForTurn,  // again as soon as the table's rate, which is lower now, has room for it
  };
  Kind kind = Kind::kGiveUp;
  std::chrono::milliseconds delay{0};
};

// Counts the failure in `segment`, which it must have met last. `policy` is that of failures that
// are no throttles; `unit_random`, in [0, 1), spreads the delays.
ScanRetry DecideOnRetry(const Error& error, const net::RetryPolicy& policy, double unit_random,
                        ScanSegment& segment);

// How long the keys that a BatchGetItem did not come to have to wait; longer each time in a row.
std::chrono::milliseconds DelayOfUnprocessed(double unit_random, ScanSegment& segment);

}  // namespace sumac::dynamodb
