#include "planning/read_estimate.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace sumac::planning {
namespace {

using dynamodb::Comparison;
using dynamodb::Condition;
using dynamodb::KeyType;
using AccessPath = ReadPlan::AccessPath;

constexpr double kMegabyte = 1'048'576;

Condition Equal(const char* name) {
  return Condition::Compare({name}, Comparison::kEqual, R"({"S":"x"})");
}
Condition Above(const char* name) {
  return Condition::Compare({name}, Comparison::kGreater, R"({"S":"x"})");
}

ReadPlan Scan(bool filter = false) {
  ReadPlan plan;
  if (filter) plan.filter = Equal("city");
  return plan;
}

ReadPlan Queries(size_t many, const Condition& key_condition) {
  ReadPlan plan;
  plan.access_path = AccessPath::kQuery;
  plan.key_conditions.assign(many, key_condition);
  return plan;
}

ReadPlan Gets(size_t many) {
  ReadPlan plan;
  plan.access_path = AccessPath::kGetItems;
  plan.keys.assign(many, "{}");
  return plan;
}

ReadPlan OfIndex(ReadPlan plan) {
  plan.index_name = "by_city";
  return plan;
}

ReadConditions Unknown() {
  ReadConditions conditions;
  conditions.keys = {{"customer", KeyType::kString}, {"number", KeyType::kNumber}};
  return conditions;
}

ReadConditions Sized(double bytes, double items) {
  auto conditions = Unknown();
  conditions.size = {bytes, 0, items, bytes / items};
  return conditions;
}

ReadConditions With(ReadConditions conditions, void (*change)(ReadConditions&)) {
  change(conditions);
  return conditions;
}

// "2 requests, 16+ RCU": a '+' stands for "at least".
std::string TextOf(const ReadEstimate& estimate) {
  const auto text_of = [](const EstimatedAmount& amount) {
    const bool at_least = amount.precision == EstimatedAmount::Precision::kAtLeast;
    return fmt::format("{}{}", amount.value, at_least ? "+" : "");
  };
  return text_of(estimate.requests) + " requests, " + text_of(estimate.read_units) + " RCU";
}

TEST(ReadEstimateTest, SaysNoMoreThanIsKnown) {
  const auto ann = Equal("customer");
  const auto whole_key = Condition::All({ann, Equal("number")});
  const auto range = Condition::All({ann, Above("number")});
  const auto large = Sized(1'024 * kMegabyte, 1e6);
  const struct {
    const char* what;
    ReadPlan plan;
    ReadConditions conditions;
    const char* estimate;
  } cases[] = {
      {"1 GB", Scan(), large, "1024 requests, 131072 RCU"},
      {"a filter costs no less", Scan(true), large, "1024 requests, 131072 RCU"},
      {"consistent reads cost twice as much", Scan(),
       With(large, [](auto& c) { c.consistent_read = true; }), "1024 requests, 262144 RCU"},
      {"segments begin pages of their own", Scan(),
       With(large, [](auto& c) { c.segments = 1'000; }), "2000 requests, 131072 RCU"},
      {"a small table costs half a unit for each segment", Scan(),
       With(Sized(8'192, 10), [](auto& c) { c.segments = 16; }), "16 requests, 8 RCU"},
      {"consistently, one", Scan(),
       With(Sized(8'192, 10),
            [](auto& c) {
              c.segments = 16;
              c.consistent_read = true;
            }),
       "16 requests, 16 RCU"},
      {"unknown is not free", Scan(), Unknown(), "1+ requests, 0.5+ RCU"},
      {"nor with segments", Scan(), With(Unknown(), [](auto& c) { c.segments = 16; }),
       "16+ requests, 8+ RCU"},
      {"so much was seen of it", Scan(),
       With(Unknown(), [](auto& c) { c.size.bytes_at_least = 819'200; }), "1+ requests, 100+ RCU"},
      {"10,000 rows", Scan(), With(large, [](auto& c) { c.rows_wanted = 10'000; }),
       "11+ requests, 1310.72+ RCU"},
      {"rows that pass a filter", Scan(true), With(large, [](auto& c) { c.rows_wanted = 10'000; }),
       "1+ requests, 0.5+ RCU"},
      {"more rows than there are", Scan(),
       With(Sized(819'200, 100), [](auto& c) { c.rows_wanted = 1'000; }), "1+ requests, 100+ RCU"},
      {"rows of unknown size", Scan(), With(Unknown(), [](auto& c) { c.rows_wanted = 10; }),
       "1+ requests, 0.5+ RCU"},
      {"an item", Queries(1, whole_key), large, "1 requests, 0.5 RCU"},
      {"items", Queries(3, whole_key), large, "3 requests, 1.5 RCU"},
      {"large items", Queries(3, whole_key), Sized(9'000, 1), "3 requests, 4.5 RCU"},
      {"consistently read", Queries(3, whole_key),
       With(Sized(9'000, 1), [](auto& c) { c.consistent_read = true; }), "3 requests, 9 RCU"},
      {"items of unknown size", Queries(3, whole_key), Unknown(), "3 requests, 1.5+ RCU"},
      {"an item by key", Gets(1), large, "1 requests, 0.5 RCU"},
      {"items by key", Gets(250), Sized(9'000, 1), "3 requests, 375 RCU"},
      {"items by key, of unknown size", Gets(250), Unknown(), "3 requests, 125+ RCU"},
      {"a key of an index", OfIndex(Queries(1, whole_key)), large, "1+ requests, 0.5+ RCU"},
      {"a partition", Queries(1, ann), large, "1+ requests, 0.5+ RCU"},
      {"a range of it", Queries(1, range), large, "1+ requests, 0.5+ RCU"},
      {"partitions", Queries(3, ann), large, "3+ requests, 1.5+ RCU"},
      {"partitions until there are rows", Queries(3, ann),
       With(large, [](auto& c) { c.rows_wanted = 1; }), "1+ requests, 0.5+ RCU"},
      {"a key of one attribute", Queries(2, ann), With(large, [](auto& c) { c.keys.pop_back(); }),
       "2 requests, 1 RCU"},
  };
  for (const auto& test : cases) {
    EXPECT_EQ(TextOf(EstimateRead(test.plan, test.conditions)), test.estimate) << test.what;
  }
  ReadPlan nothing;
  nothing.access_path = AccessPath::kNothing;
  EXPECT_EQ(TextOf(EstimateRead(nothing, large)), "0 requests, 0 RCU");
  EXPECT_EQ(TextOf(EstimateItems(250, 100, large)), "3 requests, 125 RCU");
}

TEST(ReadEstimateTest, TimeNeedsAThroughput) {
  auto conditions = Sized(1'024 * kMegabyte, 1e6);
  conditions.streams = 4;
  EXPECT_EQ(EstimateRead(Scan(), conditions).time, std::nullopt);
  // The table gives less than the streams take.
  conditions.units_per_second = 131.072;
  EXPECT_EQ(EstimateRead(Scan(), conditions).time, std::chrono::seconds(1'000));
  // The streams take less: 256 pages each.
  conditions.units_per_second = 1e6;
  EXPECT_EQ(EstimateRead(Scan(), conditions).time, std::chrono::milliseconds(40'960));
  EXPECT_EQ(EstimateRead(Queries(1, Equal("customer")), conditions).time, std::nullopt);
}

TEST(ReadEstimateTest, ASumIsAsPreciseAsItsParts) {
  using Precision = EstimatedAmount::Precision;
  const EstimatedAmount about{2, Precision::kAbout};
  const EstimatedAmount at_least{3, Precision::kAtLeast};
  EXPECT_EQ(about + about, (EstimatedAmount{4, Precision::kAbout}));
  EXPECT_EQ(about + at_least, (EstimatedAmount{5, Precision::kAtLeast}));
}

TEST(ReadEstimateTest, AFullScanIsOneThatNothingEnds) {
  const auto known = Sized(kMegabyte, 1'000);
  const struct {
    const char* what;
    ReadPlan plan;
    ReadConditions conditions;
    bool full;
  } cases[] = {
      {"a scan", Scan(), known, true},
      {"one with a filter", Scan(true), known, true},
      {"one that ends early", Scan(), With(known, [](auto& c) { c.rows_wanted = 10; }), false},
      {"one that ends when enough has passed a filter", Scan(true),
       With(known, [](auto& c) { c.rows_wanted = 10; }), true},
      {"one for all rows that there are", Scan(),
       With(known, [](auto& c) { c.rows_wanted = 1'000; }), true},
      {"one for many rows of an unknown number", Scan(),
       With(Unknown(), [](auto& c) { c.rows_wanted = 1'000; }), false},
      {"queries", Queries(9, Equal("customer")), known, false},
  };
  for (const auto& test : cases) {
    EXPECT_EQ(IsFullScan(test.plan, test.conditions), test.full) << test.what;
  }
}

}  // namespace
}  // namespace sumac::planning
