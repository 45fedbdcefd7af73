#include "engine/scan/join_keys.h"

#include <duckdb/main/client_config.hpp>
#include <duckdb/optimizer/join_filter_pushdown_optimizer.hpp>
#include <duckdb/planner/expression/bound_columnref_expression.hpp>
#include <duckdb/planner/filter/conjunction_filter.hpp>
#include <duckdb/planner/filter/optional_filter.hpp>
#include <duckdb/planner/operator/logical_comparison_join.hpp>
#include <duckdb/planner/operator/logical_get.hpp>

#include "engine/scan/scan_function.h"
#include "planning/filter_translation.h"
#include "planning/read_plan.h"

namespace sumac::engine {
namespace {

using duckdb::LogicalOperator;
using duckdb::LogicalOperatorType;
using duckdb::TableFilter;
using duckdb::TableFilterType;

constexpr char kThresholdSetting[] = "dynamic_or_filter_threshold";

// Which rows come out of these depends on all that go in, so no filter of a join above may pass.
bool LooksAtAllRows(const LogicalOperator& plan) {
  switch (plan.type) {
    case LogicalOperatorType::LOGICAL_LIMIT:
    case LogicalOperatorType::LOGICAL_TOP_N:
    case LogicalOperatorType::LOGICAL_DISTINCT:
    case LogicalOperatorType::LOGICAL_SAMPLE:
    case LogicalOperatorType::LOGICAL_WINDOW:
      return true;
    default:
      return false;
  }
}

// Its other side may begin before a join above has read what it joins with: what the join knows
// then comes too late to rely on.
bool BeginsByItself(const LogicalOperator& plan) {
  switch (plan.type) {
    case LogicalOperatorType::LOGICAL_AGGREGATE_AND_GROUP_BY:
    case LogicalOperatorType::LOGICAL_ORDER_BY:
    case LogicalOperatorType::LOGICAL_EXCEPT:
    case LogicalOperatorType::LOGICAL_INTERSECT:
      return true;
    default:
      return false;
  }
}

// Lets scans of DynamoDB take what joins above them know; true when there is one.
// `below_any`: a join is above, which DuckDB lets say what it knows to every scan that is open
// below it; `below_join`: in time for the scan.
bool OpenScans(LogicalOperator& plan, bool below_any, bool below_join) {
  if (below_any && LooksAtAllRows(plan)) return false;
  if (BeginsByItself(plan)) below_join = false;
  if (plan.type == LogicalOperatorType::LOGICAL_GET) {
    auto& get = plan.Cast<duckdb::LogicalGet>();
    auto* scan = RemoteScanOf(get);
    if (!below_join || scan == nullptr) return false;
    if (!scan->table->MayLeaveItemsOut() || scan->table->stored_pages) return false;
    get.function.filter_pushdown = true;
    scan->takes_join_keys = true;
    return true;
  }
  const bool is_join = plan.type == LogicalOperatorType::LOGICAL_COMPARISON_JOIN;
  below_any = below_any || is_join;
  below_join = below_join || is_join;
  bool found = false;
  for (auto& child : plan.children) found = OpenScans(*child, below_any, below_join) || found;
  return found;
}

// What EXPLAIN needs to say how each is read.
void NoteColumns(LogicalOperator& plan) {
  for (auto& child : plan.children) NoteColumns(*child);
  if (plan.type != LogicalOperatorType::LOGICAL_GET) return;
  auto& get = plan.Cast<duckdb::LogicalGet>();
  if (auto* scan = RemoteScanOf(get)) scan->planned_columns = get.GetColumnIds();
}

void PrepareJoins(duckdb::OptimizerExtensionInput& input,
                  duckdb::unique_ptr<LogicalOperator>& plan) {
  NoteColumns(*plan);
  auto& settings = duckdb::ClientConfig::GetConfig(input.context).set_variables;
  const auto threshold = duckdb::Value::UBIGINT(planning::kKeysMax);
  const auto set = settings.find(kThresholdSetting);
  if (!OpenScans(*plan, false, false)) {
    // Joins of local tables are faster with DuckDB's own.
    if (set != settings.end() && set->second == threshold) settings.erase(set);
    return;
  }
  // Values rather than bounds, as long as they can be keys. Who has set it knows better.
  if (set == settings.end()) settings.emplace(kThresholdSetting, threshold);
  duckdb::JoinFilterPushdownOptimizer(input.optimizer).VisitOperator(*plan);
}

// Everything that `filter` holds together by AND.
void AddConditions(const TableFilter& filter, const duckdb::Expression& column,
                   const RemoteTable& table, const planning::ColumnOf& column_of,
                   std::vector<dynamodb::Condition>& conditions) {
  switch (filter.filter_type) {
    case TableFilterType::CONJUNCTION_AND:
      for (const auto& child : filter.Cast<duckdb::ConjunctionAndFilter>().child_filters) {
        AddConditions(*child, column, table, column_of, conditions);
      }
      return;
    case TableFilterType::OPTIONAL_FILTER:
      AddConditions(*filter.Cast<duckdb::OptionalFilter>().child_filter, column, table, column_of,
                    conditions);
      return;
    case TableFilterType::CONSTANT_COMPARISON:
    case TableFilterType::IN_FILTER: {
      auto translation = planning::TranslateFilter(*filter.ToExpression(column), *table.schema,
                                                   table.description.keys, column_of);
      if (translation.condition) conditions.push_back(*std::move(translation.condition));
      return;
    }
    default:
      return;
  }
}

}  // namespace

duckdb::OptimizerExtension JoinKeysExtension() {
  duckdb::OptimizerExtension extension;
  extension.optimize_function = PrepareJoins;
  return extension;
}

std::vector<dynamodb::Condition> JoinKeysOf(duckdb::optional_ptr<duckdb::TableFilterSet> filters,
                                            const duckdb::vector<duckdb::ColumnIndex>& columns,
                                            const RemoteTable& table) {
  std::vector<dynamodb::Condition> conditions;
  if (!filters || !table.MayLeaveItemsOut()) return conditions;
  for (const auto& [position, filter] : filters->filters) {
    if (position >= columns.size() || columns[position].IsVirtualColumn()) continue;
    // What a field of it is, says nothing of the whole.
    if (columns[position].HasChildren()) continue;
    const size_t index = columns[position].GetPrimaryIndex();
    if (index >= table.schema->columns.size()) continue;
    const duckdb::BoundColumnRefExpression column(table.schema->columns[index].shape.type,
                                                  duckdb::ColumnBinding(0, 0));
    AddConditions(
        *filter, column, table, [index](const auto&) { return std::optional(index); }, conditions);
  }
  return conditions;
}

}  // namespace sumac::engine
