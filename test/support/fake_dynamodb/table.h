// A table of the fake: items in the order of their hash, and the pages that scans of it return,
// each rendered once.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "base/result.h"
#include "fake_dynamodb/served_table.h"
#include "fake_dynamodb/sorted_items.h"

namespace sumac::fake_dynamodb {

// Thread-safe.
class Table final : public ServedTable {
 public:
  // Error kInvalidArgument when an item is not DynamoDB JSON, lacks its key or has another's.
  static Result<std::unique_ptr<Table>> Make(TableDefinition definition);

  Answer<std::shared_ptr<const RenderedPage>> Scan(const ScanParameters& parameters) override;
  Answer<PageParts> ScanParts(const ScanParameters& parameters) const override;
  Answer<PageParts> EmptyPage(const ScanParameters& parameters) override;
  Answer<QueriedPage> Query(const QueryParameters& parameters) const override;
  Answer<PageParts> EmptyPage(const QueryParameters& parameters) override;
  Answer<FoundItem> Find(std::string_view key) const override;
  size_t batch_keys_max() const override { return definition_.batch_keys_max; }
  std::string Describe() const override;

 private:
  Table(TableDefinition definition, SortedItems items)
      : definition_(std::move(definition)), items_(std::move(items)) {}

  // What is left to read, from where the parameters say.
  Answer<ItemRange> RangeOf(const ScanParameters& parameters) const;
  Answer<ItemRange> RangeOf(const QueryParameters& parameters) const;
  PageOfItems ReadPage(const PageParameters& parameters, ItemRange range, bool forward) const;
  // A page whose LastEvaluatedKey leads to `next`.
  PageParts EmptyPageBefore(const PageParameters& parameters, size_t next);
  // Where the page after the empty one with this key begins.
  std::optional<size_t> AfterEmptyPage(const std::string& key) const;

  const TableDefinition definition_;
  const SortedItems items_;

  mutable std::mutex mutex_;
  std::map<std::string, std::shared_ptr<const RenderedPage>> pages_;
  size_t pages_bytes_ = 0;
  // Keys of empty pages: where the page after each begins.
  std::map<std::string, size_t> empty_page_starts_;
};

}  // namespace sumac::fake_dynamodb
