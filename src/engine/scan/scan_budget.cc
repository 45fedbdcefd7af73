#include "engine/scan/scan_budget.h"

#include "engine/progress_text.h"
#include "engine/scan/scan_explain.h"

namespace sumac::engine {
namespace {

constexpr char kWhatToDo[] = "; have it read less, by a key or a LIMIT, or give it a larger budget";

[[noreturn]] void Refuse(duckdb::ClientContext& context, const RemoteTable& table,
                         const std::string& message) {
  ThrowIntoDuckDb(context, UserError(ErrorCode::kResourceExhausted,
                                     "dataset '" + table.dataset_name + "': " + message));
}

// The one that binds: "query_budget_rcu of 1,000".
std::string BudgetText(const RemoteTable& table) {
  const auto& budget = table.budget;
  const auto allowed = planning::UnitsAllowed(budget, table.price);
  if (budget.read_units && *allowed == *budget.read_units) {
    return "query_budget_rcu of " + UnitsText(*budget.read_units);
  }
  return "query_budget_dollars of " + DollarsText(budget.dollars.value_or(0));
}

// " ($0.016)" where there is a price.
std::string InDollars(const RemoteTable& table, double read_units) {
  if (table.price.kind != planning::ReadPrice::Kind::kPerUnit) return "";
  return " (" + DollarsText(planning::DollarsFor(table.price, read_units).value_or(0)) + ")";
}

// "about 16,384 RCU ($0.0020)".
std::string CostText(const RemoteTable& table, const planning::EstimatedAmount& read_units) {
  const bool about = read_units.precision == planning::EstimatedAmount::Precision::kAbout;
  return (about ? "about " : "at least ") + UnitsText(read_units.value) + " RCU" +
         InDollars(table, read_units.value);
}

}  // namespace

void CheckFullScan(duckdb::ClientContext& context, const RemoteTable& table,
                   const planning::ReadPlan& plan, const std::optional<uint64_t>& rows_enough) {
  if (table.budget.allow_full_scan || table.stored_pages) return;
  const auto conditions = ReadConditionsOf(table, rows_enough);
  if (!planning::IsFullScan(plan, conditions)) return;
  const auto units = planning::EstimateRead(plan, conditions).read_units;
  const auto& keys = table.description.keys;
  Refuse(context, table,
         "the query would scan the whole table, " + CostText(table, units) +
             ", and allow_full_scan is false; say what the partition key" +
             (keys.empty() ? "" : " \"" + keys[0].name + "\"") +
             " is, or take a LIMIT and no filter");
}

void CheckBudget(duckdb::ClientContext& context, const RemoteTable& table,
                 const planning::EstimatedAmount& read_units) {
  const auto budget = BudgetOf(QueryState::Of(context), table);
  if (!budget || table.stored_pages) return;
  const double spent = budget->Spent();
  if (read_units.value + spent <= budget->units_max()) return;
  std::string message = "the query would cost " + CostText(table, read_units);
  if (spent > 0) message += ", and has cost " + UnitsText(spent) + " RCU already";
  Refuse(context, table, message + "; its " + BudgetText(table) + " is less" + kWhatToDo);
}

std::shared_ptr<dynamodb::ReadBudget> BudgetOf(QueryState& query, const RemoteTable& table) {
  const auto units = planning::UnitsAllowed(table.budget, table.price);
  if (!units) return nullptr;
  return query.scans().BudgetOf(table.dataset_name, *units);
}

Error BudgetSpentError(const RemoteTable& table, const dynamodb::ReadBudget& budget) {
  return UserError(ErrorCode::kResourceExhausted,
                   "the query was stopped: it has cost " + UnitsText(budget.Spent()) + " RCU" +
                       InDollars(table, budget.Spent()) + ", and its " + BudgetText(table) +
                       " is spent" + kWhatToDo);
}

}  // namespace sumac::engine
