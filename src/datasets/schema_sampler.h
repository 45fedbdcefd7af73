// Learns a table's schema by reading items of it, spread over the table.
//
// A table that is small, or of a size that the service does not know, is first probed with one
// request. A larger one is read in segments, which are parts of the table by the hash of the
// partition key, in rounds: each segment gives one page per round, all requests of a round are
// under way at once, and what they showed is joined when the last has come. So what is read depends
// on the table alone, never on which answer came first.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>

#include "base/result.h"
#include "dynamodb/client.h"
#include "dynamodb/parallel_scan.h"
#include "items/item_schema.h"

namespace sumac::datasets {

struct SchemaSample {
  items::ItemSchema schema;
  // What the schema was made from.
  items::TypeSummary types;
  // Items that the service read; when that was the whole table, how many it has.
  uint64_t items = 0;
  uint64_t requests = 0;
  uint64_t bytes = 0;  // of response bodies
  double consumed_read_units = 0;
  // True when every item of the table was read.
  bool whole_table = false;
  // True when fewer than `items_max` were read because the last of them showed nothing new.
  bool stopped_early = false;
};

struct SampleOptions {
  // Items that the service may read for it at most; absent means all of the table.
  std::optional<uint64_t> items_max;
  bool consistent_read = false;
  items::SchemaOptions schema;
  // Sees the body of each page that is read, with its padding, on one thread at a time; its error
  // ends the sample.
  std::function<Status(std::string_view body)> on_page;
  // Known before, and held by the schema too, unless that makes no schema; null when nothing is.
  std::shared_ptr<const items::TypeSummary> known_types;
  // How all of the table is read.
  dynamodb::ParallelScanOptions scan;
};

// The sample ends early after this many rounds in a row, of this many pages or more, that left the
// summary of all items as it was.
inline constexpr int kQuietRounds = 3;
inline constexpr int kQuietPages = 16;

// The schema of what `types` show, joined with what was known before unless that makes no schema;
// `types` is then what it was made from. Errors: those of items::MakeItemSchema.
Result<items::ItemSchema> SchemaOf(items::TypeSummary& types,
                                   const dynamodb::TableDescription& table,
                                   const SampleOptions& options);

// Blocks; polls `cancelled`, when given. Errors: those of Client::Scan and of
// items::MakeItemSchema; kDataCorrupt.
Result<SchemaSample> SampleSchema(const std::shared_ptr<dynamodb::Client>& client,
                                  const dynamodb::TableDescription& table,
                                  const SampleOptions& options, const std::atomic<bool>* cancelled);

}  // namespace sumac::datasets
