// Tables by chance: items whose attributes have all types, miss, or do not fit their columns, and a
// schema for them from a sample and from what a user may declare.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "dynamodb/table_description.h"
#include "filter_equivalence/random.h"
#include "items/item_schema.h"

namespace sumac::filter_equivalence {

struct RandomTable {
  std::vector<dynamodb::KeyAttribute> keys;
  std::vector<std::string> items;  // DynamoDB JSON; each has its own key
  std::shared_ptr<const items::ItemSchema> schema;
};

RandomTable MakeRandomTable(Random& random, size_t item_count);

}  // namespace sumac::filter_equivalence
