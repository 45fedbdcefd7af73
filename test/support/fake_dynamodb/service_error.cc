#include "fake_dynamodb/service_error.h"

#include <fmt/format.h>

#include "base/json_text.h"

namespace sumac::fake_dynamodb {

std::string ServiceError::ToJson() const {
  std::string json = R"({"__type":)";
  AppendJsonString(type, json);
  json += R"(,"message":)";
  AppendJsonString(message, json);
  if (!throttling_reason.empty()) {
    json += R"(,"ThrottlingReasons":[{"reason":)";
    AppendJsonString(throttling_reason, json);
    json += R"(,"resource":)";
    AppendJsonString(throttling_resource, json);
    json += "}]";
  }
  json += '}';
  return json;
}

ServiceError DynamodbError(std::string_view name, std::string message) {
  return {
      400, fmt::format("com.amazonaws.dynamodb.v20120810#{}", name), std::move(message), {}, {}};
}

ServiceError ValidationError(std::string message) {
  return {400, "com.amazon.coral.validate#ValidationException", std::move(message), {}, {}};
}

ServiceError CoralError(std::string_view name, std::string message) {
  return {400, fmt::format("com.amazon.coral.service#{}", name), std::move(message), {}, {}};
}

}  // namespace sumac::fake_dynamodb
