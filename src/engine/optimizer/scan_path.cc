#include "engine/optimizer/scan_path.h"

#include <duckdb/planner/expression/bound_columnref_expression.hpp>
#include <duckdb/planner/expression/bound_conjunction_expression.hpp>
#include <duckdb/planner/expression/bound_reference_expression.hpp>
#include <duckdb/planner/expression_iterator.hpp>

namespace sumac::engine {
namespace {

using duckdb::ColumnBinding;
using duckdb::Expression;
using duckdb::LogicalOperatorType;

const ColumnBinding* BindingOf(const Expression& expression) {
  if (expression.GetExpressionClass() != duckdb::ExpressionClass::BOUND_COLUMN_REF) return nullptr;
  const auto& reference = expression.Cast<duckdb::BoundColumnRefExpression>();
  return reference.depth == 0 ? &reference.binding : nullptr;
}

std::optional<duckdb::idx_t> PlaceOf(const ColumnBinding& binding,
                                     const duckdb::vector<ColumnBinding>& outputs) {
  const auto found = std::find(outputs.begin(), outputs.end(), binding);
  if (found == outputs.end()) return std::nullopt;
  return static_cast<duckdb::idx_t>(found - outputs.begin());
}

// Returns whether all columns have a place.
bool PlaceColumns(duckdb::unique_ptr<Expression>& expression,
                  const duckdb::vector<ColumnBinding>& outputs) {
  if (const auto* binding = BindingOf(*expression)) {
    const auto place = PlaceOf(*binding, outputs);
    if (!place) return false;
    expression =
        duckdb::make_uniq<duckdb::BoundReferenceExpression>(expression->return_type, *place);
    return true;
  }
  bool all = expression->GetExpressionClass() != duckdb::ExpressionClass::BOUND_COLUMN_REF &&
             expression->GetExpressionClass() != duckdb::ExpressionClass::BOUND_SUBQUERY;
  duckdb::ExpressionIterator::EnumerateChildren(
      *expression,
      [&](duckdb::unique_ptr<Expression>& child) { all = PlaceColumns(child, outputs) && all; });
  return all;
}

}  // namespace

RemoteScanBindData* NarrowableScan(duckdb::LogicalOperator& op) {
  if (op.type != LogicalOperatorType::LOGICAL_GET) return nullptr;
  auto& get = op.Cast<duckdb::LogicalGet>();
  auto* scan = dynamic_cast<RemoteScanBindData*>(get.bind_data.get());
  if (scan == nullptr || !get.children.empty()) return nullptr;
  const auto& table = *scan->table;
  return table.MayLeaveItemsOut() && !table.stored_pages ? scan : nullptr;
}

std::optional<ScanPath> PathToScan(duckdb::LogicalOperator& op) {
  ScanPath path;
  auto* at = &op;
  for (; at->type == LogicalOperatorType::LOGICAL_PROJECTION; at = at->children[0].get()) {
    path.projections.push_back(&at->Cast<duckdb::LogicalProjection>());
  }
  for (; at->type == LogicalOperatorType::LOGICAL_FILTER; at = at->children[0].get()) {
    path.filters.push_back(&at->Cast<duckdb::LogicalFilter>());
  }
  path.scan = NarrowableScan(*at);
  if (path.scan == nullptr) return std::nullopt;
  path.get = &at->Cast<duckdb::LogicalGet>();
  return path;
}

std::optional<ScannedColumn> ColumnBelow(const ScanPath& path, const Expression& expression) {
  const auto* binding = BindingOf(expression);
  for (const auto* projection : path.projections) {
    if (binding == nullptr || binding->table_index != projection->table_index ||
        binding->column_index >= projection->expressions.size()) {
      return std::nullopt;
    }
    binding = BindingOf(*projection->expressions[binding->column_index]);
  }
  const auto& ids = path.get->GetColumnIds();
  if (binding == nullptr || binding->column_index >= ids.size()) return std::nullopt;
  const auto place = PlaceOf(*binding, path.get->GetColumnBindings());
  const auto& id = ids[binding->column_index];
  if (!place || id.IsVirtualColumn() || id.HasChildren()) return std::nullopt;
  const auto field = static_cast<size_t>(id.GetPrimaryIndex());
  const auto& columns = path.scan->table->schema->columns;
  const auto& type = expression.return_type;
  const bool has_collation = type.id() == duckdb::LogicalTypeId::VARCHAR &&
                             !duckdb::StringType::GetCollation(type).empty();
  if (field >= columns.size() || columns[field].shape.type != type || has_collation) {
    return std::nullopt;
  }
  return ScannedColumn{field, *place};
}

std::optional<FilterOfOutput> FilterBelow(const ScanPath& path) {
  const auto outputs = path.get->GetColumnBindings();
  duckdb::vector<duckdb::unique_ptr<Expression>> all;
  for (const auto* filter : path.filters) {
    for (const auto& expression : filter->expressions) {
      auto copy = expression->Copy();
      if (copy->IsVolatile() || !PlaceColumns(copy, outputs)) return std::nullopt;
      all.push_back(std::move(copy));
    }
  }
  if (all.empty()) return FilterOfOutput{};
  if (all.size() == 1) return FilterOfOutput{std::shared_ptr<const Expression>(all[0].release())};
  auto conjunction =
      std::make_shared<duckdb::BoundConjunctionExpression>(duckdb::ExpressionType::CONJUNCTION_AND);
  conjunction->children = std::move(all);
  return FilterOfOutput{std::move(conjunction)};
}

}  // namespace sumac::engine
