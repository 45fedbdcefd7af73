// How fast the real service lets a table be read: the latency of a page, partitions of the hash
// range with a read capacity each, one of the table, and what becomes of a request beyond them.
//
// A capacity is a bucket of read units that refills at its rate. As at the service, what a page
// costs is known when it has been read: one is let through as long as there is anything left, and
// then takes the bucket below zero.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "fake_dynamodb/service_error.h"

namespace sumac::fake_dynamodb {

enum class BeyondCapacity {
  kPace,      // the answer comes when the bucket is back at zero
  kThrottle,  // the request is refused
};

struct ServiceModelOptions {
  // Of a page that is not held up by capacity.
  std::chrono::milliseconds page_latency{0};
  uint32_t partitions = 1;
  // Read units a second; 0 is without bound. The service gives a partition 3,000.
  double partition_read_units = 3'000;
  double table_read_units = 0;
  BeyondCapacity beyond = BeyondCapacity::kPace;
  // What a bucket holds at most, and at the start, in seconds of its rate.
  double burst_seconds = 0;
  // What a throttle by the table's capacity says.
  std::string table_throttling_reason = "TableReadProvisionedThroughputExceeded";
};

// Thread-safe.
class ServiceModel {
 public:
  // Error kInvalidArgument: no partitions, a negative number, or kThrottle without a burst, which
  // would refuse everything.
  static Result<std::unique_ptr<ServiceModel>> Make(ServiceModelOptions options);

  // Takes a page that costs `read_units` and begins at `hash_position` (0 to 1). Returns when its
  // answer is to go out, or the refusal, which costs nothing.
  Answer<MonotonicTime> Admit(double hash_position, double read_units, MonotonicTime now);

 private:
  // Read units left; negative is what is owed.
  struct Bucket {
    double rate = 0;
    double left = 0;
    MonotonicTime at;
    bool started = false;
  };

  explicit ServiceModel(ServiceModelOptions options);
  void Refill(Bucket& bucket, MonotonicTime now) const;

  const ServiceModelOptions options_;
  std::mutex mutex_;
  Bucket table_;                    // guarded by mutex_
  std::vector<Bucket> partitions_;  // guarded by mutex_
};

}  // namespace sumac::fake_dynamodb
