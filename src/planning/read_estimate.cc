#include "planning/read_estimate.h"

#include <algorithm>
#include <cmath>

#include "dynamodb/expression_limits.h"
#include "planning/read_units.h"

namespace sumac::planning {
namespace {

using dynamodb::Condition;
using Precision = EstimatedAmount::Precision;

// From one page of 1 MB to the next of its stream, and from a small request to the next. Source of
// the first: published measurements of 125 to 200 ms.
constexpr double kSecondsPerPage = 0.16;
constexpr double kSecondsPerItem = 0.01;

bool IsEquality(const Condition& condition) {
  return condition.kind == Condition::Kind::kCompare &&
         condition.comparison == dynamodb::Comparison::kEqual;
}

// Whether a key condition is of one item.
bool BindsWholeKey(const Condition& condition, size_t key_attributes) {
  if (condition.kind != Condition::Kind::kAll) return key_attributes == 1 && IsEquality(condition);
  return condition.parts.size() == key_attributes &&
         std::all_of(condition.parts.begin(), condition.parts.end(), IsEquality);
}

std::optional<std::chrono::milliseconds> TimeFor(const ReadEstimate& estimate,
                                                 double seconds_per_request,
                                                 const ReadConditions& conditions) {
  // Without a throughput it is not the service itself, of which the other figures are.
  if (!conditions.units_per_second || *conditions.units_per_second <= 0) return std::nullopt;
  if (estimate.read_units.precision != Precision::kAbout) return std::nullopt;
  const double streams = std::clamp(static_cast<double>(conditions.streams), 1.0,
                                    std::max(1.0, estimate.requests.value));
  const double by_requests = estimate.requests.value * seconds_per_request / streams;
  const double by_units = estimate.read_units.value / *conditions.units_per_second;
  return std::chrono::milliseconds(std::llround(1'000 * std::max(by_requests, by_units)));
}

ReadEstimate EstimateScan(const ReadPlan& plan, const ReadConditions& conditions) {
  const auto& size = conditions.size;
  const double least = LeastReadUnits(conditions.consistent_read);
  const double bytes_per_unit = BytesPerReadUnit(conditions.consistent_read);
  ReadEstimate estimate;
  if (conditions.rows_wanted) {
    double bytes = 0;
    if (!plan.filter && size.bytes_per_item) {
      bytes = static_cast<double>(*conditions.rows_wanted) * *size.bytes_per_item;
      bytes = std::min(bytes, size.bytes.value_or(bytes));
    }
    estimate.requests = {std::max(1.0, std::ceil(bytes / kPageBytes)), Precision::kAtLeast};
    estimate.read_units = {std::max(bytes / bytes_per_unit, least), Precision::kAtLeast};
    return estimate;
  }
  const double segments = std::max(1, conditions.segments);
  const auto precision = size.bytes ? Precision::kAbout : Precision::kAtLeast;
  const double bytes = size.bytes.value_or(size.bytes_at_least);
  const double pages = std::max(1.0, std::ceil(bytes / segments / kPageBytes));
  estimate.requests = {segments * pages, precision};
  estimate.read_units = {std::max(bytes / bytes_per_unit, estimate.requests.value * least),
                         precision};
  estimate.time = TimeFor(estimate, kSecondsPerPage, conditions);
  return estimate;
}

ReadEstimate EstimateQueries(const ReadPlan& plan, const ReadConditions& conditions) {
  const auto& keys = plan.key_conditions;
  // Of an index, any number of items may have one key.
  const bool whole_keys = plan.index_name.empty() &&
                          std::all_of(keys.begin(), keys.end(), [&](const Condition& condition) {
                            return BindsWholeKey(condition, conditions.keys.size());
                          });
  if (whole_keys) return EstimateItems(keys.size(), 1, conditions);
  ReadEstimate estimate;
  const double least = LeastReadUnits(conditions.consistent_read);
  // The first may have all rows that are wanted.
  const double requests = conditions.rows_wanted ? 1 : static_cast<double>(keys.size());
  estimate.requests = {requests, Precision::kAtLeast};
  estimate.read_units = {requests * least, Precision::kAtLeast};
  return estimate;
}

}  // namespace

ReadEstimate EstimateItems(uint64_t keys, uint64_t keys_per_request,
                           const ReadConditions& conditions) {
  ReadEstimate estimate;
  const uint64_t requests = (keys + keys_per_request - 1) / keys_per_request;
  estimate.requests = {static_cast<double>(requests), Precision::kAbout};
  const auto& bytes = conditions.size.bytes_per_item;
  estimate.read_units = {
      static_cast<double>(keys) * ReadUnitsOfItem(bytes.value_or(0), conditions.consistent_read),
      bytes ? Precision::kAbout : Precision::kAtLeast};
  estimate.time = TimeFor(estimate, kSecondsPerItem, conditions);
  return estimate;
}

ReadEstimate EstimateRead(const ReadPlan& plan, const ReadConditions& conditions) {
  switch (plan.access_path) {
    case ReadPlan::AccessPath::kScan:
      return EstimateScan(plan, conditions);
    case ReadPlan::AccessPath::kQuery:
      return EstimateQueries(plan, conditions);
    case ReadPlan::AccessPath::kGetItems:
      return EstimateItems(plan.keys.size(), dynamodb::kBatchGetKeysMax, conditions);
    case ReadPlan::AccessPath::kNothing:
      break;
  }
  ReadEstimate nothing;
  nothing.time = std::chrono::milliseconds(0);
  return nothing;
}

EstimatedAmount operator+(const EstimatedAmount& a, const EstimatedAmount& b) {
  const bool about = a.precision == Precision::kAbout && b.precision == Precision::kAbout;
  return {a.value + b.value, about ? Precision::kAbout : Precision::kAtLeast};
}

bool IsFullScan(const ReadPlan& plan, const ReadConditions& conditions) {
  if (plan.access_path != ReadPlan::AccessPath::kScan) return false;
  if (!conditions.rows_wanted || plan.filter) return true;
  return conditions.size.items > 0 &&
         static_cast<double>(*conditions.rows_wanted) >= conditions.size.items;
}

}  // namespace sumac::planning
