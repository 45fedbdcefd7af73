#include "dynamodb/table_throughput.h"

#include <algorithm>
#include <cmath>

namespace sumac::dynamodb {
namespace {

constexpr double kPartitionReadUnits = 3'000;
constexpr double kPartitionWriteUnits = 1'000;
constexpr double kPartitionBytes = 10e9;
// No table that is known has as many; a number from an answer must not become any number of
// streams.
constexpr double kPartitionsMax = 100'000;

}  // namespace

std::optional<double> ReadUnitsPerSecond(const TableDescription& table) {
  const auto& throughput = table.throughput;
  for (const uint64_t units : {throughput.provisioned_read_units, throughput.on_demand_read_units,
                               throughput.warm_read_units}) {
    if (units > 0) return static_cast<double>(units);
  }
  return std::nullopt;
}

const char* ReadUnitsSource(const TableDescription& table) {
  if (table.throughput.provisioned_read_units > 0) return "provisioned throughput";
  if (table.throughput.on_demand_read_units > 0) return "maximum on-demand throughput";
  return "warm throughput";
}

std::optional<int> EstimatedPartitions(const TableDescription& table) {
  const auto& throughput = table.throughput;
  const double reads =
      static_cast<double>(std::max(throughput.warm_read_units, throughput.provisioned_read_units));
  const double writes = static_cast<double>(
      std::max(throughput.warm_write_units, throughput.provisioned_write_units));
  const auto bytes = static_cast<double>(table.size_bytes);
  if (reads == 0 && writes == 0 && bytes == 0) return std::nullopt;
  const double partitions = std::max(
      {reads / kPartitionReadUnits, writes / kPartitionWriteUnits, bytes / kPartitionBytes});
  return static_cast<int>(std::clamp(std::ceil(partitions), 1.0, kPartitionsMax));
}

}  // namespace sumac::dynamodb
