#include "datasets/retry_schedule.h"

#include <algorithm>

#include <gtest/gtest.h>

namespace sumac::datasets {
namespace {

using std::chrono::milliseconds;

TEST(RetryDelay, FollowsFibonacciUpToItsBound) {
  const int64_t seconds[] = {1, 1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144, 233, 300, 300};
  std::mt19937_64 random(7);
  uint64_t attempt = 0;
  for (const int64_t expected : seconds) {
    ++attempt;
    milliseconds shortest = milliseconds::max();
    milliseconds longest{0};
    for (int i = 0; i < 1000; ++i) {
      const milliseconds delay = RetryDelay(attempt, random);
      shortest = std::min(shortest, delay);
      longest = std::max(longest, delay);
    }
    // The tenth is used, and never exceeded.
    EXPECT_GE(shortest.count(), expected * 900) << attempt;
    EXPECT_LT(shortest.count(), expected * 910) << attempt;
    EXPECT_LE(longest.count(), expected * 1000) << attempt;
    EXPECT_GT(longest.count(), expected * 990) << attempt;
  }
}

TEST(RetryDelay, IsDrawnFromItsSeed) {
  std::mt19937_64 one(1);
  std::mt19937_64 same(1);
  std::mt19937_64 other(2);
  EXPECT_EQ(RetryDelay(20, one), RetryDelay(20, same));
  EXPECT_NE(RetryDelay(20, one), RetryDelay(20, other));
}

TEST(RetryDelay, TakesAnyAttempt) {
  std::mt19937_64 random(1);
  EXPECT_LE(RetryDelay(0, random), milliseconds(1000));
  EXPECT_GE(RetryDelay(UINT64_MAX, random), milliseconds(270'000));
}

}  // namespace
}  // namespace sumac::datasets
