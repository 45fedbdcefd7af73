#include "dynamodb/table_description.h"

#include <algorithm>

namespace sumac::dynamodb {

std::vector<IndexStringKey> IndexStringKeys(const TableDescription& table) {
  std::vector<IndexStringKey> found;
  const auto add = [&](const KeyAttribute& key, size_t bytes_max) {
    const bool is_tables = std::any_of(table.keys.begin(), table.keys.end(),
                                       [&](const auto& own) { return own.name == key.name; });
    if (key.type != KeyType::kString || is_tables) return;
    const auto known = std::find_if(found.begin(), found.end(),
                                    [&](const auto& one) { return one.name == key.name; });
    if (known == found.end()) {
      found.push_back({key.name, bytes_max});
    } else {
      known->bytes_max = std::min(known->bytes_max, bytes_max);
    }
  };
  for (const auto& index : table.indexes) {
    for (const auto& key : index.partition_keys) add(key, kPartitionKeyBytesMax);
    for (const auto& key : index.sort_keys) add(key, kSortKeyBytesMax);
  }
  return found;
}

}  // namespace sumac::dynamodb
