#include "datasets/metrics_table.h"

#include "engine/row_values.h"

namespace sumac::datasets {

using duckdb::LogicalType;
using duckdb::Value;

std::vector<engine::ResultColumn> MetricsTableColumns() {
  return {{"timestamp", LogicalType::TIMESTAMP_TZ},
          {"name", LogicalType::VARCHAR},
          {"value", LogicalType::DOUBLE},
          {"labels", LogicalType::MAP(LogicalType::VARCHAR, LogicalType::VARCHAR)}};
}

std::vector<engine::TableRow> MetricsTableRows(const Metrics& metrics, WallTime now) {
  std::vector<engine::TableRow> rows;
  for (const MetricSample& sample : metrics.Samples()) {
    engine::TableRow row;
    row.push_back(engine::TimeValue(now));
    row.emplace_back(sample.name);
    row.push_back(Value::DOUBLE(sample.value));
    row.push_back(engine::TextMapValue(sample.labels));
    rows.push_back(std::move(row));
  }
  return rows;
}

void RegisterMetricsTable(engine::Database& database, const Metrics& metrics,
                          std::shared_ptr<const Clock> clock) {
  database.RegisterRowTable(
      kMetricsTable, MetricsTableColumns(),
      [&metrics, clock = std::move(clock)] { return MetricsTableRows(metrics, clock->WallNow()); });
}

}  // namespace sumac::datasets
