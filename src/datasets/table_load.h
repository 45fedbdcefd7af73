// Reads a whole table once and keeps its pages, for a copy that is made of them when its schema is
// known.
#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "dynamodb/client.h"
#include "dynamodb/parallel_scan.h"
#include "dynamodb/scan_checkpoint.h"
#include "items/schema_options.h"
#include "items/type_summary.h"

namespace sumac::datasets {

struct TableLoadRequest {
  std::string dataset_name;
  std::shared_ptr<dynamodb::Client> client;
  // What to read: whole items.
  dynamodb::ScanRequest what;
  // With as many segments as the checkpoint has.
  dynamodb::ParallelScanOptions scan;
  items::SchemaOptions schema;
  std::shared_ptr<const Clock> clock;
  // Where the pages are kept. Null: in memory, and beyond a bound in a file in
  // `temporary_directory` that is gone with the process.
  std::shared_ptr<dynamodb::ScanCheckpoint> checkpoint;
  // Empty: /tmp.
  std::string temporary_directory;
  // Polled, when not null.
  const std::atomic<bool>* cancelled = nullptr;
};

struct LoadedTable {
  // All pages that hold items, each once.
  std::shared_ptr<dynamodb::PageSource> pages;
  items::TypeSummary types;
  uint64_t items = 0;
  // Of the requests that were made now.
  dynamodb::ScanStatistics cost;
  // Of an interrupted load, which were not read again.
  dynamodb::ScanCheckpoint::Kept kept;
  // When the first of the pages was asked for, or earlier.
  WallTime read_since;
};

// Blocks; logs how far it is about every ten seconds. What was kept and cannot be read any more, or
// gone on from, is dropped, and the table read from its beginning. Errors: those of ParallelScan,
// kResourceExhausted when the pages cannot be kept, kCancelled.
Result<LoadedTable> LoadTable(const TableLoadRequest& request);

}  // namespace sumac::datasets
