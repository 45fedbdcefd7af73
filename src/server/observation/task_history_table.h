// The queries that have ended as a table of SQL: spice.runtime.task_history.
#pragma once

#include <memory>
#include <vector>

#include "engine/database.h"
#include "server/observation/query_history.h"

namespace sumac::server {

inline constexpr char kTaskHistoryTable[] = "runtime.task_history";

// Those of Spice first, then Sumac's own.
std::vector<engine::ResultColumn> TaskHistoryColumns();

// A row for each query, the oldest first.
std::vector<engine::TableRow> TaskHistoryRows(QueryHistory& history);

}  // namespace sumac::server
