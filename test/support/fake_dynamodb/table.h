// A table of the fake: items in the order of their hash, and the pages that scans of it return,
// each rendered once.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/result.h"
#include "fake_dynamodb/served_table.h"
#include "fake_dynamodb/sorted_items.h"

namespace sumac::fake_dynamodb {

// Thread-safe.
class Table final : public ServedTable {
 public:
  // Error kInvalidArgument when an item is not DynamoDB JSON, lacks its key or has another's.
  // Or an index is one that the service refuses.
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
  // What a Scan or Query reads: of the table, or of the index it names, what is left from where
  // its parameters say.
  struct Source {
    const SortedItems* items = nullptr;
    const TableIndex* index = nullptr;  // null: the table
    bool fetch_whole = false;
    ItemRange range;

    double HashPosition() const;
  };

  Table(TableDefinition definition, SortedItems items)
      : definition_(std::move(definition)), items_(std::move(items)) {}

  // Without a range yet.
  Answer<Source> Find(const PageParameters& parameters) const;
  Answer<Source> Find(const ScanParameters& parameters) const;
  Answer<Source> Find(const QueryParameters& parameters) const;
  QueriedPage ReadPage(const PageParameters& parameters, const Source& source, bool forward) const;
  // A page whose LastEvaluatedKey leads to `next`.
  PageParts EmptyPageBefore(const PageParameters& parameters, const Source& source, size_t next);
  // Where the page after the empty one with this key begins.
  std::optional<size_t> AfterEmptyPage(const std::string& key) const;

  const TableDefinition definition_;
  const SortedItems items_;
  std::vector<TableIndex> indexes_;  // set by Make alone

  mutable std::mutex mutex_;
  std::map<std::string, std::shared_ptr<const RenderedPage>> pages_;
  size_t pages_bytes_ = 0;
  // Keys of empty pages: where the page after each begins.
  std::map<std::string, size_t> empty_page_starts_;
};

}  // namespace sumac::fake_dynamodb
