// Items in the order of their keys, and the pages that reads of them return.
#pragma once

#include <cstdint>
#include <vector>

#include "base/result.h"
#include "fake_dynamodb/key_condition.h"
#include "fake_dynamodb/read_parameters.h"
#include "fake_dynamodb/rendered_page.h"
#include "fake_dynamodb/stored_item.h"

namespace sumac::fake_dynamodb {

struct ItemRange {
  size_t begin = 0;
  size_t end = 0;
};

// What ends a page besides Limit; see TableDefinition.
struct PageBounds {
  size_t items_max = SIZE_MAX;
  uint64_t bytes_max = 1024 * 1024;
  // Reads of an index: filters and returns the table's items, and pays for each of them.
  bool fetch_whole = false;
};

// A page without its ConsumedCapacity.
struct PageOfItems {
  PageParts parts;
  uint64_t bytes = 0;  // of the items that were evaluated, as the service counts
  // Of those that were fetched from the table besides, each in whole 4 KB.
  uint64_t fetched_bytes = 0;
};

// Immutable.
class SortedItems {
 public:
  // Error kInvalidArgument when two have the same key.
  static Result<SortedItems> Make(KeySchema schema, std::vector<StoredItem> items);

  const KeySchema& schema() const { return schema_; }
  const std::vector<StoredItem>& items() const { return items_; }
  uint64_t size_bytes() const { return size_bytes_; }

  // Where the first item is that is not before `position`, and the first behind it.
  size_t AtOrAfter(const KeyPosition& position) const;
  size_t After(const KeyPosition& position) const;
  const StoredItem* Find(const KeyPosition& position) const;

  ItemRange Segment(uint32_t segment, uint32_t total_segments) const;
  ItemRange Meeting(const KeyRange& keys) const;

  // Reads a range from its begin, or backwards from its end.
  PageOfItems Read(const PageParameters& parameters, ItemRange range, bool forward,
                   const PageBounds& bounds) const;

 private:
  KeySchema schema_;
  std::vector<StoredItem> items_;
  uint64_t size_bytes_ = 0;
};

}  // namespace sumac::fake_dynamodb
