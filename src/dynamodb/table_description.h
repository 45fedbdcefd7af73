// What DescribeTable says of a table, as far as Sumac uses it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace sumac::dynamodb {

// The three scalar types that a key attribute can have.
enum class KeyType { kString, kNumber, kBinary };

enum class TableClass { kStandard, kStandardInfrequentAccess };

struct KeyAttribute {
  std::string name;
  KeyType type = KeyType::kString;
};

// A secondary index.
// Source: API_GlobalSecondaryIndexDescription, API_LocalSecondaryIndexDescription.
struct IndexDescription {
  enum class Projection { kAll, kKeysOnly, kInclude };

  std::string name;
  bool is_local = false;
  // Whether it can be read; one that is being made or deleted cannot.
  bool active = true;
  // Up to four each, in the order in which conditions have to be on the latter.
  std::vector<KeyAttribute> partition_keys;
  std::vector<KeyAttribute> sort_keys;
  // What it holds beside its keys and the table's.
  Projection projection = Projection::kAll;
  std::vector<std::string> included;
  // As the table's.
  uint64_t item_count = 0;
  uint64_t size_bytes = 0;
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
  // TableId and CreationDateTime (as JSON has it, in seconds since 1970): another table of the same
  // name has others. Empty and 0 on some emulators.
  std::string id;
  double created_at = 0;
  std::string status;  // "ACTIVE", "CREATING", ...
  // Partition key first, then the sort key if there is one.
  std::vector<KeyAttribute> keys;
  // Global ones, then local ones.
  std::vector<IndexDescription> indexes;
  // Both are refreshed by the service about every six hours and are 0 on emulators: estimates only,
  // and 0 means unknown.
  uint64_t item_count = 0;
  uint64_t size_bytes = 0;
  // BillingModeSummary says PAY_PER_REQUEST.
  bool on_demand = false;
  // Absent in the answer: standard.
  TableClass table_class = TableClass::kStandard;
  TableThroughput throughput;
};

// Bounds of the service on the bytes of a key.
// Source: developer guide, "Service quotas: partition keys and sort keys".
inline constexpr size_t kPartitionKeyBytesMax = 2'048;
inline constexpr size_t kSortKeyBytesMax = 1'024;

struct IndexStringKey {
  std::string name;
  size_t bytes_max = 0;  // in all indexes that have it
};

// The attributes of type S that are keys of indexes and not of the table.
std::vector<IndexStringKey> IndexStringKeys(const TableDescription& table);

}  // namespace sumac::dynamodb
