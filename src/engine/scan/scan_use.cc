#include "engine/scan/scan_use.h"

#include "planning/key_order.h"

namespace sumac::engine {
namespace {

bool ComesIn(const RowOrder& wanted, const planning::ReadPlan& plan, const RemoteTable& table) {
  const auto sorted = planning::OrderOf(plan, table.description);
  if (!sorted) return false;
  const auto order = planning::OrderOfKey(table.schema->columns[wanted.column], sorted->key);
  if (!order || (order->may_be_null && wanted.nulls_first)) return false;
  const bool may_repeat = order->may_repeat || !sorted->unique;
  return !may_repeat || !wanted.more_columns;
}

}  // namespace

std::shared_ptr<const FirstRows> EarlyEnd(const ScanUse& use, const planning::ReadPlan& plan,
                                          const RemoteTable& table) {
  const auto& first = use.first_rows;
  return first && first->order && !ComesIn(*first->order, plan, table) ? nullptr : first;
}

RowGoals RowGoalsOf(const ScanUse& use, const planning::ReadPlan& plan,
                    const PushedFilters& filters, const RemoteTable& table) {
  const bool filtered = plan.filter.has_value() || filters.HasOthers();
  const auto first = EarlyEnd(use, plan, table);
  RowGoals goals;
  if (first && first->order) {
    // What stands in has another order, and is read to its end.
    goals.planned = {first->rows, filtered};
  } else if (use.rows_wanted) {
    goals.planned = {*use.rows_wanted, filtered};
    goals.stand_in = {*use.rows_wanted, true};
  }
  return goals;
}

}  // namespace sumac::engine
