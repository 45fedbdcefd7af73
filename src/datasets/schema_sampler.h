// Learns a table's schema by reading items of it.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>

#include "base/result.h"
#include "dynamodb/client.h"
#include "items/item_schema.h"

namespace sumac::datasets {

struct SchemaSample {
  items::ItemSchema schema;
  // What the schema was made from.
  items::TypeSummary types;
  uint64_t items = 0;
  uint64_t requests = 0;
  double consumed_read_units = 0;
  // True when the sample is the whole table.
  bool whole_table = false;
};

struct SampleOptions {
  // Items to read at most; absent means all of the table.
  std::optional<uint64_t> items_max;
  bool consistent_read = false;
  items::SchemaOptions schema;
  // Sees the body of each page that is read, with its padding, on one thread at a time; its error
  // ends the sample.
  std::function<Status(std::string_view body)> on_page;
  // Known before, and held by the schema too; null when nothing is.
  std::shared_ptr<const items::TypeSummary> known_types;
};

// Reads items of the table, page by page. Blocks; polls `cancelled`, when given. Errors: those of
// Client::ScanAndWait and of items::MakeItemSchema.
Result<SchemaSample> SampleSchema(dynamodb::Client& client, const dynamodb::TableDescription& table,
                                  const SampleOptions& options, const std::atomic<bool>* cancelled);

}  // namespace sumac::datasets
