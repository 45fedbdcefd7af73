// What the program fake_dynamodb_server is told, in JSON: who may sign, tables, faults, its clock.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "fake_dynamodb/fake_dynamodb.h"

namespace sumac::fake_dynamodb {

// A clock that is ahead of another one, or behind it. The other one must outlive it.
class OffsetClock final : public Clock {
 public:
  OffsetClock(const Clock& clock, std::chrono::minutes offset) : clock_(clock), offset_(offset) {}

  WallTime WallNow() const override { return clock_.WallNow() + offset_; }
  MonotonicTime MonotonicNow() const override { return clock_.MonotonicNow(); }

 private:
  const Clock& clock_;
  const std::chrono::minutes offset_;
};

struct FaultOrder {
  Fault fault;
  std::string operation;      // empty: any
  std::string access_key_id;  // empty: from anybody
  int count = 1;
};

struct ConfiguredTable {
  TableDefinition definition;
  std::string items_path;  // see ReadItemsFile; empty without one
};

struct ServerConfiguration {
  std::vector<Signer> signers;
  std::vector<ConfiguredTable> tables;
  std::vector<FaultOrder> faults;
  std::chrono::minutes clock_offset{0};
  std::chrono::minutes signature_age_max = kSignatureAgeMax;
  bool check_signatures = true;
  bool gzip = false;  // answers are compressed for those who accept it
  bool log_requests = true;
  size_t connections_max = 128;
  std::optional<ServiceModelOptions> service;
};

// Reads
//   {"signers": [{"access_key_id", "secret_access_key", "session_token"?, "region"?}, ...],
//    "tables": [{"TableName", "KeySchema", "AttributeDefinitions", "Items"}, ...],
//    "faults"?: [FAULT, ...], "clock_offset_minutes"?: 0, "signature_age_minutes_max"?: 15,
//    "check_signatures"?: true, "gzip"?: false, "log_requests"?: true, "connections_max"?: 128,
//    "service"?: {"page_latency_ms", "partitions", "partition_read_units", "table_read_units",
//                 "beyond": "pace" or "throttle", "burst_seconds", "table_throttling_reason"}}
// where tables are written as the seeds of the tests are, also with GlobalSecondaryIndexes and
// LocalSecondaryIndexes as CreateTable has them, and may have "items_path": FILE (see
// ReadItemsFile), "replayed_pages": N, "page_items_max": N, "page_bytes_max": N,
// "batch_keys_max": N (0 as if absent) and "throughput": {"provisioned", "read_units",
// "warm_read_units", "on_demand_read_units_max"}; all members of these two are optional. Error
// kInvalidArgument: not this, or something besides.
Result<ServerConfiguration> ParseServerConfiguration(std::string_view json);

// Adds the items in the table's file, one a line. Error kInvalidArgument: it cannot be read.
Status ReadItemsFile(ConfiguredTable& table);

// Reads FAULT: {"fault": "ExpiredToken", "operation"?: "Scan", "access_key_id"?: "AKID...",
// "count"?: 1}; the name is that of a function of Fault that needs no argument. Not both operation
// and access_key_id. Errors as above.
Result<FaultOrder> ParseFaultOrder(std::string_view json);

void Apply(FaultOrder order, Faults& faults);

// One line of JSON, without its end.
std::string RenderAnsweredRequest(const AnsweredRequest& request);

}  // namespace sumac::fake_dynamodb
