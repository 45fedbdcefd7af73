#include "fake_dynamodb/service_model.h"

#include <algorithm>

namespace sumac::fake_dynamodb {
namespace {

constexpr std::string_view kKeyRangeReason = "TableReadKeyRangeThroughputExceeded";

// How long until what is owed is paid.
std::chrono::nanoseconds Debt(double left, double rate) {
  if (rate == 0 || left >= 0) return std::chrono::nanoseconds(0);
  return std::chrono::nanoseconds(static_cast<int64_t>(-left / rate * 1e9));
}

// Provisioned tables answer with one exception, those on demand with another.
ServiceError Throttle(std::string_view reason) {
  const bool on_demand = reason.find("OnDemand") != std::string_view::npos ||
                         reason.find("AccountLimit") != std::string_view::npos;
  auto error =
      on_demand ? DynamodbError("ThrottlingException",
                                "Throughput exceeds the current capacity of your table or index.")
                : DynamodbError("ProvisionedThroughputExceededException",
                                "The level of configured provisioned throughput for the table "
                                "was exceeded.");
  error.throttling_reason = reason;
  error.throttling_resource = "arn:aws:dynamodb:us-west-2:123456789012:table/any";
  return error;
}

}  // namespace

Result<std::unique_ptr<ServiceModel>> ServiceModel::Make(ServiceModelOptions options) {
  if (options.partitions == 0 || options.page_latency.count() < 0 || options.burst_seconds < 0 ||
      options.partition_read_units < 0 || options.table_read_units < 0) {
    return Fail(ErrorCode::kInvalidArgument,
                "a service has one partition at least, and nothing negative");
  }
  if (options.beyond == BeyondCapacity::kThrottle && options.burst_seconds == 0) {
    return Fail(ErrorCode::kInvalidArgument, "a service that throttles needs a burst above 0");
  }
  return std::unique_ptr<ServiceModel>(new ServiceModel(std::move(options)));
}

ServiceModel::ServiceModel(ServiceModelOptions options)
    : options_(std::move(options)), partitions_(options_.partitions) {
  table_.rate = options_.table_read_units;
  for (auto& partition : partitions_) partition.rate = options_.partition_read_units;
}

void ServiceModel::Refill(Bucket& bucket, MonotonicTime now) const {
  const double capacity = bucket.rate * options_.burst_seconds;
  if (!bucket.started) {
    bucket = {bucket.rate, capacity, now, true};
    return;
  }
  const std::chrono::duration<double> elapsed = now - bucket.at;
  bucket.left = std::min(capacity, bucket.left + bucket.rate * std::max(0.0, elapsed.count()));
  bucket.at = std::max(bucket.at, now);
}

Answer<MonotonicTime> ServiceModel::Admit(double hash_position, double read_units,
                                          MonotonicTime now) {
  std::lock_guard lock(mutex_);
  const auto index = static_cast<size_t>(hash_position * static_cast<double>(partitions_.size()));
  auto& partition = partitions_[std::min(index, partitions_.size() - 1)];
  Refill(partition, now);
  Refill(table_, now);
  if (options_.beyond == BeyondCapacity::kThrottle) {
    if (table_.rate > 0 && table_.left <= 0) {
      return Refuse(Throttle(options_.table_throttling_reason));
    }
    if (partition.rate > 0 && partition.left <= 0) return Refuse(Throttle(kKeyRangeReason));
  }
  partition.left -= read_units;
  table_.left -= read_units;
  std::chrono::nanoseconds wait = options_.page_latency;
  if (options_.beyond == BeyondCapacity::kPace) {
    wait = std::max({wait, Debt(partition.left, partition.rate), Debt(table_.left, table_.rate)});
  }
  return now + wait;
}

}  // namespace sumac::fake_dynamodb
