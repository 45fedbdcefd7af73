// A table of the fake: items in the order of their hash, and the pages that scans of it return,
// each rendered once.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "fake_dynamodb/scan_request.h"
#include "fake_dynamodb/service_error.h"
#include "fake_dynamodb/stored_item.h"

namespace sumac::fake_dynamodb {

struct TableDefinition {
  std::string name;
  std::vector<KeyAttribute> keys;  // the partition key, then the sort key if there is one
  std::vector<std::string> items;  // DynamoDB JSON objects, each as it shall be sent
  std::string status = "ACTIVE";
  // A page ends after this many items, or with the item that takes it past this many bytes (as the
  // service counts them, not as JSON).
  size_t page_items_max = SIZE_MAX;
  uint64_t page_bytes_max = 1024 * 1024;
  // Rendered pages are kept up to this much in all; further ones are rendered each time.
  size_t page_cache_bytes_max = size_t{1} << 30;
};

// The members of a Scan's answer, each as JSON text; empty ones are left out.
struct PageParts {
  std::string consumed_capacity;
  std::string count;
  std::string items;
  std::string last_evaluated_key;
  std::string scanned_count;
};

// Writes the parts in one of five orders; 0 is the service's own, the others are as legal. Order 1
// begins with LastEvaluatedKey, order 4 ends with Count.
std::string RenderPage(const PageParts& parts, int order);

// A body that is ready to send. Immutable.
struct RenderedPage {
  explicit RenderedPage(std::string text);

  // The gzipped form, made on first use. Thread-safe.
  const RenderedPage& Compressed() const;

  const std::string body;
  const uint32_t crc32;

 private:
  mutable std::once_flag compress_once_;
  mutable std::unique_ptr<RenderedPage> compressed_;
};

// Thread-safe.
class Table {
 public:
  // Error kInvalidArgument when an item is not DynamoDB JSON, lacks its key or has another's.
  static Result<std::unique_ptr<Table>> Make(TableDefinition definition);

  Answer<std::shared_ptr<const RenderedPage>> Scan(const ScanParameters& parameters);
  // The same page, not rendered and not kept.
  Answer<PageParts> ScanParts(const ScanParameters& parameters) const;
  // A page without items that goes on: the next one begins where this one does.
  Answer<PageParts> EmptyPage(const ScanParameters& parameters);

  // The body of DescribeTable's answer.
  std::string Describe() const;
  std::string Arn() const;

 private:
  explicit Table(TableDefinition definition) : definition_(std::move(definition)) {}

  // The index of the first item of the page.
  Answer<size_t> StartIndex(const ScanParameters& parameters) const;
  PageParts ReadPage(const ScanParameters& parameters, size_t start) const;

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
