// Finds the attribute that says which kind of entity an item is. Internal to items/.
#pragma once

#include <string>
#include <vector>

#include "dynamodb/table_description.h"
#include "items/item_outlines.h"

namespace sumac::items {

// Returns its name, or "" when there is none. `key_groups` has one number per item: items with
// equal key patterns have the same.
std::string FindTypeAttribute(const std::vector<ItemOutline>& items,
                              const std::vector<dynamodb::KeyAttribute>& keys,
                              const std::vector<size_t>& key_groups);

}  // namespace sumac::items
