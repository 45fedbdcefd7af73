// One query of one call, from SQL to Arrow messages.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "engine/results/arrow/record_batches.h"
#include "server/active_queries.h"
#include "server/flight/call_watch.h"
#include "server/flight/flight_command.h"
#include "server/http/backend.h"

namespace sumac::server {

// What queries of all calls share.
struct FlightQueryContext {
  Backend& backend;
  const Clock& clock;
  CallWatch& watch;
  ActiveQueries& active_queries;
  engine::RecordBatchLimits batch_limits;
};

// Sends a message; false when the client is gone.
using SendMessage = std::function<bool(engine::IpcMessage)>;

struct FlightQueryReport {
  // Known after an error, too: what a query has cost before it failed is paid for all the same.
  double consumed_read_units = 0;
  std::vector<std::string> warnings;
};

// Sends the schema and the rows of a query. `is_cancelled` says that the client wants no more of
// it. `timeout` counts from now.
Status RunFlightQuery(const FlightQueryContext& context, const StatementText& statement,
                      engine::QueryParameters parameters,
                      std::optional<std::chrono::milliseconds> timeout,
                      std::function<bool()> is_cancelled, const SendMessage& send,
                      FlightQueryReport& report);

// Sends rows that are there already.
Status SendRows(const std::vector<engine::ArrowColumn>& columns,
                const std::vector<duckdb::vector<duckdb::Value>>& rows,
                engine::RecordBatchLimits limits, const SendMessage& send);

}  // namespace sumac::server
