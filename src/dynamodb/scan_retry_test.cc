#include "dynamodb/scan_retry.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace sumac::dynamodb {
namespace {

using std::chrono::milliseconds;
using Kind = ScanRetry::Kind;

Error Of(ErrorCode code, bool retryable, const std::string& reasons = "") {
  Error error;
  error.code = code;
  error.retryable = retryable;
  error.service_reasons = reasons;
  return error;
}

TEST(ScanRetryTest, WhatFailsForGoodIsNotAskedForAgain) {
  ScanSegment segment;
  EXPECT_EQ(DecideOnRetry(Of(ErrorCode::kPermissionDenied, false), {}, 0.5, segment).kind,
            Kind::kGiveUp);
}

TEST(ScanRetryTest, ThrottlesOfTheTableWaitForTheirTurn) {
  ScanSegment segment;
  for (int i = 0; i < 1'000; ++i) {
    EXPECT_EQ(DecideOnRetry(Of(ErrorCode::kThrottled, true), {}, 0.5, segment).kind,
              Kind::kWaitForTurn);
  }
}

TEST(ScanRetryTest, ThrottlesOfAKeyRangeWaitLongerAndLonger) {
  const auto error = Of(ErrorCode::kThrottled, true, "TableReadKeyRangeThroughputExceeded");
  ScanSegment segment;
  for (const int delay_ms : {25, 50, 100, 200, 400, 500, 500}) {
    const auto retry = DecideOnRetry(error, {}, 0.5, segment);
    EXPECT_EQ(retry.kind, Kind::kDelay);
    EXPECT_EQ(retry.delay, milliseconds(delay_ms));
  }
  for (int i = 0; i < 1'000; ++i) {
    EXPECT_EQ(DecideOnRetry(error, {}, 0.99, segment).kind, Kind::kDelay);
  }
}

TEST(ScanRetryTest, OtherFailuresHaveABoundForEachPage) {
  const auto error = Of(ErrorCode::kUnavailable, true);
  ScanSegment segment;
  for (int page = 0; page < 3; ++page) {
    std::vector<int> delays_ms;
    for (int i = 1; i < kPageAttemptsMax; ++i) {
      const auto retry = DecideOnRetry(error, {.backoff_max_ms = 1'000}, 0.5, segment);
      ASSERT_EQ(retry.kind, Kind::kDelay);
      delays_ms.push_back(static_cast<int>(retry.delay.count()));
    }
    EXPECT_EQ(delays_ms, (std::vector<int>{12, 25, 50, 100, 200, 400, 500, 500, 500, 500, 500}));
    // A page in between, as the scan notes it.
    segment.failures = 0;
  }
  for (int i = 1; i < kPageAttemptsMax; ++i) DecideOnRetry(error, {}, 0.5, segment);
  EXPECT_EQ(DecideOnRetry(error, {}, 0.5, segment).kind, Kind::kGiveUp);
}

}  // namespace
}  // namespace sumac::dynamodb
