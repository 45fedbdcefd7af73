#include "fake_dynamodb/read_parameters.h"

#include <algorithm>

#include <fmt/format.h>

#include "fake_dynamodb/condition_parser.h"
#include "fake_dynamodb/projection_parser.h"

namespace sumac::fake_dynamodb {
namespace {

namespace dom = simdjson::dom;

std::optional<ServiceError> ReadSelect(dom::object request, PageParameters& parameters) {
  std::string_view select;
  if (request["Select"].get(select)) return std::nullopt;
  const bool projects = !parameters.projection.empty();
  if (select == "COUNT") {
    if (projects) {
      return ValidationError(
          "Cannot specify the ProjectionExpression when choosing to get only the Count");
    }
    parameters.count_only = true;
    return std::nullopt;
  }
  if (select == "ALL_ATTRIBUTES" && projects) {
    return ValidationError(
        "Cannot specify the ProjectionExpression when choosing to get ALL_ATTRIBUTES");
  }
  if (select == "SPECIFIC_ATTRIBUTES" && !projects) {
    return ValidationError(
        "Must specify the AttributesToGet or ProjectionExpression when choosing to get "
        "SPECIFIC_ATTRIBUTES");
  }
  if (select == "ALL_PROJECTED_ATTRIBUTES") {
    if (parameters.index_name.empty()) {
      return ValidationError(
          "One or more parameter values were invalid: ALL_PROJECTED_ATTRIBUTES can be used only "
          "when Querying using an IndexName");
    }
    if (projects) {
      return ValidationError(
          "Cannot specify the ProjectionExpression when choosing to get "
          "ALL_PROJECTED_ATTRIBUTES");
    }
    return std::nullopt;
  }
  parameters.all_attributes = select == "ALL_ATTRIBUTES";
  if (parameters.all_attributes || select == "SPECIFIC_ATTRIBUTES") return std::nullopt;
  return Constraint(fmt::format("'{}'", select), "select",
                    "Member must satisfy enum value set: [SPECIFIC_ATTRIBUTES, COUNT, "
                    "ALL_ATTRIBUTES, ALL_PROJECTED_ATTRIBUTES]");
}

}  // namespace

ServiceError NotJson() {
  return CoralError("SerializationException", "");
}

ServiceError Constraint(std::string_view value, std::string_view member, std::string_view rule) {
  return ValidationError(
      fmt::format("1 validation error detected: Value {} at '{}' failed to satisfy constraint: {}",
                  value, member, rule));
}

std::optional<ServiceError> RefuseUnknown(dom::object request, std::string_view operation,
                                          const std::vector<std::string_view>& known) {
  for (const auto [name, value] : request) {
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      return ValidationError(
          fmt::format("The fake DynamoDB does not know {}'s {}", operation, name));
    }
  }
  return std::nullopt;
}

Answer<std::string> ReadTableName(dom::object request) {
  std::string_view name;
  if (request["TableName"].get(name)) {
    return Refuse(Constraint("null", "tableName", "Member must not be null"));
  }
  return std::string(name);
}

Answer<std::optional<uint32_t>> ReadBoundedInteger(dom::object request, const char* name,
                                                   std::string_view member, uint32_t smallest,
                                                   uint32_t largest) {
  dom::element value;
  if (request[name].get(value)) return std::nullopt;
  int64_t number = 0;
  if (value.get(number)) return Refuse(NotJson());
  const auto quoted = fmt::format("'{}'", number);
  if (number < smallest) {
    return Refuse(
        Constraint(quoted, member,
                   fmt::format("Member must have value greater than or equal to {}", smallest)));
  }
  if (number > largest) {
    return Refuse(Constraint(
        quoted, member, fmt::format("Member must have value less than or equal to {}", largest)));
  }
  return static_cast<uint32_t>(number);
}

Answer<bool> ReadFlag(dom::object request, std::string_view name, bool otherwise) {
  dom::element value;
  if (request[name].get(value) || value.is_null()) return otherwise;
  bool flag = false;
  if (value.get(flag)) return Refuse(NotJson());
  return flag;
}

Answer<CapacityDetail> ReadCapacityDetail(dom::object request) {
  std::string_view text;
  if (request["ReturnConsumedCapacity"].get(text) || text == "NONE") return CapacityDetail::kNone;
  if (text == "TOTAL") return CapacityDetail::kTotal;
  if (text == "INDEXES") return CapacityDetail::kIndexes;
  return Refuse(Constraint(fmt::format("'{}'", text), "returnConsumedCapacity",
                           "Member must satisfy enum value set: [INDEXES, TOTAL, NONE]"));
}

Answer<std::vector<AttributePath>> ReadProjection(dom::object request, ExpressionScope& scope) {
  std::string_view expression;
  if (request["ProjectionExpression"].get(expression)) return std::vector<AttributePath>{};
  return ParseProjection(expression, scope);
}

std::optional<ServiceError> ReadPageParameters(dom::object request, ExpressionScope& scope,
                                               PageParameters& parameters) {
  auto projection = ReadProjection(request, scope);
  if (!projection) return projection.error();
  parameters.projection = std::move(*projection);
  std::string_view expression;
  if (!request["FilterExpression"].get(expression)) {
    auto filter = ParseCondition(expression, "FilterExpression", scope);
    if (!filter) return filter.error();
    parameters.filter = std::make_shared<const Condition>(std::move(*filter));
  }
  if (auto refusal = scope.RefuseUnused()) return refusal;
  std::string_view index_name;
  if (!request["IndexName"].get(index_name)) parameters.index_name = index_name;
  if (auto refusal = ReadSelect(request, parameters)) return refusal;
  const auto capacity = ReadCapacityDetail(request);
  if (!capacity) return capacity.error();
  parameters.capacity = *capacity;
  dom::element start_key;
  if (!request["ExclusiveStartKey"].get(start_key)) {
    parameters.exclusive_start_key = simdjson::minify(start_key);
  }
  const auto consistent = ReadFlag(request, "ConsistentRead", false);
  if (!consistent) return consistent.error();
  parameters.consistent_read = *consistent;
  return std::nullopt;
}

}  // namespace sumac::fake_dynamodb
