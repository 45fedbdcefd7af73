#include "dynamodb/learned_rate.h"

#include <algorithm>

#include <gtest/gtest.h>

namespace sumac::dynamodb {
namespace {

MonotonicTime At(int ms) {
  return MonotonicTime{} + std::chrono::milliseconds(ms);
}

// Asks at a rate from `from_ms` to `to_ms`, in pieces of 50 ms, and is given what `given` says.
void Consume(LearnedRate& learned, double asked, double given, int from_ms, int to_ms) {
  for (int ms = from_ms; ms < to_ms; ms += 50) {
    learned.OnAsked(asked / 20, At(ms));
    if (given > 0) learned.OnGiven(given / 20, At(ms));
  }
}

TEST(LearnedRateTest, HasNoneBeforeTheFirstThrottle) {
  LearnedRate learned;
  Consume(learned, 1'000, 1'000, 0, 5'000);
  EXPECT_EQ(learned.UnitsPerSecond(At(5'000)), std::nullopt);
}

TEST(LearnedRateTest, FallsBelowWhatTheTableGaveAndComesBack) {
  LearnedRate learned;
  Consume(learned, 1'000, 1'000, 0, 5'000);
  EXPECT_TRUE(learned.OnThrottle(At(4'900), At(5'000)));
  struct Point {
    int ms;
    double at_least;
    double at_most;
  };
  for (const auto& [ms, at_least, at_most] : {Point{0, 890, 910},
                                              {1'000, 930, 960},
                                              {5'000, 990, 1'010},
                                              {10'000, 1'090, 1'110},
                                              {15'000, 1'750, 1'850},
                                              {25'000, 7'000, 8'000}}) {
    const auto rate = learned.UnitsPerSecond(At(5'000 + ms));
    ASSERT_TRUE(rate) << ms;
    EXPECT_GE(*rate, at_least) << ms;
    EXPECT_LE(*rate, at_most) << ms;
  }
  EXPECT_EQ(learned.UnitsPerSecond(At(60'000)), std::nullopt);
}

TEST(LearnedRateTest, ThoseOfOneRoundCountOnce) {
  LearnedRate learned;
  Consume(learned, 1'000, 1'000, 0, 1'000);
  EXPECT_TRUE(learned.OnThrottle(At(900), At(1'000)));
  const auto once = learned.UnitsPerSecond(At(1'010));
  for (int i = 0; i < 40; ++i) EXPECT_FALSE(learned.OnThrottle(At(950), At(1'010)));
  EXPECT_EQ(learned.UnitsPerSecond(At(1'010)), once);
  EXPECT_TRUE(learned.OnThrottle(At(1'005), At(1'100)));
  EXPECT_LT(*learned.UnitsPerSecond(At(1'100)), *once);
}

// The table gives less from now on: every round lowers the rate until what remains of it fits.
TEST(LearnedRateTest, FollowsATableThatGivesLess) {
  LearnedRate learned;
  Consume(learned, 1'000, 1'000, 0, 3'000);
  int now_ms = 3'000;
  for (int round = 0; round < 30; ++round, now_ms += 150) {
    const double rate = learned.UnitsPerSecond(At(now_ms)).value_or(1'000);
    Consume(learned, rate, std::min(rate, 300.0), now_ms, now_ms + 150);
    if (rate > 300) learned.OnThrottle(At(now_ms + 10), At(now_ms + 149));
  }
  EXPECT_LE(*learned.UnitsPerSecond(At(now_ms)), 310);
  EXPECT_GE(*learned.UnitsPerSecond(At(now_ms)), 250);
}

// While streams double, what was asked for is ahead of what was given: the truth is between.
TEST(LearnedRateTest, TheFirstMomentsAreNoMeasure) {
  LearnedRate learned;
  Consume(learned, 200, 0, 0, 100);
  Consume(learned, 400, 200, 100, 200);
  Consume(learned, 800, 400, 200, 300);
  EXPECT_TRUE(learned.OnThrottle(At(250), At(300)));
  const double first = *learned.UnitsPerSecond(At(300));
  EXPECT_GE(first, 300);
  EXPECT_LE(first, 800);
  // Soon more is asked for again.
  EXPECT_GT(*learned.UnitsPerSecond(At(3'300)), 1.7 * first);
}

// Nothing got through: half of what was asked for, and never nothing.
TEST(LearnedRateTest, HalvesWhatGotNothing) {
  LearnedRate learned;
  Consume(learned, 300, 0, 0, 300);
  EXPECT_TRUE(learned.OnThrottle(At(0), At(250)));
  EXPECT_NEAR(*learned.UnitsPerSecond(At(250)), 135, 1);
  for (int i = 1; i < 50; ++i) learned.OnThrottle(At(300 + i * 10), At(305 + i * 10));
  EXPECT_GE(*learned.UnitsPerSecond(At(800)), 4);
  EXPECT_LE(*learned.UnitsPerSecond(At(800)), 6);
}

}  // namespace
}  // namespace sumac::dynamodb
