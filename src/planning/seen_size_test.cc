#include "planning/seen_size.h"

#include <gtest/gtest.h>

namespace sumac::planning {
namespace {

dynamodb::TableDescription Table(uint64_t size_bytes, uint64_t item_count) {
  dynamodb::TableDescription table;
  table.size_bytes = size_bytes;
  table.item_count = item_count;
  return table;
}

TEST(SeenSizeTest, KeepsWhatSaysTheMost) {
  SeenSize seen;
  EXPECT_FALSE(seen.Best());
  const struct {
    const char* what;
    SeenItems add;
    uint64_t items;
  } steps[] = {
      {"nothing is no news", {0, 0, 0, false, true}, 0},
      {"a server that does not say what it costs", {10, 1, 0, false, true}, 0},
      {"the first", {10, 1, 5, false, false}, 10},
      {"more", {20, 1, 10, false, false}, 20},
      {"less", {15, 1, 7, false, false}, 20},
      {"twice the units of consistent reads are the same", {21, 1, 20, true, false}, 20},
      {"all", {18, 1, 9, false, true}, 18},
      {"a part of it", {5, 1, 2, false, false}, 18},
      {"all of it, later", {17, 1, 8, false, true}, 17},
      {"it has grown", {30, 1, 15, false, false}, 30},
  };
  for (const auto& step : steps) {
    seen.Add(step.add);
    EXPECT_EQ(seen.Best() ? seen.Best()->items : 0, step.items) << step.what;
  }
}

TEST(SeenSizeTest, DescriptionAndScansAreOneSize) {
  const double unknown = -1;
  const struct {
    const char* what;
    dynamodb::TableDescription table;
    std::optional<SeenItems> seen;
    double bytes;
    double bytes_at_least;
    double items;
    double bytes_per_item;
  } cases[] = {
      {"zeros are unknown", Table(0, 0), {}, unknown, 0, 0, unknown},
      {"the description", Table(1'000'000, 1'000), {}, 1e6, 0, 1'000, 1'000},
      {"a size without a count", Table(1'000'000, 0), {}, 1e6, 0, 0, unknown},
      {"a part was seen",
       Table(0, 0),
       {{1'000, 1, 128, false, false}},
       unknown,
       1'048'576,
       0,
       1'046.528},
      {"consistently",
       Table(0, 0),
       {{1'000, 1, 256, true, false}},
       unknown,
       1'048'576,
       0,
       1'046.528},
      {"more was seen than described",
       Table(8'192, 8),
       {{1'000, 1, 128, false, false}},
       1'048'576,
       1'048'576,
       1'000,
       1'046.528},
      {"all was seen",
       Table(8'192, 8),
       {{1'000, 1, 128, false, true}},
       1'048'576,
       1'048'576,
       1'000,
       1'046.528},
      {"less is left of it",
       Table(81'920'000, 8'000),
       {{1'000, 1, 128, false, true}},
       1'048'576,
       1'048'576,
       1'000,
       1'046.528},
      // 16 segments with 3 items: what was rounded up is most of it.
      {"small pages say nothing of an item",
       Table(0, 0),
       {{3, 16, 8, false, true}},
       65'536,
       65'536,
       3,
       unknown},
  };
  for (const auto& test : cases) {
    const auto size = TableSizeOf(test.table, test.seen);
    EXPECT_NEAR(size.bytes.value_or(unknown), test.bytes, 0.01) << test.what;
    EXPECT_EQ(size.bytes_at_least, test.bytes_at_least) << test.what;
    EXPECT_EQ(size.items, test.items) << test.what;
    EXPECT_NEAR(size.bytes_per_item.value_or(unknown), test.bytes_per_item, 0.01) << test.what;
  }
}

}  // namespace
}  // namespace sumac::planning
