// The columns of a schema by where in an item they stand. Internal to items/.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>

#include "items/item_schema.h"

namespace sumac::items {

// What becomes of an attribute, or with unnesting of a field of nested maps: it is a column, or its
// fields are. The root stands for the item.
struct ColumnTree {
  std::optional<size_t> column;  // its place in the schema
  std::map<std::string, ColumnTree, std::less<>> children;
};

ColumnTree MakeColumnTree(const ItemSchema& schema);

// The place of the column that holds what no other does.
std::optional<size_t> FindCatchAll(const ItemSchema& schema);

}  // namespace sumac::items
