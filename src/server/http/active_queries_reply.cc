#include "server/http/active_queries_reply.h"

#include <chrono>

#include <fmt/format.h>

#include "base/json_text.h"

namespace sumac::server {
namespace {

void AppendQuery(const ActiveQuery& query, std::string& out) {
  const auto started_at_ms =
      std::chrono::duration_cast<std::chrono::milliseconds>(query.started_at.time_since_epoch());
  out += "{\"query_id\":";
  AppendJsonString(query.id, out);
  out += ",\"protocol\":";
  AppendJsonString(query.protocol, out);
  out += ",\"sql_preview\":";
  AppendJsonString(query.sql_preview, out);
  out += fmt::format(",\"started_at_ms\":{}}}", started_at_ms.count());
}

}  // namespace

HttpReply ActiveQueriesReply(const std::vector<ActiveQuery>& queries) {
  HttpReply reply;
  reply.content_type = kApplicationJson;
  reply.body = "{\"queries\":[";
  for (size_t i = 0; i < queries.size(); ++i) {
    if (i > 0) reply.body += ',';
    AppendQuery(queries[i], reply.body);
  }
  reply.body += fmt::format("],\"total_count\":{}}}", queries.size());
  return reply;
}

HttpReply CancelledQueryReply(const std::string& id) {
  HttpReply reply;
  reply.content_type = kApplicationJson;
  reply.body = "{\"query_id\":";
  AppendJsonString(id, reply.body);
  reply.body += ",\"status\":\"cancelled\"}";
  return reply;
}

}  // namespace sumac::server
