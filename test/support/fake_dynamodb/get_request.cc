#include "fake_dynamodb/get_request.h"

#include <fmt/format.h>
#include <simdjson.h>

#include "base/json_text.h"

namespace sumac::fake_dynamodb {
namespace {

namespace dom = simdjson::dom;

constexpr size_t kBatchKeysMax = 100;

// Fills the projection and the consistency.
std::optional<ServiceError> ReadItemParameters(dom::object request, ReadParameters& parameters) {
  auto scope = ExpressionScope::Read(request, {"ProjectionExpression"});
  if (!scope) return scope.error();
  auto projection = ReadProjection(request, *scope);
  if (!projection) return projection.error();
  parameters.projection = std::move(*projection);
  if (auto refusal = scope->RefuseUnused()) return refusal;
  const auto consistent = ReadFlag(request, "ConsistentRead", false);
  if (!consistent) return consistent.error();
  parameters.consistent_read = *consistent;
  return std::nullopt;
}

Answer<BatchOfTable> ReadBatchOfTable(std::string_view table_name, dom::element json) {
  dom::object request;
  if (json.get(request)) return Refuse(NotJson());
  auto refusal =
      RefuseUnknown(request, "BatchGetItem",
                    {"Keys", "ProjectionExpression", "ExpressionAttributeNames", "ConsistentRead"});
  if (refusal) return Refuse(*refusal);
  BatchOfTable batch;
  batch.table_name = table_name;
  dom::array keys;
  if (request["Keys"].get(keys) || keys.size() == 0) {
    return Refuse(Constraint(keys.size() == 0 ? "'[]'" : "null",
                             fmt::format("requestItems.{}.member.keys", table_name),
                             "Member must have length greater than or equal to 1"));
  }
  for (const auto key : keys) batch.keys.push_back(simdjson::minify(key));
  for (const auto [name, value] : request) {
    if (name == "Keys") continue;
    AppendJsonString(name, batch.other_members);
    batch.other_members += ':' + simdjson::minify(value) + ',';
  }
  refusal = ReadItemParameters(request, batch);
  if (refusal) return Refuse(*refusal);
  return batch;
}

}  // namespace

Answer<GetParameters> ParseGetItem(std::string_view body) {
  dom::parser parser;
  dom::object request;
  if (parser.parse(std::string(body)).get(request)) return Refuse(NotJson());
  auto refusal =
      RefuseUnknown(request, "GetItem",
                    {"TableName", "Key", "ProjectionExpression", "ExpressionAttributeNames",
                     "ConsistentRead", "ReturnConsumedCapacity"});
  if (refusal) return Refuse(*refusal);
  GetParameters parameters;
  auto table_name = ReadTableName(request);
  if (!table_name) return Refuse(table_name.error());
  parameters.table_name = std::move(*table_name);
  dom::element key;
  if (request["Key"].get(key)) {
    return Refuse(Constraint("null", "key", "Member must not be null"));
  }
  parameters.key = simdjson::minify(key);
  refusal = ReadItemParameters(request, parameters);
  if (refusal) return Refuse(*refusal);
  const auto capacity = ReadCapacityDetail(request);
  if (!capacity) return Refuse(capacity.error());
  parameters.capacity = *capacity;
  return parameters;
}

Answer<std::vector<BatchOfTable>> ParseBatchGetItem(std::string_view body) {
  dom::parser parser;
  dom::object request;
  if (parser.parse(std::string(body)).get(request)) return Refuse(NotJson());
  if (auto refusal =
          RefuseUnknown(request, "BatchGetItem", {"RequestItems", "ReturnConsumedCapacity"})) {
    return Refuse(*refusal);
  }
  dom::object tables;
  if (request["RequestItems"].get(tables)) {
    return Refuse(Constraint("null", "requestItems", "Member must not be null"));
  }
  if (tables.size() == 0) {
    return Refuse(
        Constraint("'{}'", "requestItems", "Member must have length greater than or equal to 1"));
  }
  const auto capacity = ReadCapacityDetail(request);
  if (!capacity) return Refuse(capacity.error());
  std::vector<BatchOfTable> batches;
  size_t key_count = 0;
  for (const auto [name, json] : tables) {
    auto batch = ReadBatchOfTable(name, json);
    if (!batch) return Refuse(batch.error());
    batch->capacity = *capacity;
    key_count += batch->keys.size();
    batches.push_back(std::move(*batch));
  }
  if (key_count > kBatchKeysMax) {
    return Refuse(ValidationError("Too many items requested for the BatchGetItem call"));
  }
  return batches;
}

}  // namespace sumac::fake_dynamodb
