#include "engine/scan/pushed_filters.h"

#include "planning/filter_translation.h"

namespace sumac::engine {

void PushedFilters::Add(const duckdb::LogicalGet& get, const RemoteTable& table,
                        const std::vector<duckdb::unique_ptr<duckdb::Expression>>& filters) {
  // A value that does not fit its column fails the query only if it is looked at.
  const bool must_see_all = table.schema->on_type_mismatch == items::MismatchAction::kError;
  if (!table.pushdown || must_see_all) return;
  const auto& columns = get.GetColumnIds();
  const planning::ColumnOf column_of =
      [&](const duckdb::ColumnBinding& binding) -> std::optional<size_t> {
    if (binding.table_index != get.table_index || binding.column_index >= columns.size()) {
      return std::nullopt;
    }
    const auto id = columns[binding.column_index].GetPrimaryIndex();
    if (duckdb::IsVirtualColumn(id)) return std::nullopt;
    return static_cast<size_t>(id);
  };
  for (const auto& filter : filters) {
    if (filter->IsVolatile() || !seen_.insert(filter->ToString()).second) continue;
    auto condition =
        planning::TranslateFilter(*filter, *table.schema, table.description.keys, column_of);
    if (condition) conditions_.push_back(*std::move(condition));
  }
}

planning::ReadPlan PushedFilters::PlanFor(const RemoteTable& table) const {
  auto plan = planning::PlanRead(conditions_, table.description);
  if (plan.access_path == planning::ReadPlan::AccessPath::kQuery && *table.query_denied) {
    plan = planning::PlanScan(conditions_);
  }
  return plan;
}

}  // namespace sumac::engine
