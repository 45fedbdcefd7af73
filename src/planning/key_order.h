// Whether a Query, which finds items in the order of their sort key, finds them in the order that
// SQL gives the column of that key. Pure.
#pragma once

#include <optional>

#include "dynamodb/table_description.h"
#include "items/item_schema.h"

namespace sumac::planning {

// Of a column in whose order items are found.
struct KeyOrder {
  // Values that the column does not carry stand anywhere in the order, and are NULL in SQL.
  bool may_be_null = false;
  // Two items of a partition may show the same value.
  bool may_repeat = false;

  friend bool operator==(const KeyOrder&, const KeyOrder&) = default;
};

// Nothing where the orders differ. Strings are in the order of their UTF-8 bytes, binary values in
// that of their bytes, numbers in that of their values.
// Source: DynamoDB developer guide, "Querying tables", on the order of results.
std::optional<KeyOrder> OrderOfKey(const items::Column& column, const dynamodb::KeyAttribute& key);

}  // namespace sumac::planning
