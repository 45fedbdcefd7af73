#include "engine/optimizer/repeatable_check.h"

#include <algorithm>
#include <string>
#include <string_view>

#include <duckdb/catalog/catalog.hpp>
#include <duckdb/catalog/catalog_entry/scalar_function_catalog_entry.hpp>
#include <duckdb/catalog/catalog_entry/schema_catalog_entry.hpp>
#include <duckdb/catalog/catalog_entry/table_catalog_entry.hpp>
#include <duckdb/optimizer/optimizer_extension.hpp>
#include <duckdb/planner/operator/logical_get.hpp>

#include "engine/database.h"
#include "engine/query_state.h"
#include "engine/scan/scan_function.h"

namespace sumac::engine {
namespace {

using duckdb::LogicalOperator;
using duckdb::LogicalOperatorType;

// Table functions whose rows follow from their arguments, and DuckDB's scan of its own tables,
// which is that of copies and of database files: these are open for reading, which keeps everybody
// from writing to them, and opened anew by loading alone. Readers of files are not in it.
constexpr std::string_view kRepeatableTableFunctions[] = {
    "generate_series", "json_each",  "json_tree", "range",
    "repeat",          "repeat_row", "seq_scan",  "unnest",
};

bool IsRepeatableScan(duckdb::LogicalGet& get) {
  const auto table = get.GetTable();
  if (table && duckdb::StringUtil::CIEquals(table->ParentSchema().name, kRuntimeSchema)) {
    return false;
  }
  if (RemoteScanOf(get) != nullptr) return true;
  const auto& all = kRepeatableTableFunctions;
  return std::find(std::begin(all), std::end(all), get.function.name) != std::end(all);
}

// A list of what gives the same rows for the same rows, so that an operator of a newer DuckDB is
// out until somebody has looked. Not in it: what changes or explains something, samples, tables of
// the catalog.
bool IsRepeatable(LogicalOperator& op) {
  switch (op.type) {
    case LogicalOperatorType::LOGICAL_GET:
      return IsRepeatableScan(op.Cast<duckdb::LogicalGet>());
    case LogicalOperatorType::LOGICAL_PROJECTION:
    case LogicalOperatorType::LOGICAL_FILTER:
    case LogicalOperatorType::LOGICAL_AGGREGATE_AND_GROUP_BY:
    case LogicalOperatorType::LOGICAL_WINDOW:
    case LogicalOperatorType::LOGICAL_UNNEST:
    case LogicalOperatorType::LOGICAL_LIMIT:
    case LogicalOperatorType::LOGICAL_ORDER_BY:
    case LogicalOperatorType::LOGICAL_TOP_N:
    case LogicalOperatorType::LOGICAL_DISTINCT:
    case LogicalOperatorType::LOGICAL_PIVOT:
    case LogicalOperatorType::LOGICAL_DELIM_GET:
    case LogicalOperatorType::LOGICAL_EXPRESSION_GET:
    case LogicalOperatorType::LOGICAL_DUMMY_SCAN:
    case LogicalOperatorType::LOGICAL_EMPTY_RESULT:
    case LogicalOperatorType::LOGICAL_CTE_REF:
    case LogicalOperatorType::LOGICAL_JOIN:
    case LogicalOperatorType::LOGICAL_DELIM_JOIN:
    case LogicalOperatorType::LOGICAL_COMPARISON_JOIN:
    case LogicalOperatorType::LOGICAL_ANY_JOIN:
    case LogicalOperatorType::LOGICAL_CROSS_PRODUCT:
    case LogicalOperatorType::LOGICAL_POSITIONAL_JOIN:
    case LogicalOperatorType::LOGICAL_ASOF_JOIN:
    case LogicalOperatorType::LOGICAL_DEPENDENT_JOIN:
    case LogicalOperatorType::LOGICAL_UNION:
    case LogicalOperatorType::LOGICAL_EXCEPT:
    case LogicalOperatorType::LOGICAL_INTERSECT:
    case LogicalOperatorType::LOGICAL_RECURSIVE_CTE:
    case LogicalOperatorType::LOGICAL_MATERIALIZED_CTE:
      break;
    default:
      return false;
  }
  return std::all_of(op.children.begin(), op.children.end(),
                     [](const auto& child) { return IsRepeatable(*child); });
}

// Before DuckDB's own optimizer, which leaves out parts and puts others in.
void CheckPlan(duckdb::OptimizerExtensionInput& input, duckdb::unique_ptr<LogicalOperator>& plan) {
  QueryState::Of(input.context).NotePlan(IsRepeatable(*plan));
}

// Called when a query uses the function, also where its value goes into the plan at once, as that
// of now() does in a LIMIT, and in views and macros. Null leaves the function as it is.
duckdb::unique_ptr<duckdb::Expression> NoteUse(duckdb::FunctionBindExpressionInput& input) {
  QueryState::Of(input.context).NotePlan(false);
  return nullptr;
}

bool IsRepeatable(const duckdb::ScalarFunction& function) {
  if (function.stability != duckdb::FunctionStability::CONSISTENT) return false;
  // These look at the clock too and do not say so.
  const bool is_age_of_now = function.name == "age" && function.arguments.size() == 1;
  return !is_age_of_now && !function.name.starts_with("current_localtime");
}

}  // namespace

void RegisterRepeatableCheck(duckdb::DuckDB& database) {
  duckdb::OptimizerExtension extension;
  extension.pre_optimize_function = CheckPlan;
  duckdb::DBConfig::GetConfig(*database.instance)
      .optimizer_extensions.push_back(std::move(extension));

  duckdb::Connection connection(database);
  auto& context = *connection.context;
  context.RunFunctionInTransaction([&] {
    const auto mark = [](duckdb::CatalogEntry& entry) {
      // Scalar, aggregate and macro functions share a set.
      if (entry.type != duckdb::CatalogType::SCALAR_FUNCTION_ENTRY) return;
      for (auto& function : entry.Cast<duckdb::ScalarFunctionCatalogEntry>().functions.functions) {
        if (!IsRepeatable(function) && function.bind_expression == nullptr) {
          function.bind_expression = NoteUse;
        }
      }
    };
    for (const auto& schema : duckdb::Catalog::GetSystemCatalog(context).GetSchemas(context)) {
      schema.get().Scan(context, duckdb::CatalogType::SCALAR_FUNCTION_ENTRY, mark);
    }
  });
}

}  // namespace sumac::engine
