#include "engine/optimizer/window_offset_check.h"

#include <limits>

#include <duckdb/execution/expression_executor.hpp>
#include <duckdb/optimizer/optimizer_extension.hpp>
#include <duckdb/planner/expression/bound_window_expression.hpp>

namespace sumac::engine {
namespace {

void Check(duckdb::ClientContext& context, const duckdb::Expression& expression) {
  if (expression.GetExpressionClass() != duckdb::ExpressionClass::BOUND_WINDOW) return;
  const auto& window = expression.Cast<duckdb::BoundWindowExpression>();
  if (!window.offset_expr || !window.offset_expr->IsFoldable()) return;
  duckdb::Value offset;
  if (!duckdb::ExpressionExecutor::TryEvaluateScalar(context, *window.offset_expr, offset)) return;
  if (offset.IsNull() || !offset.DefaultTryCastAs(duckdb::LogicalType::BIGINT)) return;
  if (offset.GetValue<int64_t>() != std::numeric_limits<int64_t>::min()) return;
  throw duckdb::InvalidInputException("The offset of lag or lead is out of range");
}

void CheckPlan(duckdb::ClientContext& context, const duckdb::LogicalOperator& op) {
  for (const auto& child : op.children) CheckPlan(context, *child);
  if (op.type != duckdb::LogicalOperatorType::LOGICAL_WINDOW) return;
  for (const auto& expression : op.expressions) Check(context, *expression);
}

}  // namespace

duckdb::OptimizerExtension WindowOffsetCheck() {
  duckdb::OptimizerExtension extension;
  extension.optimize_function = [](duckdb::OptimizerExtensionInput& input,
                                   duckdb::unique_ptr<duckdb::LogicalOperator>& plan) {
    CheckPlan(input.context, *plan);
  };
  return extension;
}

}  // namespace sumac::engine
