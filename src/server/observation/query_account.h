// What the engine can tell of a query for its history.
#pragma once

#include <string>

#include "engine/session.h"
#include "server/http/backend.h"
#include "server/observation/query_history.h"

namespace sumac::server {

// What the session's query has read so far.
QueryCost CostOf(const engine::Session& session);

// Adds the plan of `sql` to `running`, when it is to be kept and `status`, that of the query, does
// not say that its time was up or nobody wants it any more. Nothing is read for it. REQUIRES: the
// query has given its last row, or failed.
void CapturePlan(Backend& backend, const std::string& sql,
                 const engine::QueryParameters& parameters, const Status& status,
                 RunningQuery& running);

}  // namespace sumac::server
