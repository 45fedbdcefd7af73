// One item as the fake keeps it: its text, and what scanning needs to know of it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "fake_dynamodb/condition.h"

namespace sumac::fake_dynamodb {

// A read unit is of so many bytes.
inline constexpr uint64_t kReadUnitBytes = 4096;
inline uint64_t WholeReadUnits(uint64_t bytes) {
  return (bytes + kReadUnitBytes - 1) / kReadUnitBytes * kReadUnitBytes;
}

struct KeyAttribute {
  std::string name;
  char type = 'S';  // 'S', 'N' or 'B'
};

// The key of a table or index.
struct KeySchema {
  // Those that make the partition, those that sort within it, and of an index then those of the
  // table's that are not among them, which tell its items apart.
  std::vector<KeyAttribute> attributes;
  size_t partition_count = 1;
  size_t sort_count = 0;
};

// Of a partition key and, if there is one, a sort key.
KeySchema TableKeySchema(const std::vector<KeyAttribute>& keys);

// The place of an item in its table: partitions by hash, within one by the sort key.
struct KeyPosition {
  uint64_t partition_hash = 0;
  std::string partition_value;              // equal numbers have one text
  std::vector<AttributeValue> sort_values;  // of all further attributes of the schema

  friend bool operator<(const KeyPosition& a, const KeyPosition& b);
};

// Sets the partition of a position to that of these values, one for each attribute that makes it.
void SetPartition(const std::vector<AttributeValue>& values, KeyPosition& position);

// Whether an item, in DynamoDB JSON, meets a condition.
bool TextMeets(std::string_view item, const Condition& condition);

struct StoredItem {
  std::string text;      // the item, in DynamoDB JSON, as it was given
  std::string key_text;  // only its key attributes, in DynamoDB JSON
  KeyPosition position;
  uint64_t size_bytes = 0;  // as the service counts, for pages and capacity
  // Of an index: the table's item that this was made of.
  const StoredItem* whole = nullptr;

  bool Meets(const Condition& condition) const { return TextMeets(text, condition); }
};

// Reads an item. Errors kInvalidArgument: not DynamoDB JSON, or without its key attributes.
Result<StoredItem> ReadItem(std::string text, const KeySchema& schema);

// Reads the key alone, which must have no further attributes (an ExclusiveStartKey).
Result<KeyPosition> ReadKey(std::string_view text, const KeySchema& schema);

// An attribute, and behind it the fields that lead into nested maps.
using AttributePath = std::vector<std::string>;

// The item with no more than these attributes and fields. A map that has none of its fields is left
// out.
std::string ProjectItem(const std::string& text, const std::vector<AttributePath>& paths);

// Which of `total` equal ranges of the hash a partition is in.
uint32_t SegmentOf(uint64_t partition_hash, uint32_t total);

}  // namespace sumac::fake_dynamodb
