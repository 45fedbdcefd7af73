// What the process counts of itself as a table of SQL: spice.runtime.metrics.
#pragma once

#include <vector>

#include "base/clock.h"
#include "base/metrics.h"
#include "engine/database.h"

namespace sumac::server {

inline constexpr char kMetricsTable[] = "runtime.metrics";

std::vector<engine::ResultColumn> MetricsColumns();

// A row for each value that Metrics has `now`, as Prometheus would be told it.
std::vector<engine::TableRow> MetricsRows(const Metrics& metrics, WallTime now);

}  // namespace sumac::server
