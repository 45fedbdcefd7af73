#include "dynamodb/table_description.h"

#include <algorithm>

namespace sumac::dynamodb {

std::vector<std::string> IndexStringKeys(const TableDescription& table) {
  std::vector<std::string> names;
  const auto add = [&](const KeyAttribute& key) {
    const bool is_tables = std::any_of(table.keys.begin(), table.keys.end(),
                                       [&](const auto& own) { return own.name == key.name; });
    const bool known = std::find(names.begin(), names.end(), key.name) != names.end();
    if (key.type == KeyType::kString && !is_tables && !known) names.push_back(key.name);
  };
  for (const auto& index : table.indexes) {
    for (const auto& key : index.partition_keys) add(key);
    for (const auto& key : index.sort_keys) add(key);
  }
  return names;
}

}  // namespace sumac::dynamodb
