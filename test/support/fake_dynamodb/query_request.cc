#include "fake_dynamodb/query_request.h"

#include <simdjson.h>

#include "fake_dynamodb/condition_parser.h"

namespace sumac::fake_dynamodb {

namespace dom = simdjson::dom;

Answer<QueryParameters> ParseQuery(std::string_view body) {
  dom::parser parser;
  dom::object request;
  if (parser.parse(std::string(body)).get(request)) return Refuse(NotJson());
  auto refusal =
      RefuseUnknown(request, "Query",
                    {"TableName", "IndexName", "Limit", "Select", "ExclusiveStartKey",
                     "KeyConditionExpression", "ProjectionExpression", "FilterExpression",
                     "ExpressionAttributeNames", "ExpressionAttributeValues",
                     "ReturnConsumedCapacity", "ConsistentRead", "ScanIndexForward"});
  if (refusal) return Refuse(*refusal);
  QueryParameters parameters;
  auto table_name = ReadTableName(request);
  if (!table_name) return Refuse(table_name.error());
  parameters.table_name = std::move(*table_name);
  const auto limit = ReadBoundedInteger(request, "Limit", "limit", 1, INT32_MAX);
  if (!limit) return Refuse(limit.error());
  parameters.limit = *limit;
  auto scope = ExpressionScope::Read(
      request, {"ProjectionExpression", "FilterExpression", "KeyConditionExpression"});
  if (!scope) return Refuse(scope.error());
  std::string_view expression;
  if (request["KeyConditionExpression"].get(expression)) {
    return Refuse(ValidationError(
        "Either the KeyConditions or KeyConditionExpression parameter must be specified in the "
        "request."));
  }
  const auto condition = ParseCondition(expression, "KeyConditionExpression", *scope);
  if (!condition) return Refuse(condition.error());
  auto tests = KeyTestsOf(*condition);
  if (!tests) return Refuse(tests.error());
  parameters.key_tests = std::move(*tests);
  refusal = ReadPageParameters(request, *scope, parameters);
  if (refusal) return Refuse(*refusal);
  const auto forward = ReadFlag(request, "ScanIndexForward", true);
  if (!forward) return Refuse(forward.error());
  parameters.forward = *forward;
  return parameters;
}

}  // namespace sumac::fake_dynamodb
