#include "engine/optimizer/row_limit_rule.h"

#include <duckdb/planner/expression/bound_cast_expression.hpp>
#include <duckdb/planner/expression/bound_parameter_expression.hpp>
#include <duckdb/planner/operator/logical_limit.hpp>
#include <duckdb/planner/operator/logical_set_operation.hpp>

#include "engine/optimizer/scan_path.h"

namespace sumac::engine {
namespace {

using duckdb::LimitNodeType;
using duckdb::LogicalOperatorType;

struct Taken {
  uint64_t rows = 0;
  // A parameter may have another value when the plan is used again.
  bool is_sure = true;
};

// Of LIMIT or OFFSET.
std::optional<Taken> RowsOf(duckdb::BoundLimitNode& node) {
  if (node.Type() == LimitNodeType::CONSTANT_VALUE) return Taken{node.GetConstantValue(), true};
  if (node.Type() != LimitNodeType::EXPRESSION_VALUE) return std::nullopt;
  const duckdb::Expression* expression = node.GetExpression().get();
  if (expression->GetExpressionClass() == duckdb::ExpressionClass::BOUND_CAST) {
    expression = expression->Cast<duckdb::BoundCastExpression>().child.get();
  }
  if (expression->GetExpressionClass() != duckdb::ExpressionClass::BOUND_PARAMETER) {
    return std::nullopt;
  }
  const auto& parameter = expression->Cast<duckdb::BoundParameterExpression>();
  if (!parameter.parameter_data) return std::nullopt;
  auto value = parameter.parameter_data->GetValue();
  if (value.IsNull() || !value.DefaultTryCastAs(duckdb::LogicalType::UBIGINT)) return std::nullopt;
  return Taken{value.GetValue<uint64_t>(), false};
}

std::optional<Taken> RowsTaken(duckdb::LogicalLimit& limit) {
  const auto rows = RowsOf(limit.limit_val);
  const bool has_offset = limit.offset_val.Type() != LimitNodeType::UNSET;
  const auto offset = has_offset ? RowsOf(limit.offset_val) : Taken{};
  if (!rows || !offset || rows->rows > kRowsWantedMax ||
      offset->rows > kRowsWantedMax - rows->rows) {
    return std::nullopt;
  }
  return Taken{rows->rows + offset->rows, rows->is_sure && offset->is_sure};
}

// Down through what hands on each row, or drops it, as it comes.
void Tell(duckdb::LogicalOperator& op, const Taken& taken) {
  if (auto path = PathToScan(op)) {
    path->scan->use.rows_wanted = taken.rows;
    auto filter = FilterBelow(*path);
    if (!taken.is_sure || taken.rows == 0 || !filter) return;
    auto first = std::make_shared<FirstRows>();
    first->rows = taken.rows;
    first->filter = std::move(filter->expression);
    path->scan->use.first_rows = std::move(first);
    return;
  }
  const bool is_union = op.type == LogicalOperatorType::LOGICAL_UNION &&
                        op.Cast<duckdb::LogicalSetOperation>().setop_all;
  if (is_union || op.type == LogicalOperatorType::LOGICAL_PROJECTION) {
    for (auto& child : op.children) Tell(*child, taken);
  }
}

}  // namespace

void ApplyRowLimit(duckdb::LogicalOperator& op) {
  if (op.type != LogicalOperatorType::LOGICAL_LIMIT) return;
  if (const auto taken = RowsTaken(op.Cast<duckdb::LogicalLimit>())) Tell(*op.children[0], *taken);
}

}  // namespace sumac::engine
