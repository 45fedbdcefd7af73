#include "engine/optimizer/fallback_rule.h"

#include <algorithm>
#include <memory>
#include <optional>

#include <duckdb/optimizer/optimizer.hpp>
#include <duckdb/planner/binder.hpp>
#include <duckdb/planner/expression/bound_cast_expression.hpp>
#include <duckdb/planner/expression/bound_columnref_expression.hpp>
#include <duckdb/planner/expression/bound_constant_expression.hpp>
#include <duckdb/planner/filter/conjunction_filter.hpp>
#include <duckdb/planner/filter/optional_filter.hpp>
#include <duckdb/planner/operator/logical_get.hpp>
#include <duckdb/planner/operator/logical_projection.hpp>
#include <duckdb/planner/operator/logical_set_operation.hpp>

#include "engine/query_state.h"
#include "engine/scan/fallback_gate.h"
#include "engine/scan/fallback_mark.h"
#include "engine/scan/scan_function.h"
#include "engine/source_fallback.h"

namespace sumac::engine {
namespace {

using duckdb::Expression;
using duckdb::LogicalGet;
using duckdb::LogicalOperator;
using duckdb::LogicalOperatorType;

// That of the source behind the copy. What is wrong with the source is said when it is read.
duckdb::TableFunction ScanFunctionOf(duckdb::ClientContext& context, const FallbackMark& mark,
                                     duckdb::unique_ptr<duckdb::FunctionData>& bind_data) {
  try {
    return mark.source->ScanFunction(context, mark.dataset, bind_data);
  } catch (const duckdb::InterruptException&) {
    throw;
  } catch (const std::exception& exception) {
    duckdb::ErrorData data(exception);
    const auto unreachable =
        MakeUnreachableSource(mark.source->Columns(), ErrorFromDuckDb(context, data));
    return unreachable->ScanFunction(context, mark.dataset, bind_data);
  }
}

// The scan of the source behind the copy that `mark` belongs to, without columns.
duckdb::unique_ptr<LogicalGet> ScanOfSource(duckdb::OptimizerExtensionInput& input,
                                            const FallbackMark& mark) {
  duckdb::unique_ptr<duckdb::FunctionData> bind_data;
  auto function = ScanFunctionOf(input.context, mark, bind_data);
  // With those of both sides, joins would make conditions of what their other side has.
  function.statistics = nullptr;
  duckdb::vector<duckdb::LogicalType> types;
  duckdb::vector<duckdb::string> names;
  for (const auto& column : mark.source->Columns()) {
    types.push_back(column.type);
    names.push_back(column.name);
  }
  auto get = duckdb::make_uniq<LogicalGet>(
      input.optimizer.binder.GenerateTableIndex(), std::move(function), std::move(bind_data),
      std::move(types), std::move(names), mark.source->VirtualColumns());
  if (auto* scan = RemoteScanOf(*get)) scan->opens_late = true;
  return get;
}

// What `source` calls the column that `id` is of `copy`; nothing when it has none.
std::optional<duckdb::column_t> ColumnInSource(const LogicalGet& copy, const LogicalGet& source,
                                               const duckdb::ColumnIndex& id) {
  if (id.IsVirtualColumn()) {
    const auto column = id.GetPrimaryIndex();
    if (source.virtual_columns.count(column) == 0) return std::nullopt;
    return column;
  }
  const auto& name = copy.names[id.GetPrimaryIndex()];
  const auto found = std::find_if(source.names.begin(), source.names.end(), [&](const auto& other) {
    return duckdb::StringUtil::CIEquals(name, other);
  });
  if (found == source.names.end()) return std::nullopt;
  return static_cast<duckdb::column_t>(found - source.names.begin());
}

// The source's rows with the columns of the copy's scan, in their order.
duckdb::unique_ptr<LogicalOperator> RowsOfSource(duckdb::OptimizerExtensionInput& input,
                                                 const LogicalGet& copy, const FallbackMark& mark) {
  auto get = ScanOfSource(input, mark);
  duckdb::vector<duckdb::unique_ptr<Expression>> columns;
  for (const auto& id : copy.GetColumnIds()) {
    const auto& type = copy.GetColumnType(id);
    const auto column = ColumnInSource(copy, *get, id);
    if (!column) {
      columns.push_back(duckdb::make_uniq<duckdb::BoundConstantExpression>(duckdb::Value(type)));
      continue;
    }
    const duckdb::ColumnBinding binding(get->table_index, get->GetColumnIds().size());
    get->AddColumnId(*column);
    const auto& own_type = get->GetColumnType(get->GetColumnIds().back());
    columns.push_back(duckdb::BoundCastExpression::AddCastToType(
        input.context, duckdb::make_uniq<duckdb::BoundColumnRefExpression>(own_type, binding),
        type));
  }
  if (get->GetColumnIds().empty()) get->AddColumnId(get->GetAnyColumn());
  auto projection = duckdb::make_uniq<duckdb::LogicalProjection>(
      input.optimizer.binder.GenerateTableIndex(), std::move(columns));
  projection->children.push_back(std::move(get));
  projection->ResolveOperatorTypes();
  return projection;
}

// Before DuckDB optimizes.
void PutSourceBehind(duckdb::OptimizerExtensionInput& input,
                     duckdb::unique_ptr<LogicalOperator>& op) {
  for (auto& child : op->children) PutSourceBehind(input, child);
  if (op->type != LogicalOperatorType::LOGICAL_GET) return;
  auto& copy = op->Cast<LogicalGet>();
  const auto* mark = FallbackMarkOf(copy);
  if (mark == nullptr) return;
  if (copy.GetColumnIds().empty()) copy.AddColumnId(copy.GetAnyColumn());
  auto source = RowsOfSource(input, copy, *mark);
  const auto columns = copy.GetColumnIds().size();
  const auto table_index = copy.table_index;
  copy.table_index = input.optimizer.binder.GenerateTableIndex();
  // In order: the source has to wait.
  op = duckdb::make_uniq<duckdb::LogicalSetOperation>(
      table_index, columns, std::move(op), std::move(source), LogicalOperatorType::LOGICAL_UNION,
      true, false);
  op->ResolveOperatorTypes();
}

// The scan of a copy with a source behind it that is nearest to `op`, below what DuckDB puts on its
// way; null when there is none.
LogicalGet* ScanOfCopy(LogicalOperator& op) {
  if (op.type == LogicalOperatorType::LOGICAL_GET) {
    auto& get = op.Cast<LogicalGet>();
    return FallbackMarkOf(get) != nullptr ? &get : nullptr;
  }
  if (op.type == LogicalOperatorType::LOGICAL_UNION) return nullptr;
  for (auto& child : op.children) {
    if (auto* get = ScanOfCopy(*child)) return get;
  }
  return nullptr;
}

// Whether something is left of `filter` without what is known only while the query runs: the rows
// that an ORDER BY with a LIMIT has found so far.
bool KeepsFilter(duckdb::unique_ptr<duckdb::TableFilter>& filter) {
  using duckdb::TableFilterType;
  if (!filter || filter->filter_type == TableFilterType::DYNAMIC_FILTER) return false;
  if (filter->filter_type == TableFilterType::OPTIONAL_FILTER) {
    return KeepsFilter(filter->Cast<duckdb::OptionalFilter>().child_filter);
  }
  if (filter->filter_type != TableFilterType::CONJUNCTION_AND) return true;
  auto& parts = filter->Cast<duckdb::ConjunctionAndFilter>().child_filters;
  parts.erase(
      std::remove_if(parts.begin(), parts.end(), [](auto& part) { return !KeepsFilter(part); }),
      parts.end());
  return !parts.empty();
}

void DropLateFilters(LogicalGet& get) {
  auto& filters = get.table_filters.filters;
  for (auto it = filters.begin(); it != filters.end();) {
    it = KeepsFilter(it->second) ? std::next(it) : filters.erase(it);
  }
}

// Of a union of PutSourceBehind, as of no other, the first side is a marked scan that has not been
// put behind anything else.
void SetGates(LogicalOperator& op) {
  const bool is_union = op.type == LogicalOperatorType::LOGICAL_UNION &&
                        !op.Cast<duckdb::LogicalSetOperation>().allow_out_of_order;
  if (auto* copy = is_union ? ScanOfCopy(*op.children[0]) : nullptr) {
    // Whether the copy has such rows is not to depend on what others happen to know in time.
    copy->dynamic_filters.reset();
    DropLateFilters(*copy);
    auto gate = std::make_shared<FallbackGate>();
    op.children[0] = WatchCopy(std::move(op.children[0]), gate);
    op.children[1] = GateSource(std::move(op.children[1]), std::move(gate));
  }
  for (auto& child : op.children) SetGates(*child);
}

void Optimize(duckdb::OptimizerExtensionInput&, duckdb::unique_ptr<LogicalOperator>& plan) {
  SetGates(*plan);
}

}  // namespace

duckdb::OptimizerExtension FallbackExtension() {
  duckdb::OptimizerExtension extension;
  extension.pre_optimize_function = PutSourceBehind;
  extension.optimize_function = Optimize;
  return extension;
}

}  // namespace sumac::engine
