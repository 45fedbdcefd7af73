// What the process counts of itself as a table of SQL: spice.runtime.metrics.
#pragma once

#include <memory>
#include <vector>

#include "base/clock.h"
#include "base/metrics.h"
#include "engine/database.h"

namespace sumac::datasets {

inline constexpr char kMetricsTable[] = "runtime.metrics";

std::vector<engine::ResultColumn> MetricsTableColumns();

// A row for each value that Metrics has `now`, as Prometheus would be told it.
std::vector<engine::TableRow> MetricsTableRows(const Metrics& metrics, WallTime now);

// Registers the table. `metrics` outlives the last Session.
void RegisterMetricsTable(engine::Database& database, const Metrics& metrics,
                          std::shared_ptr<const Clock> clock);

}  // namespace sumac::datasets
