#include "engine/scan/scan_explain.h"

#include "engine/progress_text.h"

namespace sumac::engine {
namespace {

using planning::EstimatedAmount;
using planning::ReadPrice;

std::string WithPrecision(const EstimatedAmount& amount, const std::string& text) {
  if (amount.precision == EstimatedAmount::Precision::kAtLeast) return text + " or more";
  return amount.value > 0 ? "about " + text : text;
}

// Why there is a sum of dollars, or none.
std::string PriceText(const RemoteTable& table) {
  const auto& region = table.client->options().region;
  switch (table.price.kind) {
    case ReadPrice::Kind::kPerUnit:
      if (table.price.is_given) return "by read_price_per_million";
      return "on demand in " + region + ", " + planning::kPricesAsOf;
    case ReadPrice::Kind::kIncluded:
      return "nothing beyond the provisioned capacity";
    case ReadPrice::Kind::kUnknown:
      break;
  }
  return "unknown: no price is known here for this table in " + region +
         "; read_price_per_million gives one";
}

void ShowHow(const RemoteTable& table, const planning::ReadPlan& plan, ExplainLines& lines) {
  if (!plan.index_name.empty()) lines["Index"] = plan.index_name;
  if (plan.fetches_items) lines["Items"] = "fetched by the service";
  if (plan.completed_by_key) lines["Items"] = "by BatchGetItem";
  if (plan.access_path == planning::ReadPlan::AccessPath::kGetItems) {
    lines["Key"] = plan.keys[0];
    if (plan.keys.size() > 1) lines["Keys"] = std::to_string(plan.keys.size());
    return;
  }
  if (plan.access_path == planning::ReadPlan::AccessPath::kScan) {
    lines["Segments"] = std::to_string(table.scan.total_segments);
  }
  if (!plan.key_conditions.empty()) {
    lines["Key condition"] = dynamodb::ConditionText(plan.key_conditions[0]);
  }
  if (plan.key_conditions.size() > 1) {
    lines["Queries"] = std::to_string(plan.key_conditions.size());
  }
  if (plan.filter) lines["Filter"] = dynamodb::ConditionText(*plan.filter);
}

void ShowEstimate(const RemoteTable& table, const planning::ReadEstimate& estimate,
                  ExplainLines& lines) {
  const auto& requests = estimate.requests;
  lines["Estimated requests"] =
      WithPrecision(requests, ThousandsText(static_cast<uint64_t>(requests.value)));
  lines["Estimated RCU"] = EstimateText(estimate.read_units);
  lines["Estimated cost"] = EstimatedCostText(estimate.read_units, table);
  if (estimate.time) lines["Estimated time"] = DurationText(*estimate.time);
}

}  // namespace

std::string EstimateText(const EstimatedAmount& read_units) {
  return WithPrecision(read_units, UnitsText(read_units.value));
}

std::string EstimatedCostText(const EstimatedAmount& read_units, const RemoteTable& table) {
  const auto dollars = planning::DollarsFor(table.price, read_units.value);
  if (table.price.kind != ReadPrice::Kind::kPerUnit || !dollars) return PriceText(table);
  return WithPrecision(read_units, DollarsText(*dollars)) + " (" + PriceText(table) + ")";
}

ExplainLines ExplainScan(const RemoteTable& table, const planning::ReadPlan& plan,
                         const planning::ReadEstimate& estimate) {
  ExplainLines lines;
  lines["Operation"] = planning::OperationName(plan);
  lines["Table"] = table.table_name;
  ShowHow(table, plan, lines);
  if (!table.stored_pages) ShowEstimate(table, estimate, lines);
  return lines;
}

ExplainLines ExplainAnalyzedScan(const RemoteTable& table, const planning::ReadPlan& plan,
                                 const planning::ReadEstimate& estimate,
                                 const ScanOutcome& outcome) {
  ExplainLines lines;
  const auto& statistics = outcome.statistics;
  lines["Operation"] = planning::OperationName(plan);
  if (outcome.count_only) lines["Operation"] += " (Select=COUNT)";
  lines["Table"] = table.table_name;
  ShowHow(table, plan, lines);
  lines["Estimated RCU"] = EstimateText(estimate.read_units);
  lines["Consumed RCU"] = duckdb::Value::DOUBLE(statistics.consumed_read_units).ToString();
  const auto dollars = planning::DollarsFor(table.price, statistics.consumed_read_units);
  const bool has_price = table.price.kind == ReadPrice::Kind::kPerUnit && dollars;
  lines["Cost"] =
      has_price ? DollarsText(*dollars) + " (" + PriceText(table) + ")" : PriceText(table);
  lines["Requests"] = std::to_string(statistics.pages);
  lines["Items scanned"] = std::to_string(statistics.items_scanned);
  lines["Items returned"] = std::to_string(statistics.items);
  lines["Time"] = DurationText(outcome.elapsed);
  lines["Bytes"] = std::to_string(statistics.bytes);
  if (statistics.bytes_on_wire != statistics.bytes) {
    lines["Bytes on the wire"] = std::to_string(statistics.bytes_on_wire);
  }
  lines["Streams"] = std::to_string(statistics.streams_most);
  lines["Throttles"] =
      std::to_string(statistics.throttles_of_key_range + statistics.throttles_of_table);
  lines["Failures"] = std::to_string(statistics.failures);
  if (statistics.capacity_wait.count() > 0) {
    lines["Capacity wait"] = std::to_string(statistics.capacity_wait.count()) + " ms";
  }
  return lines;
}

}  // namespace sumac::engine
