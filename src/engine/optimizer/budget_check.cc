#include "engine/optimizer/budget_check.h"

#include <map>
#include <optional>
#include <string>
#include <utility>

#include <duckdb/optimizer/optimizer_extension.hpp>
#include <duckdb/planner/operator/logical_explain.hpp>
#include <duckdb/planner/operator/logical_get.hpp>
#include <duckdb/planner/operator/logical_limit.hpp>
#include <duckdb/planner/operator/logical_set_operation.hpp>

#include "engine/query_state.h"
#include "engine/scan/fallback_gate.h"
#include "engine/scan/scan_budget.h"
#include "engine/scan/scan_function.h"

namespace sumac::engine {
namespace {

using duckdb::LogicalOperator;
using duckdb::LogicalOperatorType;

// What the scans of one dataset are going to cost together.
struct DatasetTotal {
  const RemoteTable* table = nullptr;
  planning::EstimatedAmount read_units;
};

// One walk over a plan.
class PlanWalk {
 public:
  explicit PlanWalk(duckdb::ClientContext& context) : context_(context) {}

  // `rows_enough`: how many rows `op` is asked for at most.
  void Visit(LogicalOperator& op, std::optional<uint64_t> rows_enough) {
    switch (op.type) {
      case LogicalOperatorType::LOGICAL_GET:
        return VisitScan(op.Cast<duckdb::LogicalGet>(), rows_enough);
      case LogicalOperatorType::LOGICAL_LIMIT:
        rows_enough = RowsOf(op.Cast<duckdb::LogicalLimit>());
        break;
      case LogicalOperatorType::LOGICAL_PROJECTION:
        break;
      case LogicalOperatorType::LOGICAL_UNION:
        // Without ALL, rows that are alike are counted once.
        if (!op.Cast<duckdb::LogicalSetOperation>().setop_all) rows_enough.reset();
        break;
      case LogicalOperatorType::LOGICAL_EXPLAIN:
        // It is to say what the query costs, and reads nothing.
        if (op.Cast<duckdb::LogicalExplain>().explain_type != duckdb::ExplainType::EXPLAIN_ANALYZE)
          reads_ = false;
        rows_enough.reset();
        break;
      case LogicalOperatorType::LOGICAL_PREPARE:
        // Its parameters have no values yet, and may be what it is found by.
        reads_ = false;
        rows_enough.reset();
        break;
      case LogicalOperatorType::LOGICAL_EXTENSION_OPERATOR:
        return VisitExtension(op, rows_enough);
      default:
        // What is between may need more rows than it gives.
        rows_enough.reset();
    }
    for (auto& child : op.children) Visit(*child, rows_enough);
  }

  // Call at the end. Throws the refusal of a dataset.
  void CheckTotals() {
    for (const auto& [name, total] : totals_) {
      CheckBudget(context_, *total.table, total.read_units);
    }
  }

 private:
  void VisitExtension(LogicalOperator& op, std::optional<uint64_t> rows_enough) {
    // What may not be read at all is checked when it begins.
    const bool may_be_left_out = IsSourceGate(op);
    const bool reads = std::exchange(reads_, reads_ && !may_be_left_out);
    if (!may_be_left_out) rows_enough.reset();
    for (auto& child : op.children) Visit(*child, rows_enough);
    reads_ = reads;
  }

  void VisitScan(duckdb::LogicalGet& get, std::optional<uint64_t> rows_enough) {
    auto* scan = RemoteScanOf(get);
    if (scan == nullptr) return;
    // Not every item is a row.
    if (!get.table_filters.filters.empty()) rows_enough.reset();
    scan->rows_enough = rows_enough;
    // What a join finds out first may make it another read; that is checked when it begins.
    if (!reads_ || get.dynamic_filters) return;
    const auto& table = *scan->table;
    const auto plan = PlannedRead(*scan);
    CheckFullScan(context_, table, plan, rows_enough);
    const auto units = EstimateScanOf(table, plan, rows_enough).read_units;
    auto& total = totals_[table.dataset_name];
    total.table = &table;
    total.read_units = total.read_units + units;
  }

  static std::optional<uint64_t> RowsOf(const duckdb::LogicalLimit& limit) {
    using duckdb::LimitNodeType;
    if (limit.limit_val.Type() != LimitNodeType::CONSTANT_VALUE) return std::nullopt;
    const uint64_t rows = limit.limit_val.GetConstantValue();
    switch (limit.offset_val.Type()) {
      case LimitNodeType::UNSET:
        return rows;
      case LimitNodeType::CONSTANT_VALUE:
        return rows + limit.offset_val.GetConstantValue();
      default:
        return std::nullopt;
    }
  }

  duckdb::ClientContext& context_;
  bool reads_ = true;  // the plan is going to be run
  std::map<std::string, DatasetTotal> totals_;
};

void Check(duckdb::OptimizerExtensionInput& input, duckdb::unique_ptr<LogicalOperator>& plan) {
  PlanWalk walk(input.context);
  walk.Visit(*plan, std::nullopt);
  walk.CheckTotals();
}

}  // namespace

void RegisterBudgetCheck(duckdb::DuckDB& database) {
  duckdb::OptimizerExtension extension;
  extension.optimize_function = Check;
  auto& config = duckdb::DBConfig::GetConfig(*database.instance);
  config.optimizer_extensions.push_back(std::move(extension));
}

}  // namespace sumac::engine
