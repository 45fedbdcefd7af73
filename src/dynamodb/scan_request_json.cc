#include "dynamodb/scan_request_json.h"

#include "base/json_text.h"

namespace sumac::dynamodb {
namespace {

// Appends ProjectionExpression and ExpressionAttributeNames, if they are within bounds.
void AppendProjection(const std::vector<std::string>& attributes, std::string& out) {
  std::string expression;
  std::string names;
  for (size_t i = 0; i < attributes.size(); ++i) {
    const std::string placeholder = "#n" + std::to_string(i);
    expression += (i > 0 ? "," : "") + placeholder;
    if (expression.size() > kExpressionBytesMax) return;
    names += (i > 0 ? ",\"" : "\"") + placeholder + "\":";
    AppendJsonString(attributes[i], names);
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
