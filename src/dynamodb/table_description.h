// What DescribeTable says of a table, as far as Sumac uses it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace sumac::dynamodb {

// The three scalar types that a key attribute can have.
enum class KeyType { kString, kNumber, kBinary };

struct KeyAttribute {
  std::string name;
  KeyType type = KeyType::kString;
};

// In units a second; 0 is what is absent.
struct TableThroughput {
  // 0 for a table that is billed on demand.
  uint64_t provisioned_read_units = 0;
  uint64_t provisioned_write_units = 0;
  // OnDemandThroughput: a bound that somebody set.
  uint64_t on_demand_read_units = 0;
  // WarmThroughput: what the table is ready for at once.
  uint64_t warm_read_units = 0;
  uint64_t warm_write_units = 0;
};

// Source: API_TableDescription in the DynamoDB API reference.
struct TableDescription {
  std::string name;
  std::string arn;
  std::string status;  // "ACTIVE", "CREATING", ...
  // Partition key first, then the sort key if there is one.
  std::vector<KeyAttribute> keys;
  // Both are refreshed by the service about every six hours and are 0 on emulators: estimates only,
  // and 0 means unknown.
  uint64_t item_count = 0;
  uint64_t size_bytes = 0;
  // BillingModeSummary says PAY_PER_REQUEST.
  bool on_demand = false;
  TableThroughput throughput;
};

}  // namespace sumac::dynamodb
