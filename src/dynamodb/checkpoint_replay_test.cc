#include "dynamodb/checkpoint_replay.h"

#include <algorithm>
#include <random>
#include <set>

#include <gtest/gtest.h>

namespace sumac::dynamodb {
namespace {

CheckpointPage MakePage(int segment, uint64_t number, bool last) {
  CheckpointPage page;
  page.segment = segment;
  page.page_of_segment = number;
  page.last_evaluated_key = last ? "" : std::to_string(segment) + "/" + std::to_string(number);
  page.page.count = number % 3;
  page.page.scanned_count = 2;
  page.page.body_bytes = 10;
  return page;
}

// Processes that each go on where the replay says, keep pages in any order and end in between: when
// the last has ended, each page counts once.
TEST(CheckpointReplayTest, CountsEveryPageOnceWhateverTheOrder) {
  for (uint64_t seed = 1; seed <= 200; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937_64 random(seed);
    std::vector<uint64_t> pages_of;
    for (size_t i = 1 + random() % 6; i > 0; --i) pages_of.push_back(1 + random() % 8);
    CheckpointReplay replay(static_cast<int>(pages_of.size()));
    uint64_t frames = 0;
    std::set<uint64_t> counted;
    for (int process = 0; process < 6; ++process) {
      std::vector<uint64_t> done(pages_of.size());
      for (const auto& segment : replay.Resumption().segments) {
        const auto number = static_cast<size_t>(segment.number);
        done[number] = segment.pages;
        EXPECT_EQ(segment.ended, segment.pages == pages_of[number]);
        EXPECT_EQ(segment.start_key,
                  MakePage(segment.number, segment.pages - 1, segment.ended).last_evaluated_key);
      }
      std::vector<CheckpointPage> pages;
      for (size_t segment = 0; segment < pages_of.size(); ++segment) {
        for (uint64_t i = done[segment]; i < pages_of[segment]; ++i) {
          pages.push_back(MakePage(static_cast<int>(segment), i, i + 1 == pages_of[segment]));
        }
      }
      std::shuffle(pages.begin(), pages.end(), random);
      if (process < 5) pages.resize(pages.empty() ? 0 : random() % pages.size());
      for (auto& page : pages) ASSERT_TRUE(replay.Add(std::move(page), {++frames, 1}));
      if (process < 5) replay.Continue();
    }
    uint64_t pages = 0;
    uint64_t with_items = 0;
    for (const auto of_segment : pages_of) {
      pages += of_segment;
      for (uint64_t i = 0; i < of_segment; ++i) with_items += i % 3 > 0 ? 1 : 0;
    }
    EXPECT_EQ(replay.pages(), pages);
    EXPECT_EQ(replay.body_bytes(), 10 * pages);
    EXPECT_EQ(replay.Resumption().items_scanned, 2 * pages);
    for (const auto& place : replay.places()) EXPECT_TRUE(counted.insert(place.offset).second);
    EXPECT_EQ(counted.size(), with_items);
  }
}

TEST(CheckpointReplayTest, RefusesWhatNoScanReads) {
  CheckpointReplay replay(2);
  EXPECT_FALSE(replay.Add(MakePage(2, 0, false), {}));
  EXPECT_FALSE(replay.Add(MakePage(-1, 0, false), {}));
  ASSERT_TRUE(replay.Add(MakePage(0, 0, false), {}));
  EXPECT_FALSE(replay.Add(MakePage(0, 0, false), {}));
  ASSERT_TRUE(replay.Add(MakePage(0, 2, true), {}));
  EXPECT_FALSE(replay.Add(MakePage(0, 2, true), {}));
  ASSERT_TRUE(replay.Add(MakePage(0, 1, true), {}));
  EXPECT_FALSE(replay.Add(MakePage(0, 3, true), {}));
  EXPECT_EQ(replay.pages(), 2u);
}

}  // namespace
}  // namespace sumac::dynamodb
