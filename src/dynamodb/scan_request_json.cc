#include "dynamodb/scan_request_json.h"

#include "base/json_text.h"
#include "dynamodb/expression_writer.h"

namespace sumac::dynamodb {
namespace {

// The keys of a BatchGetItem, as an array: those that are left of the request before, or all.
void AppendKeys(const ScanRequest& request, std::string& out) {
  if (!request.exclusive_start_key.empty()) {
    out += request.exclusive_start_key;
    return;
  }
  out += '[';
  for (const auto& key : *request.keys) {
    if (out.back() != '[') out += ',';
    out += key;
  }
  out += ']';
}

// What GetItem and BatchGetItem have in common.
std::string ReadOptions(const ScanRequest& request) {
  ExpressionPlaceholders placeholders;
  std::string out = ProjectionMember(request.projection, placeholders);
  placeholders.AppendMembers(out);
  if (request.consistent_read) out += ",\"ConsistentRead\":true";
  return out;
}

std::string GetRequestJson(const ScanRequest& request) {
  const std::string capacity = "\"ReturnConsumedCapacity\":\"TOTAL\"";
  std::string table;
  AppendJsonString(request.table_name, table);
  if (request.keys->size() == 1) {
    return "{\"TableName\":" + table + "," + capacity + ",\"Key\":" + request.keys->front() +
           ReadOptions(request) + "}";
  }
  std::string out = "{" + capacity + ",\"RequestItems\":{" + table + ":{\"Keys\":";
  AppendKeys(request, out);
  return out + ReadOptions(request) + "}}}";
}

}  // namespace

std::string ScanRequestJson(const ScanRequest& request) {
  if (request.keys) return GetRequestJson(request);
  std::string out = "{\"TableName\":";
  AppendJsonString(request.table_name, out);
  out += ",\"ReturnConsumedCapacity\":\"TOTAL\"";
  if (!request.index_name.empty()) {
    out += ",\"IndexName\":";
    AppendJsonString(request.index_name, out);
  }
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
  } else if (request.fetches_items) {
    out += ",\"Select\":\"ALL_ATTRIBUTES\"";
  } else {
    out += ProjectionMember(request.projection, placeholders);
  }
  placeholders.AppendMembers(out);
  if (request.consistent_read) out += ",\"ConsistentRead\":true";
  if (request.descending && request.key_condition) out += ",\"ScanIndexForward\":false";
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
