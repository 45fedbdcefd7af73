#include "engine/optimizer/own_tables_check.h"

#include <duckdb/catalog/catalog.hpp>
#include <duckdb/catalog/catalog_entry/table_catalog_entry.hpp>
#include <duckdb/optimizer/optimizer_extension.hpp>
#include <duckdb/planner/operator/logical_get.hpp>

#include "engine/catalog/spice_catalog.h"
#include "engine/query_state.h"
#include "engine/shut_in.h"

namespace sumac::engine {
namespace {

void Check(duckdb::ClientContext& context, duckdb::LogicalOperator& op) {
  for (auto& child : op.children) Check(context, *child);
  if (op.type != duckdb::LogicalOperatorType::LOGICAL_GET) return;
  auto& get = op.Cast<duckdb::LogicalGet>();
  if (!IsForQueriesThatAreServed(get.function.name)) {
    ThrowIntoDuckDb(context,
                    UserError(ErrorCode::kUnsupported,
                              get.function.name + "() is not for queries that are served"));
  }
  // The scan of a copy says that it is one of the dataset.
  const auto table = get.GetTable();
  if (!table) return;
  const auto& catalog = table->ParentCatalog();
  const auto& name = catalog.GetName();
  if (catalog.IsSystemCatalog() || catalog.IsTemporaryCatalog() || name == kCatalogName) return;
  ThrowIntoDuckDb(context, UserError(ErrorCode::kUnsupported,
                                     "'" + name +
                                         "' is where Sumac keeps tables of its own; query the "
                                         "datasets instead, which SHOW TABLES lists"));
}

void CheckPlan(duckdb::OptimizerExtensionInput& input,
               duckdb::unique_ptr<duckdb::LogicalOperator>& plan) {
  if (QueryState::Of(input.context).shut_in()) Check(input.context, *plan);
}

}  // namespace

duckdb::OptimizerExtension OwnTablesCheck() {
  duckdb::OptimizerExtension extension;
  extension.pre_optimize_function = CheckPlan;
  return extension;
}

}  // namespace sumac::engine
