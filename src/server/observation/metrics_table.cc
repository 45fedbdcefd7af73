#include "server/observation/metrics_table.h"

#include "server/observation/row_values.h"

namespace sumac::server {

using duckdb::LogicalType;
using duckdb::Value;

std::vector<engine::ResultColumn> MetricsColumns() {
  return {{"timestamp", LogicalType::TIMESTAMP_TZ},
          {"name", LogicalType::VARCHAR},
          {"value", LogicalType::DOUBLE},
          {"labels", LogicalType::MAP(LogicalType::VARCHAR, LogicalType::VARCHAR)}};
}

std::vector<engine::TableRow> MetricsRows(const Metrics& metrics, WallTime now) {
  std::vector<engine::TableRow> rows;
  for (const MetricSample& sample : metrics.Samples()) {
    engine::TableRow row;
    row.push_back(TimeValue(now));
    row.emplace_back(sample.name);
    row.push_back(Value::DOUBLE(sample.value));
    row.push_back(TextMapValue(sample.labels));
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace sumac::server
