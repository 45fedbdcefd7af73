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
};

}  // namespace sumac::dynamodb
