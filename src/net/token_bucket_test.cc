#include "net/token_bucket.h"

#include <random>

#include <gtest/gtest.h>

namespace sumac::net {
namespace {

using std::chrono::milliseconds;

MonotonicTime At(int ms) {
  return MonotonicTime{} + milliseconds(ms);
}

TEST(TokenBucketTest, FillsUpToItsBurst) {
  TokenBucket bucket(100, 20, At(0));
  EXPECT_DOUBLE_EQ(bucket.Balance(At(0)), 0);
  EXPECT_DOUBLE_EQ(bucket.Balance(At(50)), 5);
  EXPECT_DOUBLE_EQ(bucket.Balance(At(10'000)), 20);
  bucket.Take(50, At(10'000));
  EXPECT_DOUBLE_EQ(bucket.Balance(At(10'000)), -30);
  EXPECT_EQ(bucket.UntilPositive(At(10'000)), milliseconds(301));
  EXPECT_GT(bucket.Balance(At(10'301)), 0);
  EXPECT_EQ(bucket.UntilPositive(At(10'301)), milliseconds(0));
  bucket.Take(-500, At(10'301));
  EXPECT_DOUBLE_EQ(bucket.Balance(At(10'301)), 20);
}

TEST(TokenBucketTest, AnotherRateHoldsFromThenOn) {
  TokenBucket bucket(100, 100, At(0));
  bucket.SetRate(10, 8, At(50));
  EXPECT_DOUBLE_EQ(bucket.Balance(At(50)), 5);
  EXPECT_DOUBLE_EQ(bucket.Balance(At(250)), 7);
  bucket.SetRate(1'000, 1, At(250));
  EXPECT_DOUBLE_EQ(bucket.Balance(At(250)), 1);
}

TEST(TokenBucketTest, AWaitHasABound) {
  TokenBucket bucket(1e-9, 1, At(0));
  bucket.Take(1e9, At(0));
  EXPECT_EQ(bucket.UntilPositive(At(0)), std::chrono::hours(1));
}

// Whoever takes whenever the balance is positive gets the rate, to within the burst and one piece.
TEST(TokenBucketTest, HoldsTheRate) {
  for (uint64_t seed = 1; seed <= 50; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937_64 random(seed);
    const double rate = std::uniform_real_distribution<double>(1, 1'000)(random);
    const double piece_max = rate / 5;
    TokenBucket bucket(rate, rate / 10, At(0));
    double taken = 0;
    int now_ms = 0;
    while (now_ms < 10'000) {
      now_ms += static_cast<int>(bucket.UntilPositive(At(now_ms)).count());
      if (bucket.Balance(At(now_ms)) <= 0) continue;
      const double piece = std::uniform_real_distribution<double>(0, piece_max)(random);
      bucket.Take(piece, At(now_ms));
      taken += piece;
    }
    EXPECT_NEAR(taken, rate * now_ms / 1'000, rate * 0.3);
  }
}

}  // namespace
}  // namespace sumac::net
