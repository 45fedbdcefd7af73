#include "dynamodb/scan_progress.h"

#include <algorithm>
#include <random>
#include <vector>

#include <gtest/gtest.h>

namespace sumac::dynamodb {
namespace {

TEST(ScanProgressTest, SaysNothingOfWhatIsUnknown) {
  EXPECT_EQ(FractionRead({0, 2, 4, 3, 0, 300, 0}), std::nullopt);
  // Nor of a count that is overrun.
  EXPECT_EQ(FractionRead({0, 2, 4, 3, 0, 301, 300}), std::nullopt);
}

struct Case {
  const char* what;
  ScanPosition position;
  double at_least;
  double at_most;
};

TEST(ScanProgressTest, CombinesWhatIsKnown) {
  const Case cases[] = {
      {"the count alone", {0, 2, 4, 3, 0, 300, 1'000}, 0.3, 0.3},
      {"a count that does not fit what is begun", {0, 2, 100, 30, 0, 900, 1'000}, 0.018, 0.018},
      {"one segment that has run past the count", {0, 1, 1, 30, 0, 3'000, 1'000}, 0.95, 0.99},
      {"half of many segments, a stale count", {50, 60, 100, 500, 500, 50'000, 1'000}, 0.5, 0.5},
      {"half of many segments, a count far too high",
       {50, 60, 100, 500, 500, 50'000, 10'000'000},
       0.5,
       0.5},
      {"pages of segments under way", {50, 60, 100, 550, 500, 0, 0}, 0.55, 0.55},
      {"a segment under way that is longer than the others",
       {99, 100, 100, 2'000, 990, 0, 0},
       0.985,
       0.999},
      {"all but the end", {100, 100, 100, 1'000, 1'000, 0, 0}, 0.99, 0.99},
  };
  for (const auto& test : cases) {
    const auto fraction = FractionRead(test.position);
    ASSERT_TRUE(fraction) << test.what;
    EXPECT_GE(*fraction, test.at_least - 1e-9) << test.what;
    EXPECT_LE(*fraction, test.at_most + 1e-9) << test.what;
  }
}

// Whatever the segments are like and however wrong the count is: it never goes back, is never 100
// percent before the end, and with many segments is near the truth.
TEST(ScanProgressTest, IsHonest) {
  for (uint64_t seed = 1; seed <= 200; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937_64 random(seed);
    const int total = static_cast<int>(1 + random() % 300);
    std::vector<uint64_t> left;
    uint64_t pages_all = 0;
    for (int i = 0; i < total; ++i) {
      left.push_back(1 + random() % 8);
      pages_all += left.back();
    }
    const auto pages_each = left;
    ScanPosition position;
    position.segments_total = total;
    position.items_expected = random() % 3 == 0 ? 0 : 1 + random() % (pages_all * 200);
    ProgressClock clock(MonotonicTime{});
    std::vector<size_t> open;
    size_t begun = 0;
    double last = 0;
    while (position.segments_done < total) {
      while (open.size() < 8 && begun < left.size()) open.push_back(begun++);
      position.segments_begun = static_cast<int>(begun);
      const size_t chosen = random() % open.size();
      const size_t segment = open[chosen];
      position.pages += 1;
      position.items_scanned += 100;
      if (--left[segment] == 0) {
        position.segments_done += 1;
        position.pages_of_segments_done += pages_each[segment];
        open.erase(open.begin() + static_cast<std::ptrdiff_t>(chosen));
      }
      const auto fraction = clock.Advance(FractionRead(position), false);
      if (!fraction) continue;
      ASSERT_GE(*fraction, last);
      ASSERT_LT(*fraction, 1);
      last = *fraction;
      const double truth = static_cast<double>(position.pages) / static_cast<double>(pages_all);
      if (position.segments_done >= 64) {
        EXPECT_NEAR(*fraction, truth, 0.15);
      }
    }
    EXPECT_EQ(clock.Advance(FractionRead(position), true), 1.0);
  }
}

TEST(ScanProgressTest, TellsTheTimeLeft) {
  ProgressClock clock(MonotonicTime{});
  const auto now = MonotonicTime{} + std::chrono::seconds(10);
  EXPECT_EQ(clock.TimeLeft(now), std::nullopt);
  clock.Advance(0.25, false);
  EXPECT_EQ(clock.TimeLeft(now), std::chrono::seconds(30));
  clock.Advance(std::nullopt, true);
  EXPECT_EQ(clock.TimeLeft(now), std::chrono::seconds(0));
}

TEST(ScanProgressTest, WhatWasReadBeforeTookNoTime) {
  ProgressClock clock(MonotonicTime{}, 0.5);
  const auto now = MonotonicTime{} + std::chrono::seconds(10);
  EXPECT_EQ(clock.TimeLeft(now), std::nullopt);
  clock.Advance(0.75, false);
  EXPECT_EQ(clock.TimeLeft(now), std::chrono::seconds(10));
}

}  // namespace
}  // namespace sumac::dynamodb
