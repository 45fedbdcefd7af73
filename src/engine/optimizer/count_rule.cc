#include "engine/optimizer/count_rule.h"

#include <algorithm>

#include <duckdb/planner/expression/bound_aggregate_expression.hpp>
#include <duckdb/planner/operator/logical_aggregate.hpp>

#include "engine/optimizer/scan_path.h"

namespace sumac::engine {
namespace {

using duckdb::LogicalOperatorType;
using planning::ReadPlan;

bool IsCountOfRows(const duckdb::unique_ptr<duckdb::Expression>& expression) {
  if (expression->GetExpressionClass() != duckdb::ExpressionClass::BOUND_AGGREGATE) return false;
  const auto& function = expression->Cast<duckdb::BoundAggregateExpression>();
  return function.function.name == "count_star" && !function.filter && !function.IsDistinct();
}

bool OnlyCounts(const duckdb::LogicalAggregate& aggregate) {
  return aggregate.groups.empty() && aggregate.grouping_sets.size() <= 1 &&
         !aggregate.expressions.empty() &&
         std::all_of(aggregate.expressions.begin(), aggregate.expressions.end(), IsCountOfRows);
}

// What the filters of the path say, and nothing that was seen before they were what they are.
PushedFilters FiltersOf(const ScanPath& path) {
  std::vector<duckdb::unique_ptr<duckdb::Expression>> all;
  for (const auto* filter : path.filters) {
    for (const auto& expression : filter->expressions) all.push_back(expression->Copy());
  }
  PushedFilters filters;
  filters.Add(*path.get, *path.scan->table, all);
  return filters;
}

bool CanCount(const ReadPlan& plan) {
  switch (plan.access_path) {
    case ReadPlan::AccessPath::kScan:
    case ReadPlan::AccessPath::kQuery:
    case ReadPlan::AccessPath::kNothing:
      return plan.exact;
    default:
      return false;
  }
}

duckdb::unique_ptr<duckdb::LogicalOperator> TakeScan(
    duckdb::unique_ptr<duckdb::LogicalOperator> from) {
  while (from->type != LogicalOperatorType::LOGICAL_GET) {
    auto below = std::move(from->children[0]);
    from = std::move(below);
  }
  return from;
}

}  // namespace

void ApplyCount(duckdb::LogicalOperator& op) {
  if (op.type != LogicalOperatorType::LOGICAL_AGGREGATE_AND_GROUP_BY ||
      !OnlyCounts(op.Cast<duckdb::LogicalAggregate>())) {
    return;
  }
  const auto path = PathToScan(*op.children[0]);
  if (!path || path->filters.empty()) return;
  auto& get = *path->get;
  // Those would be for the scan to apply to columns that it is not going to have.
  if (!get.table_filters.filters.empty() || get.dynamic_filters) return;
  auto filters = FiltersOf(*path);
  dynamodb::ScanRequest request;
  request.count_only = true;
  request.consistent_read = path->scan->table->consistent_read;
  if (!CanCount(filters.PlanFor(*path->scan->table, request))) return;
  path->scan->filters = std::move(filters);
  path->scan->use.counts_filtered = true;
  get.ClearColumnIds();
  get.AddColumnId(duckdb::COLUMN_IDENTIFIER_EMPTY);
  get.projection_ids.clear();
  op.children[0] = TakeScan(std::move(op.children[0]));
}

}  // namespace sumac::engine
