#include "datasets/dynamodb_scan_options.h"

#include <gtest/gtest.h>

namespace sumac::datasets {
namespace {

constexpr uint64_t kMiB = 1ULL << 20;

struct Case {
  const char* what;
  uint64_t size_bytes;
  uint64_t items;
  uint64_t warm_read_units;
  std::optional<SampledSize> sample;
  std::optional<int> segments_given;
  std::optional<int> concurrency_given;
  int segments;
  int start;
  int most;
};

TEST(DynamoDbScanOptionsTest, FollowTheTable) {
  const SampledSize part = {false, 1'000, 500'000};
  const Case cases[] = {
      {"an emulator that does not know", 0, 0, 0, part, {}, {}, 16, 2, 16},
      {"an emulator, seen whole", 0, 0, 0, SampledSize{true, 5, 900}, {}, {}, 1, 1, 1},
      {"an empty table", 0, 0, 0, SampledSize{true, 0, 60}, {}, {}, 1, 1, 1},
      {"seen whole, of many pages",
       0,
       0,
       0,
       SampledSize{true, 50'000, 40 * kMiB},
       {},
       {},
       11,
       2,
       11},
      {"one page", 900'000, 5'000, 12'000, part, {}, {}, 1, 1, 1},
      {"two pages", 2 * kMiB, 5'000, 12'000, part, {}, {}, 2, 2, 2},
      {"new on demand", 100 * kMiB, 100'000, 12'000, part, {}, {}, 26, 2, 16},
      {"5 units a second", 100 * kMiB, 100'000, 5, part, {}, {}, 26, 2, 4},
      {"few large items", 100 * kMiB, 300, 12'000, part, {}, {}, 5, 2, 5},
      {"64 partitions", 6'250 * kMiB, 6'400'000, 192'000, part, {}, {}, 1'563, 4, 128},
      {"a terabyte", 1'000'000 * kMiB, 1'000'000'000, 12'000, part, {}, {}, 8'192, 4, 128},
      {"as told", 100 * kMiB, 100'000, 12'000, part, 7, 3, 7, 2, 3},
      {"more streams than partitions ask for", 100 * kMiB, 100'000, 5, part, {}, 20, 26, 2, 20},
      {"one stream", 100 * kMiB, 100'000, 12'000, part, {}, 1, 26, 1, 1},
  };
  for (const auto& test : cases) {
    DynamoDbParameters parameters;
    parameters.scan_segments = test.segments_given;
    parameters.scan_concurrency = test.concurrency_given;
    dynamodb::TableDescription table;
    table.size_bytes = test.size_bytes;
    table.item_count = test.items;
    table.throughput.warm_read_units = test.warm_read_units;
    const auto options = ScanOptionsFor(parameters, table, test.sample);
    EXPECT_EQ(options.total_segments, test.segments) << test.what;
    EXPECT_EQ(options.streams.start, test.start) << test.what;
    EXPECT_EQ(options.streams.most, test.most) << test.what;
  }
}

TEST(DynamoDbScanOptionsTest, ExpectWhatIsKnownOfItems) {
  dynamodb::TableDescription table;
  table.item_count = 1'000;
  table.size_bytes = 8'192'000;
  const auto options = ScanOptionsFor({}, table, std::nullopt);
  EXPECT_EQ(options.items_expected, 1'000u);
  EXPECT_DOUBLE_EQ(options.units_per_item, 1);
  // What was seen is newer.
  EXPECT_EQ(ScanOptionsFor({}, table, SampledSize{true, 1'200, 10'000}).items_expected, 1'200u);
}

TEST(DynamoDbScanOptionsTest, AShareIsOfTheThroughput) {
  dynamodb::TableDescription table;
  table.name = "orders";
  DynamoDbParameters parameters;
  EXPECT_EQ(*ReadUnitsAllowed(parameters, table), std::nullopt);
  parameters.read_capacity = ReadCapacityBound{500, false};
  EXPECT_EQ(*ReadUnitsAllowed(parameters, table), 500);
  parameters.read_capacity = ReadCapacityBound{50, true};
  const auto unknown = ReadUnitsAllowed(parameters, table);
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().message,
            "parameter 'read_capacity' is a share, and table 'orders' does not say what its "
            "throughput is; give read units a second, such as 500");
  table.throughput.warm_read_units = 12'000;
  EXPECT_EQ(*ReadUnitsAllowed(parameters, table), 6'000);
  table.throughput.on_demand_read_units = 900;
  EXPECT_EQ(*ReadUnitsAllowed(parameters, table), 450);
  table.throughput.provisioned_read_units = 100;
  EXPECT_EQ(*ReadUnitsAllowed(parameters, table), 50);
}

}  // namespace
}  // namespace sumac::datasets
