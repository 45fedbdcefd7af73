#include "fake_dynamodb/faults.h"

#include <utility>

namespace sumac::fake_dynamodb {

Fault Fault::Of(FaultKind kind) {
  Fault fault;
  fault.kind = kind;
  return fault;
}

Fault Fault::Error(ServiceError error) {
  Fault fault;
  fault.error = std::move(error);
  return fault;
}

Fault Fault::Throttle(std::string reason) {
  auto error = DynamodbError(
      "ProvisionedThroughputExceededException",
      "The level of configured provisioned throughput for the table was exceeded. Consider "
      "increasing your provisioning level with the UpdateTable API.");
  error.throttling_reason = std::move(reason);
  error.throttling_resource = "arn:aws:dynamodb:us-west-2:123456789012:table/any";
  return Error(std::move(error));
}

Fault Fault::InternalServerError() {
  auto error = DynamodbError("InternalServerError", "Internal server error");
  error.status = 500;
  return Error(std::move(error));
}

Fault Fault::ServiceUnavailable() {
  auto error = CoralError("ServiceUnavailable", "The service is temporarily unavailable.");
  error.status = 503;
  return Error(std::move(error));
}

Fault Fault::AccessDenied() {
  return Error(CoralError(
      "AccessDeniedException",
      "User: arn:aws:iam::123456789012:user/reader is not authorized to perform this operation "
      "because no identity-based policy allows it"));
}

Fault Fault::ExpiredToken() {
  return Error(
      CoralError("ExpiredTokenException", "The security token included in the request is expired"));
}

Fault Fault::UnrecognizedClient() {
  return Error(CoralError("UnrecognizedClientException",
                          "The security token included in the request is invalid."));
}

Fault Fault::PlainText(int status) {
  Fault fault = Of(FaultKind::kPlainText);
  fault.error.status = status;
  return fault;
}

Fault Fault::SlowBytes(size_t chunk_bytes, std::function<void()> between_chunks) {
  Fault fault = Of(FaultKind::kSlowBytes);
  fault.chunk_bytes = chunk_bytes;
  fault.between_chunks = std::move(between_chunks);
  return fault;
}

Fault Fault::MemberOrder(int order) {
  Fault fault = Of(FaultKind::kMemberOrder);
  fault.member_order = order;
  return fault;
}

Fault Fault::UnprocessedKeys(size_t processed_max) {
  Fault fault = Of(FaultKind::kUnprocessedKeys);
  fault.keys_processed_max = processed_max;
  return fault;
}

void Faults::Next(std::string operation, Fault fault, int count) {
  std::lock_guard lock(mutex_);
  rules_.push_back({std::move(operation), std::nullopt, count, std::move(fault), {}});
}

void Faults::NextFrom(std::string access_key_id, Fault fault, int count) {
  std::lock_guard lock(mutex_);
  rules_.push_back({"", std::nullopt, count, std::move(fault), std::move(access_key_id)});
}

void Faults::Nth(std::string operation, int number, Fault fault) {
  std::lock_guard lock(mutex_);
  rules_.push_back({std::move(operation), number, 1, std::move(fault), {}});
}

void Faults::Clear() {
  std::lock_guard lock(mutex_);
  rules_.clear();
}

void Faults::Release() {
  std::lock_guard lock(mutex_);
  ++releases_;
}

int Faults::Releases() const {
  std::lock_guard lock(mutex_);
  return releases_;
}

std::optional<Fault> Faults::Take(const std::string& operation, const std::string& access_key_id) {
  std::lock_guard lock(mutex_);
  const int number_of_operation = ++requests_[operation];
  const int number_of_all = ++requests_[""];
  for (auto rule = rules_.begin(); rule != rules_.end(); ++rule) {
    if (!rule->operation.empty() && rule->operation != operation) continue;
    if (!rule->access_key_id.empty() && rule->access_key_id != access_key_id) continue;
    const int number = rule->operation.empty() ? number_of_all : number_of_operation;
    if (rule->number && *rule->number != number) continue;
    Fault fault = rule->fault;
    if (--rule->remaining <= 0) rules_.erase(rule);
    return fault;
  }
  return std::nullopt;
}

}  // namespace sumac::fake_dynamodb
