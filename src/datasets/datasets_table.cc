#include "datasets/datasets_table.h"

#include <chrono>
#include <optional>
#include <string>
#include <utility>

#include "datasets/copy_age.h"
#include "engine/row_values.h"

namespace sumac::datasets {
namespace {

using duckdb::LogicalType;
using duckdb::Value;

using engine::TextOrNull;

Value TimeOrNull(const std::optional<WallTime>& time) {
  return time ? engine::TimeValue(*time) : Value(LogicalType::TIMESTAMP_TZ);
}

engine::TableRow RowOf(const DatasetStatus& dataset, WallTime now) {
  const auto& copy = dataset.copy;
  engine::TableRow row;
  row.push_back(TextOrNull(dataset.name));
  row.push_back(TextOrNull(dataset.from));
  row.push_back(TextOrNull(dataset.description));
  row.push_back(Value::BOOLEAN(dataset.acceleration_enabled));
  row.push_back(TextOrNull(std::string(DatasetStateName(dataset.state))));
  row.push_back(copy ? Value::BIGINT(static_cast<int64_t>(copy->rows)) : Value());
  row.push_back(copy ? Value::BIGINT(static_cast<int64_t>(copy->bytes)) : Value());
  row.push_back(TimeOrNull(copy ? std::optional(copy->read_at) : std::nullopt));
  row.push_back(copy ? Value::DOUBLE(AgeSecondsOf(*copy, now)) : Value());
  row.push_back(TimeOrNull(dataset.attempted_at));
  row.push_back(TimeOrNull(dataset.next_refresh));
  row.push_back(TextOrNull(dataset.error ? dataset.error->message : ""));
  return row;
}

}  // namespace

std::vector<engine::ResultColumn> DatasetsTableColumns() {
  return {{"name", LogicalType::VARCHAR},
          {"from", LogicalType::VARCHAR},
          {"description", LogicalType::VARCHAR},
          {"acceleration_enabled", LogicalType::BOOLEAN},
          {"status", LogicalType::VARCHAR},
          {"rows", LogicalType::BIGINT},
          {"bytes", LogicalType::BIGINT},
          {"last_refresh", LogicalType::TIMESTAMP_TZ},
          {"age_seconds", LogicalType::DOUBLE},
          {"last_attempt", LogicalType::TIMESTAMP_TZ},
          {"next_refresh", LogicalType::TIMESTAMP_TZ},
          {"error_message", LogicalType::VARCHAR}};
}

std::vector<engine::TableRow> DatasetsTableRows(const std::vector<DatasetStatus>& datasets,
                                                WallTime now) {
  std::vector<engine::TableRow> rows;
  rows.reserve(datasets.size());
  for (const auto& dataset : datasets) rows.push_back(RowOf(dataset, now));
  return rows;
}

void RegisterDatasetsTable(engine::Database& database,
                           std::function<std::vector<DatasetStatus>()> datasets,
                           std::shared_ptr<const Clock> clock) {
  database.RegisterRowTable(kDatasetsTable, DatasetsTableColumns(),
                            [datasets = std::move(datasets), clock = std::move(clock)] {
                              return DatasetsTableRows(datasets(), clock->WallNow());
                            });
}

}  // namespace sumac::datasets
