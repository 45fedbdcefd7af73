// What the fake serves: a table by its definition, of one of two kinds.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "fake_dynamodb/query_request.h"
#include "fake_dynamodb/rendered_page.h"
#include "fake_dynamodb/scan_request.h"
#include "fake_dynamodb/service_error.h"
#include "fake_dynamodb/stored_item.h"
#include "fake_dynamodb/table_index.h"

namespace sumac::fake_dynamodb {

// What DescribeTable says of a table's capacity, in units a second. Changes nothing else; see
// service_model.h for what does.
struct TableThroughput {
  bool provisioned = false;  // else on demand
  uint64_t read_units = 0;   // provisioned ones
  std::optional<uint64_t> warm_read_units;
  std::optional<uint64_t> on_demand_read_units_max;
};

struct TableDefinition {
  std::string name;
  std::vector<KeyAttribute> keys;  // the partition key, then the sort key if there is one
  std::vector<std::string> items;  // DynamoDB JSON objects, each as it shall be sent
  std::vector<IndexDefinition> indexes;
  std::string status = "ACTIVE";
  // A page ends after this many items, or with the item that takes it past this many bytes (as the
  // service counts them, not as JSON).
  size_t page_items_max = SIZE_MAX;
  uint64_t page_bytes_max = 1024 * 1024;
  // Rendered pages are kept up to this much in all; further ones are rendered each time.
  size_t page_cache_bytes_max = size_t{1} << 30;
  // Above 0, the table has so many pages, which repeat those that the items make; see
  // replayed_table.h.
  uint64_t replayed_pages = 0;
  TableThroughput throughput;
  // How many keys of the table a BatchGetItem is answered; the others come back unprocessed.
  size_t batch_keys_max = SIZE_MAX;
  // Another one says that the table was dropped and created anew; not sent when empty.
  std::string table_id;
};

// A page of a Query, what reading it has cost, and where in the hash range it is.
struct QueriedPage {
  PageParts parts;
  uint64_t read_bytes = 0;
  double hash_position = 0;
};

// What is at a key.
struct FoundItem {
  const StoredItem* item = nullptr;  // null: nothing; lives as long as the table
  KeyPosition position;
  double hash_position = 0;
};

// Thread-safe.
class ServedTable {
 public:
  virtual ~ServedTable() = default;

  virtual Answer<std::shared_ptr<const RenderedPage>> Scan(const ScanParameters& parameters) = 0;
  // The same page, not rendered and not kept.
  virtual Answer<PageParts> ScanParts(const ScanParameters& parameters) const = 0;
  // A page without items that goes on: the next one begins where this one does.
  virtual Answer<PageParts> EmptyPage(const ScanParameters& parameters) = 0;

  // These refuse unless the table has them: a replayed one has no keys to look for.
  virtual Answer<QueriedPage> Query(const QueryParameters& parameters) const;
  virtual Answer<PageParts> EmptyPage(const QueryParameters& parameters);
  // `key` is JSON text.
  virtual Answer<FoundItem> Find(std::string_view key) const;
  virtual size_t batch_keys_max() const { return SIZE_MAX; }

  // The body of DescribeTable's answer.
  virtual std::string Describe() const = 0;
};

// For those that implement it.
std::string TableArn(const TableDefinition& definition);
// `indexes` is RenderIndexes'.
std::string RenderDescription(const TableDefinition& definition, uint64_t size_bytes,
                              uint64_t item_count, const std::string& indexes = "");
double ReadUnits(uint64_t bytes_read, bool consistent_read);
// The member ConsumedCapacity; empty when it was not asked for.
std::string ConsumedCapacity(const ReadParameters& parameters, uint64_t bytes_read);
std::string ConsumedUnits(const ReadParameters& parameters, double read_units);
// Of a read of an index, and of what was fetched from its table for it.
std::string ConsumedByIndex(const PageParameters& parameters, const IndexDefinition& index,
                            double index_units, double table_units);
ServiceError InvalidStartKey(std::string_view why);
ServiceError StartKeyOfOtherSegment(const ScanParameters& parameters);
std::string QuoteJson(std::string_view text);

}  // namespace sumac::fake_dynamodb
