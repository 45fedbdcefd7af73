// Secondary indexes of the fake's tables.
#pragma once

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "base/result.h"
#include "fake_dynamodb/read_parameters.h"
#include "fake_dynamodb/sorted_items.h"

namespace sumac::fake_dynamodb {

enum class IndexProjection { kAll, kKeysOnly, kInclude };

struct IndexDefinition {
  std::string name;
  // One to four of a global index, and none to four to sort by; a local one has the table's
  // partition key and one attribute to sort by.
  std::vector<KeyAttribute> partition_keys;
  std::vector<KeyAttribute> sort_keys;
  IndexProjection projection = IndexProjection::kAll;
  std::vector<std::string> included;  // of kInclude, besides the keys
  bool is_local = false;
};

// Immutable.
struct TableIndex {
  IndexDefinition definition;
  // The projected items of the table that have all attributes of the index's key.
  SortedItems items;
  std::set<std::string> projected;  // names of attributes; means nothing when that is all

  bool Projects(const std::string& attribute) const {
    return definition.projection == IndexProjection::kAll || projected.count(attribute) > 0;
  }
};

// Of the table with these keys and items, which must outlive the index. Error kInvalidArgument: a
// definition that the service would refuse, or an item whose key attribute has another type.
Result<TableIndex> MakeIndex(IndexDefinition definition, const std::vector<KeyAttribute>& keys,
                             const std::vector<StoredItem>& items);

// Whether a read asks for more than the index has, as only a local one allows: then the items are
// fetched from the table. Refuses what the index does not do.
Answer<bool> FetchesFromTable(const TableIndex& index, const PageParameters& parameters);

// The member "KeySchema" of a description.
std::string RenderKeySchema(const std::vector<KeyAttribute>& partition_keys,
                            const std::vector<KeyAttribute>& sort_keys);

// The members of DescribeTable's answer, each with a comma before it.
std::string RenderIndexes(const std::vector<TableIndex>& indexes, const std::string& table_arn);

}  // namespace sumac::fake_dynamodb
