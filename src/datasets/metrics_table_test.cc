#include "datasets/metrics_table.h"

#include <gtest/gtest.h>

namespace sumac::datasets {
namespace {

const MetricDefinition kFailures = {
    "failures", MetricDefinition::Kind::kCounter, "What failed.", {"protocol", "code"}};

TEST(MetricsTableTest, HasARowForEachValue) {
  Metrics metrics;
  metrics.Add(kFailures, {"http", "throttled"}, 3);
  const auto columns = MetricsTableColumns();
  const auto rows = MetricsTableRows(metrics, WallTime(std::chrono::hours(24 * 365)));
  ASSERT_EQ(rows.size(), 1U);
  ASSERT_EQ(rows[0].size(), columns.size());
  for (size_t i = 0; i < columns.size(); ++i) EXPECT_EQ(rows[0][i].type(), columns[i].type);
  EXPECT_EQ(rows[0][0].ToString(), "1971-01-01 00:00:00+00");
  EXPECT_EQ(rows[0][1].ToString(), "failures");
  EXPECT_EQ(rows[0][2].ToString(), "3.0");
  EXPECT_EQ(rows[0][3].ToString(), "{code=throttled, protocol=http}");

  Metrics odd;
  odd.Add(kFailures, {"http", "\xff"}, 1);
  EXPECT_EQ(MetricsTableRows(odd, WallTime())[0][3].ToString(),
            "{code='(not valid UTF-8)', protocol=http}");
}

}  // namespace
}  // namespace sumac::datasets
