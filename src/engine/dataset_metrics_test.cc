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

std::string KindName(const MetricDefinition& metric) {
  switch (metric.kind) {
    case MetricDefinition::Kind::kCounter:
      return "counter";
    case MetricDefinition::Kind::kGauge:
      return "gauge";
    case MetricDefinition::Kind::kHistogram:
      return "histogram";
  }
  return "";
}

// "counter | `dataset`, `column`" by the names in the table of docs/metrics.md.
std::map<std::string, std::string> Documented() {
  std::ifstream file(std::string(SUMAC_SOURCE_DIR) + "/docs/metrics.md");
  EXPECT_TRUE(file.is_open());
  const std::regex row(R"(\| `((?:dataset|accelerated)_[a-z_]+)` \| ([a-z]+) \| ([^|]*)\|.*)");
  std::map<std::string, std::string> documented;
  std::string line;
  std::smatch match;
  while (std::getline(file, line)) {
    if (!std::regex_match(line, match, row)) continue;
    documented[match[1]] = match[2].str() + " | " + match[3].str();
    while (documented[match[1]].ends_with(' ')) documented[match[1]].pop_back();
  }
  return documented;
}

TEST(DatasetMetrics, AreThoseOfTheDocumentation) {
  std::map<std::string, std::string> defined;
  for (const auto* metric : AllDatasetMetrics()) {
    std::string text = KindName(*metric) + " | " + LabelList(*metric);
    while (text.ends_with(' ')) text.pop_back();
    defined[metric->name] = text;
  }
  EXPECT_EQ(defined.size(), AllDatasetMetrics().size());
  EXPECT_EQ(Documented(), defined);
}

TEST(DatasetMetrics, CanBeCounted) {
  Metrics metrics;
  for (const auto* metric : AllDatasetMetrics()) {
    const std::vector<std::string> values(metric->labels.size(), "x");
    switch (metric->kind) {
      case MetricDefinition::Kind::kCounter:
        metrics.Add(*metric, values);
        break;
      case MetricDefinition::Kind::kGauge:
        metrics.Set(*metric, values, 1);
        break;
      case MetricDefinition::Kind::kHistogram:
        metrics.Observe(*metric, values, 1);
        break;
    }
    EXPECT_NE(metrics.Text().find("\n# TYPE " + std::string(metric->name) + " " +
                                  KindName(*metric) + "\n"),
              std::string::npos)
        << metric->name;
  }
}

}  // namespace
}  // namespace sumac::engine
