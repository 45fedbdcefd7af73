#include "base/metrics.h"

#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sumac {
namespace {

using testing::HasSubstr;

const MetricDefinition kPages = {
    "pages_total", MetricDefinition::Kind::kCounter, "Pages read.", {"dataset", "kind"}};
const MetricDefinition kColumns = {
    "columns", MetricDefinition::Kind::kGauge, "Columns there are.", {"dataset"}};

TEST(Metrics, IsEmptyAtFirst) {
  EXPECT_EQ(Metrics().Text(), "");
}

TEST(Metrics, WritesThePrometheusFormat) {
  Metrics metrics;
  metrics.Add(kPages, {"users", "a"});
  metrics.Add(kPages, {"users", "a"}, 2.5);
  metrics.Add(kPages, {"orders", "a"}, 0);
  metrics.Set(kColumns, {"users"}, 7);
  metrics.Set(kColumns, {"users"}, 3);
  const std::string text = metrics.Text();
  EXPECT_THAT(text, HasSubstr("# HELP pages_total Pages read.\n# TYPE pages_total counter\n"));
  EXPECT_THAT(text, HasSubstr("pages_total{dataset=\"users\",kind=\"a\"} 3.5\n"));
  EXPECT_THAT(text, HasSubstr("pages_total{dataset=\"orders\",kind=\"a\"} 0\n"));
  EXPECT_THAT(text, HasSubstr("# TYPE columns gauge\n"));
  EXPECT_THAT(text, HasSubstr("columns{dataset=\"users\"} 3\n"));
}

TEST(Metrics, GivesTheSameAsValues) {
  const MetricDefinition durations = {
      "durations_ms", MetricDefinition::Kind::kHistogram, "How long.", {"dataset"}, {10, 0.5e6}};
  Metrics metrics;
  metrics.Add(kPages, {"users", "a\"b"}, 2.5);
  metrics.Set(kColumns, {"users"}, 7);
  metrics.Observe(durations, {"users"}, 12);
  // Each sample is a line of the text.
  const std::string text = "\n" + metrics.Text();
  const auto samples = metrics.Samples();
  ASSERT_EQ(samples.size(), 7U);
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n') - 1, 7 + 3 * 2);
  for (const auto& sample : samples) EXPECT_THAT(text, HasSubstr("\n" + sample.name + "{"));
  EXPECT_EQ(samples[0].name, "pages_total");
  EXPECT_EQ(samples[0].value, 2.5);
  EXPECT_EQ(samples[0].labels,
            (decltype(samples[0].labels){{"dataset", "users"}, {"kind", "a\"b"}}));
  EXPECT_EQ(samples[1].value, 7);
  EXPECT_EQ(samples[2].name, "durations_ms_bucket");
  EXPECT_EQ(samples[2].value, 0);
  EXPECT_EQ(samples[3].labels.back(), (std::pair<std::string, std::string>{"le", "500000"}));
  EXPECT_EQ(samples[3].value, 1);
  EXPECT_EQ(samples[4].labels.back().second, "+Inf");
  EXPECT_EQ(samples[5].name, "durations_ms_sum");
  EXPECT_EQ(samples[5].value, 12);
  EXPECT_EQ(samples[6].name, "durations_ms_count");
}

TEST(Metrics, CountsAmountsInBuckets) {
  const MetricDefinition durations = {
      "durations_ms", MetricDefinition::Kind::kHistogram, "How long.", {"dataset"}, {10, 100}};
  Metrics metrics;
  for (const double amount : {5.0, 10.0, 50.0, 1000.0}) {
    metrics.Observe(durations, {"users"}, amount);
  }
  const std::string text = metrics.Text();
  EXPECT_THAT(text, HasSubstr("# TYPE durations_ms histogram\n"));
  EXPECT_THAT(text, HasSubstr("durations_ms_count{dataset=\"users\"} 4\n"));
  EXPECT_THAT(text, HasSubstr("durations_ms_sum{dataset=\"users\"} 1065\n"));
  EXPECT_THAT(text, HasSubstr("durations_ms_bucket{dataset=\"users\",le=\"10\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("durations_ms_bucket{dataset=\"users\",le=\"100\"} 3\n"));
  EXPECT_THAT(text, HasSubstr("durations_ms_bucket{dataset=\"users\",le=\"+Inf\"} 4\n"));
}

TEST(Metrics, EscapesLabelValues) {
  Metrics metrics;
  metrics.Set(kColumns, {"a\"b\\c\nd"}, 1);
  EXPECT_THAT(metrics.Text(), HasSubstr(R"(columns{dataset="a\"b\\c\nd"} 1)"));
}

TEST(Metrics, HasABoundOnLabelSets) {
  Metrics metrics;
  for (size_t i = 0; i < Metrics::kLabelSetsMax; ++i) {
    metrics.Add(kPages, {"d" + std::to_string(i), "a"});
  }
  metrics.Add(kPages, {"d7", "a"});
  metrics.Add(kPages, {"one more", "a"});
  metrics.Add(kPages, {"and another", "b"}, 2);
  const std::string text = metrics.Text();
  EXPECT_THAT(text, HasSubstr("pages_total{dataset=\"d7\",kind=\"a\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("pages_total{dataset=\"_other\",kind=\"_other\"} 3\n"));
  EXPECT_THAT(text, Not(HasSubstr("another")));
}

TEST(Metrics, CountsFromManyThreads) {
  constexpr int kThreads = 8;
  constexpr int kTimes = 500;
  Metrics metrics;
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&metrics] {
      for (int i = 0; i < kTimes; ++i) metrics.Add(kPages, {"users", "a"});
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_THAT(metrics.Text(), HasSubstr("pages_total{dataset=\"users\",kind=\"a\"} 4000\n"));
}

TEST(Metrics, AGaugeThatIsGoneIsNotShown) {
  const MetricDefinition gauge{"state", MetricDefinition::Kind::kGauge, "What it is.", {"dataset"}};
  Metrics metrics;
  metrics.Remove(gauge, {"a"});
  metrics.Set(gauge, {"a"}, 1);
  metrics.Set(gauge, {"b"}, 2);
  metrics.Remove(gauge, {"a"});
  EXPECT_EQ(metrics.Text().find("dataset=\"a\""), std::string::npos) << metrics.Text();
  EXPECT_NE(metrics.Text().find("dataset=\"b\"} 2"), std::string::npos) << metrics.Text();
  metrics.Set(gauge, {"a"}, 3);
  EXPECT_NE(metrics.Text().find("dataset=\"a\"} 3"), std::string::npos) << metrics.Text();
}

}  // namespace
}  // namespace sumac
