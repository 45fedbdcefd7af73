#include "engine/dataset_metrics.h"

#include <fstream>
#include <map>
#include <regex>

#include <gtest/gtest.h>

namespace sumac::engine {
namespace {

std::string LabelList(const MetricDefinition& metric) {
  std::string labels;
  for (const char* label : metric.labels) {
    labels += (labels.empty() ? "`" : ", `") + std::string(label) + "`";
  }
  return labels;
}

// "counter | `dataset`, `column`" by the names in the table of docs/metrics.md.
std::map<std::string, std::string> Documented() {
  std::ifstream file(std::string(SUMAC_SOURCE_DIR) + "/docs/metrics.md");
  EXPECT_TRUE(file.is_open());
  const std::regex row(R"(\| `(dataset_[a-z_]+)` \| (counter|gauge) \| ([^|]*) \|.*)");
  std::map<std::string, std::string> documented;
  std::string line;
  std::smatch match;
  while (std::getline(file, line)) {
    if (!std::regex_match(line, match, row)) continue;
    documented[match[1]] = match[2].str() + " | " + match[3].str();
  }
  return documented;
}

TEST(DatasetMetrics, AreThoseOfTheDocumentation) {
  std::map<std::string, std::string> defined;
  for (const auto* metric : AllDatasetMetrics()) {
    const bool counter = metric->kind == MetricDefinition::Kind::kCounter;
    defined[metric->name] = (counter ? "counter | " : "gauge | ") + LabelList(*metric);
  }
  EXPECT_EQ(defined.size(), AllDatasetMetrics().size());
  EXPECT_EQ(Documented(), defined);
}

TEST(DatasetMetrics, CanBeCounted) {
  Metrics metrics;
  for (const auto* metric : AllDatasetMetrics()) {
    const std::vector<std::string> values(metric->labels.size(), "x");
    if (metric->kind == MetricDefinition::Kind::kCounter) {
      metrics.Add(*metric, values);
    } else {
      metrics.Set(*metric, values, 1);
    }
    EXPECT_NE(metrics.Text().find("\n" + std::string(metric->name) + "{"), std::string::npos);
  }
}

}  // namespace
}  // namespace sumac::engine
