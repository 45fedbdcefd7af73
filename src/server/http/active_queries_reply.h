// The answers about queries that run, in the form that Spice's clients read.
#pragma once

#include <string>
#include <vector>

#include "server/active_queries.h"
#include "server/http/http_reply.h"

namespace sumac::server {

// `{"queries": [{query_id, protocol, sql_preview, started_at_ms}], "total_count": n}`
HttpReply ActiveQueriesReply(const std::vector<ActiveQuery>& queries);

// `{"query_id": id, "status": "cancelled"}`
HttpReply CancelledQueryReply(const std::string& id);

}  // namespace sumac::server
