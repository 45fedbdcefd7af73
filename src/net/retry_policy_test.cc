#include "net/retry_policy.h"

#include <gtest/gtest.h>

namespace sumac::net {
namespace {

Error Failure(ErrorCode code, bool retryable) {
  Error error;
  error.code = code;
  error.retryable = retryable;
  return error;
}

TEST(RetryPolicyTest, DoublesUpToTheMaximum) {
  const RetryPolicy policy;
  const Error transient = Failure(ErrorCode::kUnavailable, true);
  const Error throttle = Failure(ErrorCode::kThrottled, true);
  // Just below 1, which unit_random never reaches.
  const double most = 0.999999;
  EXPECT_EQ(policy.BackoffMs(transient, 0, most), 24);
  EXPECT_EQ(policy.BackoffMs(transient, 1, most), 49);
  EXPECT_EQ(policy.BackoffMs(throttle, 0, most), 99);
  EXPECT_EQ(policy.BackoffMs(throttle, 3, most), 799);
  for (const int retry : {10, 30, 31, 63, 64, 1'000'000}) {
    EXPECT_EQ(policy.BackoffMs(throttle, retry, most), 19'999) << retry;
  }
}

// Full jitter: the whole range from nothing on.
TEST(RetryPolicyTest, JitterTakesTheWholeRange) {
  const RetryPolicy policy;
  const Error throttle = Failure(ErrorCode::kThrottled, true);
  EXPECT_EQ(policy.BackoffMs(throttle, 5, 0.0), 0);
  EXPECT_EQ(policy.BackoffMs(throttle, 5, 0.5), 1'600);
}

TEST(RetryPolicyTest, RetriesWhatIsRetryable) {
  const RetryPolicy policy;
  const Error transient = Failure(ErrorCode::kUnavailable, true);
  EXPECT_TRUE(policy.ShouldRetry(transient, 1));
  EXPECT_TRUE(policy.ShouldRetry(transient, policy.transient_attempts_max - 1));
  EXPECT_FALSE(policy.ShouldRetry(transient, policy.transient_attempts_max));
  EXPECT_TRUE(policy.ShouldRetry(Failure(ErrorCode::kThrottled, true), 1'000));
  EXPECT_FALSE(policy.ShouldRetry(Failure(ErrorCode::kInvalidArgument, false), 1));
  EXPECT_FALSE(policy.ShouldRetry(Failure(ErrorCode::kThrottled, false), 1));
}

}  // namespace
}  // namespace sumac::net
