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
#include "fake_dynamodb/stored_item.h"

namespace sumac::fake_dynamodb {

// Thread-safe.
class Table final : public ServedTable {
 public:
  // Error kInvalidArgument when an item is not DynamoDB JSON, lacks its key or has another's.
  static Result<std::unique_ptr<Table>> Make(TableDefinition definition);

  Answer<std::shared_ptr<const RenderedPage>> Scan(const ScanParameters& parameters) override;
  Answer<PageParts> ScanParts(const ScanParameters& parameters) const override;
  Answer<PageParts> EmptyPage(const ScanParameters& parameters) override;
  std::string Describe() const override;

 private:
  explicit Table(TableDefinition definition) : definition_(std::move(definition)) {}

  // The index of the first item of the page.
  Answer<size_t> StartIndex(const ScanParameters& parameters) const;
  PageParts ReadPage(const ScanParameters& parameters, size_t start, uint64_t& bytes) const;

  const TableDefinition definition_;
  std::vector<StoredItem> items_;
  uint64_t size_bytes_ = 0;

  mutable std::mutex mutex_;
  std::map<std::string, std::shared_ptr<const RenderedPage>> pages_;
  size_t pages_bytes_ = 0;
  // Keys of empty pages: where the page after each begins.
  std::map<std::string, size_t> empty_page_starts_;
};

}  // namespace sumac::fake_dynamodb
