#include "fake_dynamodb/service_model.h"

#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sumac::fake_dynamodb {
namespace {

using std::chrono::milliseconds;

std::unique_ptr<ServiceModel> MakeModel(const ServiceModelOptions& options) {
  auto model = ServiceModel::Make(options);
  EXPECT_TRUE(model.has_value());
  return std::move(*model);
}

struct Step {
  int at_ms;  // when the page is asked for
  double hash_position;
  double read_units;
  int answered_ms;     // -1: refused
  const char* reason;  // then
};

struct ModelCase {
  const char* name;
  ServiceModelOptions options;
  std::vector<Step> steps;
};

constexpr const char* kKeyRange = "TableReadKeyRangeThroughputExceeded";
constexpr const char* kTable = "TableReadProvisionedThroughputExceeded";
constexpr const char* kOnDemand = "TableReadMaxOnDemandThroughputExceeded";

const ModelCase kCases[] = {
    {"latency alone",
     {.page_latency = milliseconds(150), .partition_read_units = 0},
     {{0, 0, 128, 150, ""}, {10, 0.5, 128, 160, ""}}},
    // A partition of 1,000 units a second pays for 100 units in 100 ms.
    {"a partition paces its own pages",
     {.partitions = 2, .partition_read_units = 1'000},
     {{0, 0, 100, 100, ""},
      {0, 0.49, 100, 200, ""},
      {0, 0.5, 100, 100, ""},
      {150, 0.1, 100, 300, ""}}},
    {"latency and pace overlap",
     {.page_latency = milliseconds(150), .partition_read_units = 1'000},
     {{0, 0, 100, 150, ""}, {0, 0, 100, 200, ""}}},
    {"the table paces all partitions",
     {.partitions = 2, .partition_read_units = 0, .table_read_units = 1'000},
     {{0, 0, 100, 100, ""}, {0, 0.5, 100, 200, ""}}},
    {"idle time earns nothing without a burst",
     {.partition_read_units = 1'000},
     {{0, 0, 100, 100, ""}, {5'000, 0, 100, 5'100, ""}, {5'000, 0, 100, 5'200, ""}}},
    {"a burst is spent first",
     {.partition_read_units = 1'000, .burst_seconds = 0.25},
     {{0, 0, 200, 0, ""}, {0, 0, 100, 50, ""}, {1'000, 0, 250, 1'000, ""}}},
    {"a hot key range is throttled alone",
     {.partitions = 2,
      .partition_read_units = 1'000,
      .beyond = BeyondCapacity::kThrottle,
      .burst_seconds = 0.1},
     {{0, 0, 250, 0, ""},
      {0, 0, 1, -1, kKeyRange},
      {0, 0.9, 1, 0, ""},
      {140, 0, 1, -1, kKeyRange},
      {160, 0, 1, 160, ""}}},
    {"the table's limit throttles every range",
     {.partitions = 2,
      .partition_read_units = 0,
      .table_read_units = 1'000,
      .beyond = BeyondCapacity::kThrottle,
      .burst_seconds = 0.1},
     {{0, 0, 150, 0, ""}, {0, 0.5, 1, -1, kTable}, {60, 0.5, 1, 60, ""}}},
    {"by another reason",
     {.table_read_units = 1'000,
      .beyond = BeyondCapacity::kThrottle,
      .burst_seconds = 0.1,
      .table_throttling_reason = kOnDemand},
     {{0, 0, 150, 0, ""}, {0, 0, 1, -1, kOnDemand}}},
};

TEST(ServiceModelTest, AdmitsByLatencyAndCapacity) {
  for (const auto& one : kCases) {
    SCOPED_TRACE(one.name);
    const auto model = MakeModel(one.options);
    const MonotonicTime begin{};
    for (const auto& step : one.steps) {
      SCOPED_TRACE(step.at_ms);
      const auto answer =
          model->Admit(step.hash_position, step.read_units, begin + milliseconds(step.at_ms));
      if (step.answered_ms >= 0) {
        ASSERT_TRUE(answer.has_value());
        const std::chrono::duration<double, std::milli> at = *answer - begin;
        EXPECT_NEAR(at.count(), step.answered_ms, 0.01);
        continue;
      }
      ASSERT_FALSE(answer.has_value());
      EXPECT_EQ(answer.error().throttling_reason, step.reason);
      EXPECT_THAT(answer.error().type,
                  testing::HasSubstr(step.reason == std::string(kOnDemand)
                                         ? "#ThrottlingException"
                                         : "#ProvisionedThroughputExceededException"));
    }
  }
}

TEST(ServiceModelTest, ManyStreamsReachTheBoundAndNoMore) {
  const auto model =
      MakeModel({.page_latency = milliseconds(150), .partitions = 4, .table_read_units = 10'000});
  // 16 streams ask for the next page of 128.5 units as soon as the last one is there.
  constexpr double kPageUnits = 128.5;
  const MonotonicTime begin{};
  std::multimap<MonotonicTime, double> streams;
  for (int i = 0; i < 16; ++i) streams.emplace(begin, i / 16.0);
  double units = 0;
  const auto end = begin + std::chrono::seconds(20);
  while (streams.begin()->first < end) {
    const auto [now, position] = *streams.begin();
    streams.erase(streams.begin());
    units += kPageUnits;
    streams.emplace(*model->Admit(position, kPageUnits, now), position);
  }
  EXPECT_NEAR(units / 20, 10'000, 150);
}

TEST(ServiceModelTest, RefusesWhatIsNoService) {
  const ServiceModelOptions cases[] = {
      {.partitions = 0},
      {.partition_read_units = -1},
      {.table_read_units = -1},
      {.burst_seconds = -1},
      {.page_latency = milliseconds(-1)},
      {.beyond = BeyondCapacity::kThrottle},
  };
  for (const auto& options : cases) EXPECT_FALSE(ServiceModel::Make(options).has_value());
}

}  // namespace
}  // namespace sumac::fake_dynamodb
