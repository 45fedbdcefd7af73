#include "dynamodb/row_goal.h"

#include <algorithm>
#include <deque>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "dynamodb/page_cost.h"

namespace sumac::dynamodb {
namespace {

// A table of segments of equal length in which every `match_every`th item is a row, read by a
// reader of whose rows every `kept_every`th counts.
struct Table {
  int segments = 1;
  uint64_t items_per_segment = 1'000'000;
  uint64_t match_every = 1;
  uint64_t kept_every = 1;
  uint64_t items_per_page = 2'000;
  int streams_max = 64;
};

struct Reading {
  uint64_t requests = 0;
  uint64_t rounds = 0;  // trips, one after the other
  uint64_t items = 0;
  uint64_t kept = 0;
  int streams_most = 0;
};

Reading Read(const Table& table, RowGoalOptions options) {
  RowGoal goal(options, table.segments, kWholePageUnits / 2'000);
  std::deque<uint64_t> left(static_cast<size_t>(table.segments), table.items_per_segment);
  Reading reading;
  uint64_t rows = 0;
  while (reading.kept < options.rows) {
    struct Request {
      uint64_t left = 0;
      int items_max = 0;
    };
    std::vector<Request> under_way;
    while (!left.empty() && goal.WantsMore() &&
           static_cast<int>(under_way.size()) < table.streams_max) {
      const int items_max = goal.ItemsMax().value_or(0);
      under_way.push_back({left.front(), items_max});
      left.pop_front();
      goal.OnSent(items_max);
    }
    if (under_way.empty()) {
      if (left.empty()) break;
      goal.OnReaderWaits();
      EXPECT_TRUE(goal.WantsMore());
      if (!goal.WantsMore()) break;
      continue;
    }
    reading.streams_most = std::max(reading.streams_most, static_cast<int>(under_way.size()));
    ++reading.rounds;
    for (auto& request : under_way) {
      ++reading.requests;
      const uint64_t bound =
          request.items_max > 0 ? static_cast<uint64_t>(request.items_max) : table.items_per_page;
      const uint64_t items = std::min({request.left, bound, table.items_per_page});
      const uint64_t before = reading.items;
      reading.items += items;
      const uint64_t found = reading.items / table.match_every - before / table.match_every;
      rows += found;
      reading.kept = rows / table.kept_every;
      request.left -= items;
      goal.OnPage(request.items_max, items, found, request.left == 0);
      if (request.left > 0) left.push_back(request.left);
    }
  }
  return reading;
}

TEST(RowGoalTest, WithoutAFilterReadsAsManyItemsAsRows) {
  for (const uint64_t rows : {1, 5, 999, 10'000, 100'000}) {
    SCOPED_TRACE(rows);
    for (const int segments : {1, 64}) {
      const auto reading = Read({segments}, {rows, false});
      EXPECT_EQ(reading.items, rows);
      EXPECT_EQ(reading.requests, (rows + 1'999) / 2'000);
    }
  }
}

TEST(RowGoalTest, WithAFilterReadsAFewTimesWhatItTakes) {
  for (const uint64_t match_every : {1, 3, 10, 100, 1'000, 20'000}) {
    for (const uint64_t rows : {1, 5, 40}) {
      for (const int segments : {1, 64}) {
        SCOPED_TRACE(std::to_string(match_every) + " " + std::to_string(rows) + " " +
                     std::to_string(segments));
        const auto reading = Read({segments, 1'000'000, match_every}, {rows, true});
        EXPECT_GE(reading.kept, rows);
        const uint64_t needed = rows * match_every;
        // Whole pages on all streams where little matches.
        const uint64_t at_once = static_cast<uint64_t>(segments) * 2'000;
        EXPECT_LE(reading.items, needed < 2'000 ? 50 + 6 * needed : 6 * needed + at_once);
      }
    }
  }
}

TEST(RowGoalTest, ReadsEverythingWhenNothingMatches) {
  const auto reading = Read({64, 1'000, 1'000'000'000}, {5, true});
  EXPECT_EQ(reading.items, 64'000u);
  EXPECT_GE(reading.streams_most, 32);
  EXPECT_LE(reading.rounds, 12u);
}

TEST(RowGoalTest, SmallSegmentsAreReadSideBySide) {
  const auto reading = Read({64, 1}, {40, true});
  EXPECT_EQ(reading.items, 50u);
  EXPECT_LE(reading.rounds, 8u);
}

TEST(RowGoalTest, AReaderThatDropsRowsGetsMore) {
  for (const uint64_t kept_every : {2, 50, 5'000}) {
    SCOPED_TRACE(kept_every);
    const auto reading = Read({16, 1'000'000, 1, kept_every}, {5, false});
    EXPECT_GE(reading.kept, 5u);
    EXPECT_LE(reading.items, 5 * kept_every * 8 + 32'000 + 50);
    EXPECT_LE(reading.rounds, 16u);
  }
}

TEST(RowGoalTest, AFailedRequestIsAskedForAgain) {
  RowGoal goal({5, false}, 1, 0);
  ASSERT_TRUE(goal.WantsMore());
  EXPECT_EQ(goal.ItemsMax(), 5);
  goal.OnSent(5);
  EXPECT_FALSE(goal.WantsMore());
  goal.OnFailure(5);
  ASSERT_TRUE(goal.WantsMore());
  EXPECT_EQ(goal.ItemsMax(), 5);
  goal.OnSent(5);
  goal.OnPage(5, 5, 5, false);
  EXPECT_FALSE(goal.WantsMore());
}

TEST(RowGoalTest, KnowsWhatOnePageHolds) {
  EXPECT_TRUE(IsOnePage({1'000, false}, 0));
  EXPECT_FALSE(IsOnePage({1'001, false}, 0));
  EXPECT_TRUE(IsOnePage({2'000, false}, kWholePageUnits / 2'000));
  EXPECT_FALSE(IsOnePage({1, true}, 0));
}

}  // namespace
}  // namespace sumac::dynamodb
