#include "engine/optimizer/first_rows_rule.h"

#include <duckdb/planner/expression/bound_aggregate_expression.hpp>
#include <duckdb/planner/operator/logical_aggregate.hpp>
#include <duckdb/planner/operator/logical_limit.hpp>
#include <duckdb/planner/operator/logical_order.hpp>
#include <duckdb/planner/operator/logical_top_n.hpp>

#include "engine/optimizer/row_limit_rule.h"
#include "engine/optimizer/scan_path.h"

namespace sumac::engine {
namespace {

using duckdb::LimitNodeType;
using duckdb::LogicalOperatorType;
using duckdb::OrderByNullType;
using duckdb::OrderType;

// What is wanted of the rows of `from`.
struct FirstWanted {
  uint64_t rows = 0;
  const duckdb::Expression* key = nullptr;
  bool descending = false;
  bool nulls_first = false;
  // More decides where the key does not.
  bool more_keys = false;
  duckdb::LogicalOperator* from = nullptr;
};

std::optional<FirstWanted> InOrder(const duckdb::vector<duckdb::BoundOrderByNode>& orders,
                                   uint64_t rows, uint64_t offset, duckdb::LogicalOperator& from) {
  if (orders.empty() || rows > kRowsWantedMax || offset > kRowsWantedMax - rows) {
    return std::nullopt;
  }
  const auto& first = orders[0];
  FirstWanted wanted;
  wanted.rows = rows + offset;
  wanted.key = first.expression.get();
  wanted.descending = first.type == OrderType::DESCENDING;
  wanted.nulls_first = first.null_order != OrderByNullType::NULLS_LAST;
  wanted.more_keys = orders.size() > 1;
  wanted.from = &from;
  if (first.type != OrderType::ASCENDING && !wanted.descending) return std::nullopt;
  return wanted;
}

std::optional<FirstWanted> OfTopN(duckdb::LogicalTopN& top) {
  return InOrder(top.orders, top.limit, top.offset, *top.children[0]);
}

// What DuckDB sorts as a whole, because the limit is a large part of what it expects.
std::optional<FirstWanted> OfLimit(duckdb::LogicalLimit& limit) {
  auto* below = limit.children[0].get();
  while (below->type == LogicalOperatorType::LOGICAL_PROJECTION) below = below->children[0].get();
  if (below->type != LogicalOperatorType::LOGICAL_ORDER_BY ||
      limit.limit_val.Type() != LimitNodeType::CONSTANT_VALUE) {
    return std::nullopt;
  }
  uint64_t offset = 0;
  if (limit.offset_val.Type() == LimitNodeType::CONSTANT_VALUE) {
    offset = limit.offset_val.GetConstantValue();
  } else if (limit.offset_val.Type() != LimitNodeType::UNSET) {
    return std::nullopt;
  }
  auto& order = below->Cast<duckdb::LogicalOrder>();
  return InOrder(order.orders, limit.limit_val.GetConstantValue(), offset, *order.children[0]);
}

// One min or max of all rows.
std::optional<FirstWanted> OfAggregate(duckdb::LogicalAggregate& aggregate) {
  if (!aggregate.groups.empty() || aggregate.grouping_sets.size() > 1 ||
      aggregate.expressions.size() != 1 ||
      aggregate.expressions[0]->GetExpressionClass() != duckdb::ExpressionClass::BOUND_AGGREGATE) {
    return std::nullopt;
  }
  const auto& function = aggregate.expressions[0]->Cast<duckdb::BoundAggregateExpression>();
  const bool is_max = function.function.name == "max";
  if ((!is_max && function.function.name != "min") || function.children.size() != 1 ||
      function.filter) {
    return std::nullopt;
  }
  FirstWanted wanted;
  wanted.rows = 1;
  wanted.key = function.children[0].get();
  wanted.descending = is_max;
  wanted.from = aggregate.children[0].get();
  return wanted;
}

std::optional<FirstWanted> WantedBy(duckdb::LogicalOperator& op) {
  switch (op.type) {
    case LogicalOperatorType::LOGICAL_TOP_N:
      return OfTopN(op.Cast<duckdb::LogicalTopN>());
    case LogicalOperatorType::LOGICAL_LIMIT:
      return OfLimit(op.Cast<duckdb::LogicalLimit>());
    case LogicalOperatorType::LOGICAL_AGGREGATE_AND_GROUP_BY:
      return OfAggregate(op.Cast<duckdb::LogicalAggregate>());
    default:
      return std::nullopt;
  }
}

}  // namespace

void ApplyFirstRows(duckdb::LogicalOperator& op) {
  const auto wanted = WantedBy(op);
  if (!wanted || wanted->rows == 0) return;
  auto path = PathToScan(*wanted->from);
  if (!path) return;
  const auto column = ColumnBelow(*path, *wanted->key);
  auto filter = FilterBelow(*path);
  if (!column || !filter) return;
  // Whether the scan is going to read in this order it knows when it begins.
  auto first = std::make_shared<FirstRows>();
  first->rows = wanted->rows;
  first->order = RowOrder{column->field, column->output, wanted->descending, wanted->nulls_first,
                          wanted->more_keys};
  first->filter = std::move(filter->expression);
  path->scan->use.first_rows = std::move(first);
}

}  // namespace sumac::engine
