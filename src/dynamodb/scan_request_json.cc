#include "dynamodb/scan_request_json.h"

#include "base/json_text.h"
#include "dynamodb/expression_writer.h"

namespace sumac::dynamodb {
namespace {

// Appends ProjectionExpression, if it is within bounds.
void AppendProjection(const std::vector<AttributePath>& paths, ExpressionPlaceholders& placeholders,
                      std::string& out) {
  // What is left out must not leave names behind: the service refuses those that are not used.
  auto with_paths = placeholders;
  std::string expression;
  for (const auto& path : paths) {
    if (!expression.empty()) expression += ',';
    expression += with_paths.Path(path);
    if (expression.size() > kExpressionBytesMax) return;
  }
  placeholders = std::move(with_paths);
  out += ",\"ProjectionExpression\":\"" + expression + '"';
}

}  // namespace

std::string ScanRequestJson(const ScanRequest& request) {
  std::string out = "{\"TableName\":";
  AppendJsonString(request.table_name, out);
  out += ",\"ReturnConsumedCapacity\":\"TOTAL\"";
  ExpressionPlaceholders placeholders;
  if (request.key_condition) {
    out += ",\"KeyConditionExpression\":\"" + ExpressionText(*request.key_condition, placeholders) +
           '"';
  }
  if (request.filter) {
    out += ",\"FilterExpression\":\"" + ExpressionText(*request.filter, placeholders) + '"';
  }
  if (request.count_only) {
    out += ",\"Select\":\"COUNT\"";
  } else if (!request.projection.empty()) {
    AppendProjection(request.projection, placeholders, out);
  }
  placeholders.AppendMembers(out);
  if (request.consistent_read) out += ",\"ConsistentRead\":true";
  if (request.page_limit_items) out += ",\"Limit\":" + std::to_string(*request.page_limit_items);
  if (request.total_segments > 1 && !request.key_condition) {
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
