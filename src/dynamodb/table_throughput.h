// What a table's description says of how fast it can be read. Pure.
#pragma once

#include <optional>

#include "dynamodb/table_description.h"

namespace sumac::dynamodb {

// Read units a second that the table is paid or kept ready for, and that a share of it is a share
// of: provisioned throughput; on demand, the maximum that was set, else the warm throughput.
// Nothing when the description has none of them, as on emulators.
std::optional<double> ReadUnitsPerSecond(const TableDescription& table);

// What `ReadUnitsPerSecond` is made from, for messages: "provisioned throughput".
const char* ReadUnitsSource(const TableDescription& table);

// Partitions that the table is likely to have, at least 1: each serves 3,000 read units and 1,000
// write units a second and holds 10 GB. Nothing when its size and its throughput are unknown.
// Source of the three figures: developer guide, "Partitions and data distribution"; that they add
// up to a number of partitions is an inference.
std::optional<int> EstimatedPartitions(const TableDescription& table);

}  // namespace sumac::dynamodb
