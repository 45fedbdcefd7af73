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
#include "server/observation/query_history.h"
#include "server/query_limits.h"

namespace sumac::server {

// What queries of all calls share.
struct FlightQueryContext {
  Backend& backend;
  const Clock& clock;
  CallWatch& watch;
  ActiveQueries& active_queries;
  QueryHistory& history;
  const QueryLimits& limits;
  engine::RecordBatchLimits batch_limits;
};

// The call that asks. All are called while the query runs only.
struct FlightQueryCall {
  // Whether the client wants no more of it. Called on another thread.
  std::function<bool()> is_cancelled;
  // Ends the call, and with it a message that the client does not take. Called on another thread.
  std::function<void()> abandon;
  // Sends a message; false when the client is gone.
  std::function<bool(engine::IpcMessage)> send;
};

struct FlightQuery {
  StatementText statement;
  engine::QueryParameters parameters;
  // What the client asks for; counts from the start of RunFlightQuery.
  std::optional<std::chrono::milliseconds> timeout;
  RequestContext request;
};

struct FlightQueryReport {
  // Known after an error, too: what a query has cost before it failed is paid for all the same.
  double consumed_read_units = 0;
  std::vector<std::string> warnings;
};

// Sends the schema and the rows of a query, within the limits.
Status RunFlightQuery(const FlightQueryContext& context, FlightQuery query,
                      const FlightQueryCall& call, FlightQueryReport& report);

// Sends rows that are there already.
Status SendRows(const std::vector<engine::ArrowColumn>& columns,
                const std::vector<duckdb::vector<duckdb::Value>>& rows,
                engine::RecordBatchLimits limits,
                const std::function<bool(engine::IpcMessage)>& send);

}  // namespace sumac::server
