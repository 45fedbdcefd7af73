// The failures that DynamoDB answers with, worded as the service words them.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include <tl/expected.hpp>

namespace sumac::fake_dynamodb {

struct ServiceError {
  int status = 400;
  // With its namespace: "com.amazonaws.dynamodb.v20120810#ResourceNotFoundException".
  std::string type;
  std::string message;
  // What ThrottlingReasons says ("TableReadProvisionedThroughputExceeded") and of which resource;
  // empty for everything but throttles.
  std::string throttling_reason;
  std::string throttling_resource;

  // The body of the answer.
  std::string ToJson() const;
};

template <typename T>
using Answer = tl::expected<T, ServiceError>;

inline tl::unexpected<ServiceError> Refuse(ServiceError error) {
  return tl::unexpected<ServiceError>(std::move(error));
}

// 400 of the API's own namespace, of the validator, and of the front end that all services share.
ServiceError DynamodbError(std::string_view name, std::string message);
ServiceError ValidationError(std::string message);
ServiceError CoralError(std::string_view name, std::string message);

}  // namespace sumac::fake_dynamodb
