#include "fake_dynamodb/scan_request.h"

#include <fmt/format.h>
#include <simdjson.h>

namespace sumac::fake_dynamodb {
namespace {

namespace dom = simdjson::dom;

constexpr uint32_t kTotalSegmentsMax = 1'000'000;
constexpr uint32_t kListLimitMax = 100;

std::optional<ServiceError> ReadSegments(dom::object request, ScanParameters& parameters) {
  const auto segment = ReadBoundedInteger(request, "Segment", "segment", 0, kTotalSegmentsMax - 1);
  if (!segment) return segment.error();
  const auto total =
      ReadBoundedInteger(request, "TotalSegments", "totalSegments", 1, kTotalSegmentsMax);
  if (!total) return total.error();
  if (segment->has_value() && !total->has_value()) {
    return ValidationError(
        "The TotalSegments parameter is required but was not present in the request when Segment "
        "parameter is present");
  }
  if (total->has_value() && !segment->has_value()) {
    return ValidationError(
        "The Segment parameter is required but was not present in the request when parameter "
        "TotalSegments is present");
  }
  parameters.segment = segment->value_or(0);
  parameters.total_segments = total->value_or(1);
  if (parameters.segment >= parameters.total_segments) {
    return ValidationError(
        fmt::format("The Segment parameter is zero-based and must be less than parameter "
                    "TotalSegments: Segment: {} is not less than TotalSegments: {}",
                    parameters.segment, parameters.total_segments));
  }
  return std::nullopt;
}

}  // namespace

Answer<ScanParameters> ParseScan(std::string_view body) {
  dom::parser parser;
  dom::object request;
  if (parser.parse(std::string(body)).get(request)) return Refuse(NotJson());
  auto refusal = RefuseUnknown(
      request, "Scan",
      {"TableName", "IndexName", "Limit", "Select", "Segment", "TotalSegments", "ExclusiveStartKey",
       "ProjectionExpression", "FilterExpression", "ExpressionAttributeNames",
       "ExpressionAttributeValues", "ReturnConsumedCapacity", "ConsistentRead"});
  if (refusal) return Refuse(*refusal);
  ScanParameters parameters;
  auto table_name = ReadTableName(request);
  if (!table_name) return Refuse(table_name.error());
  parameters.table_name = std::move(*table_name);
  const auto limit = ReadBoundedInteger(request, "Limit", "limit", 1, INT32_MAX);
  if (!limit) return Refuse(limit.error());
  parameters.limit = *limit;
  refusal = ReadSegments(request, parameters);
  if (refusal) return Refuse(*refusal);
  auto scope = ExpressionScope::Read(request, {"ProjectionExpression", "FilterExpression"});
  if (!scope) return Refuse(scope.error());
  refusal = ReadPageParameters(request, *scope, parameters);
  if (refusal) return Refuse(*refusal);
  return parameters;
}

Answer<std::string> ParseTableName(std::string_view body) {
  dom::parser parser;
  dom::object request;
  if (parser.parse(std::string(body)).get(request)) return Refuse(NotJson());
  return ReadTableName(request);
}

Answer<ListParameters> ParseListTables(std::string_view body) {
  dom::parser parser;
  dom::object request;
  if (parser.parse(std::string(body)).get(request)) return Refuse(NotJson());
  ListParameters parameters;
  const auto limit = ReadBoundedInteger(request, "Limit", "limit", 1, kListLimitMax);
  if (!limit) return Refuse(limit.error());
  parameters.limit = limit->value_or(kListLimitMax);
  std::string_view start;
  if (!request["ExclusiveStartTableName"].get(start)) {
    parameters.exclusive_start_table_name = start;
  }
  return parameters;
}

}  // namespace sumac::fake_dynamodb
