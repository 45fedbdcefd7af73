#include "dynamodb/scan_request_json.h"

#include <unordered_map>

#include "base/json_text.h"

namespace sumac::dynamodb {
namespace {

// Appends ProjectionExpression and ExpressionAttributeNames, if they are within bounds.
void AppendProjection(const std::vector<AttributePath>& paths, std::string& out) {
  std::string expression;
  std::string names;
  std::unordered_map<std::string, std::string> placeholders;  // by name
  for (const auto& path : paths) {
    if (!expression.empty()) expression += ',';
    for (size_t i = 0; i < path.size(); ++i) {
      const auto [entry, is_new] =
          placeholders.emplace(path[i], "#n" + std::to_string(placeholders.size()));
      expression += (i > 0 ? "." : "") + entry->second;
      if (!is_new) continue;
      names += (names.empty() ? "\"" : ",\"") + entry->second + "\":";
      AppendJsonString(path[i], names);
    }
    if (expression.size() > kExpressionBytesMax) return;
  }
  out += ",\"ProjectionExpression\":\"" + expression + "\",\"ExpressionAttributeNames\":{" + names +
         "}";
}

}  // namespace

std::string ScanRequestJson(const ScanRequest& request) {
  std::string out = "{\"TableName\":";
  AppendJsonString(request.table_name, out);
  out += ",\"ReturnConsumedCapacity\":\"TOTAL\"";
  if (request.count_only) {
    out += ",\"Select\":\"COUNT\"";
  } else if (!request.projection.empty()) {
    AppendProjection(request.projection, out);
  }
  if (request.consistent_read) out += ",\"ConsistentRead\":true";
  if (request.page_limit_items) out += ",\"Limit\":" + std::to_string(*request.page_limit_items);
  if (request.total_segments > 1) {
    out += ",\"Segment\":" + std::to_string(request.segment) +
           ",\"TotalSegments\":" + std::to_string(request.total_segments);
  }
  if (!request.exclusive_start_key.empty()) {
    out += ",\"ExclusiveStartKey\":" + request.exclusive_start_key;
  }
  out += "}";
  return out;
}

}  // namespace sumac::dynamodb
