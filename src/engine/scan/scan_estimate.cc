#include "engine/scan/scan_estimate.h"

#include <algorithm>

#include "dynamodb/table_throughput.h"

namespace sumac::engine {
namespace {

// What the table gives, or what its datasets take of it, whichever is less.
std::optional<double> UnitsPerSecond(const RemoteTable& table) {
  auto units = dynamodb::ReadUnitsPerSecond(table.description);
  if (!units || !table.scan.capacity) return units;
  if (const auto limit = table.scan.capacity->LowestLimit()) {
    units = std::min(*units, limit->units_per_second);
  }
  return units;
}

}  // namespace

planning::ReadConditions ReadConditionsOf(const RemoteTable& table,
                                          const std::optional<uint64_t>& rows_wanted) {
  planning::ReadConditions conditions;
  conditions.keys = table.description.keys;
  conditions.size = planning::TableSizeOf(table.description, table.seen_size->Best());
  conditions.consistent_read = table.consistent_read;
  conditions.segments = table.scan.total_segments;
  conditions.streams = table.scan.streams.most;
  conditions.units_per_second = UnitsPerSecond(table);
  conditions.rows_wanted = rows_wanted;
  return conditions;
}

planning::ReadEstimate EstimateScanOf(const RemoteTable& table, const planning::ReadPlan& plan,
                                      const std::optional<uint64_t>& rows_wanted) {
  if (table.stored_pages) return {};
  return planning::EstimateRead(plan, ReadConditionsOf(table, rows_wanted));
}

}  // namespace sumac::engine
