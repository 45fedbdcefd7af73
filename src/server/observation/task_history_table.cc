#include "server/observation/task_history_table.h"

#include "engine/row_values.h"

namespace sumac::server {
namespace {

using duckdb::LogicalType;
using duckdb::Value;

Value LabelsOf(const EndedQuery& query) {
  std::vector<std::pair<std::string, std::string>> labels = {
      {"protocol", query.protocol},
      {"request_id", query.context.request_id},
      {"results_cache", query.cached ? "hit" : "none"}};
  if (!query.error_code.empty()) labels.emplace_back("error_code", query.error_code);
  return engine::TextMapValue(labels);
}

engine::TableRow TaskRow(const EndedQuery& query) {
  engine::TableRow row;
  row.emplace_back(query.context.trace_id);
  row.emplace_back(query.context.span_id);
  row.push_back(engine::TextOrNull(query.context.parent_span_id));
  row.emplace_back("sql_query");
  row.push_back(engine::TextValue(query.sql));
  row.push_back(engine::TextOrNull(query.output));
  row.push_back(engine::TimeValue(query.began_at));
  row.push_back(engine::TimeValue(query.ended_at));
  row.push_back(Value::DOUBLE(query.duration_ms));
  row.push_back(engine::TextOrNull(query.error_message));
  row.push_back(LabelsOf(query));
  row.push_back(query.rows ? Value::BIGINT(static_cast<int64_t>(*query.rows))
                           : Value(LogicalType::BIGINT));
  row.push_back(Value::BIGINT(static_cast<int64_t>(query.bytes)));
  row.push_back(Value::DOUBLE(query.cost.consumed_read_units));
  row.push_back(engine::TextOrNull(query.plan));
  return row;
}

}  // namespace

std::vector<engine::ResultColumn> TaskHistoryColumns() {
  return {{"trace_id", LogicalType::VARCHAR},
          {"span_id", LogicalType::VARCHAR},
          {"parent_span_id", LogicalType::VARCHAR},
          {"task", LogicalType::VARCHAR},
          {"input", LogicalType::VARCHAR},
          {"captured_output", LogicalType::VARCHAR},
          {"start_time", LogicalType::TIMESTAMP_TZ},
          {"end_time", LogicalType::TIMESTAMP_TZ},
          {"execution_duration_ms", LogicalType::DOUBLE},
          {"error_message", LogicalType::VARCHAR},
          {"labels", LogicalType::MAP(LogicalType::VARCHAR, LogicalType::VARCHAR)},
          {"rows", LogicalType::BIGINT},
          {"bytes", LogicalType::BIGINT},
          {"consumed_rcu", LogicalType::DOUBLE},
          {"plan", LogicalType::VARCHAR}};
}

std::vector<engine::TableRow> TaskHistoryRows(QueryHistory& history) {
  std::vector<engine::TableRow> rows;
  for (const EndedQuery& query : history.Ended()) rows.push_back(TaskRow(query));
  return rows;
}

}  // namespace sumac::server
