// A DynamoDB table as the engine scans it.
#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "base/metrics.h"
#include "dynamodb/client.h"
#include "dynamodb/parallel_scan.h"
#include "engine/table_source.h"
#include "items/item_schema.h"
#include "items/schema_observer.h"
#include "planning/price_table.h"
#include "planning/query_budget.h"
#include "planning/seen_size.h"

namespace sumac::engine {

// What is fixed for a dataset when it is loaded.
struct RemoteTable {
  std::string dataset_name;  // for messages
  std::string table_name;    // DynamoDB's
  std::shared_ptr<dynamodb::Client> client;
  std::shared_ptr<const items::ItemSchema> schema;
  dynamodb::ParallelScanOptions scan;
  // Its keys, and how large it is.
  dynamodb::TableDescription description;
  // Whether filters go to DynamoDB.
  bool pushdown = true;
  // Whether a scan may read only what its query wants: a value that does not fit its column fails
  // the query only if it is looked at.
  bool MayLeaveItemsOut() const {
    return pushdown && schema->on_type_mismatch != items::MismatchAction::kError;
  }
  // Set once the service has refused it to these credentials.
  struct Denials {
    std::atomic<bool> get = false;
    std::atomic<bool> query = false;
    std::atomic<bool> index = false;
  };
  std::shared_ptr<Denials> denials = std::make_shared<Denials>();
  // When not null, the first scan takes its rows from here (whole items), and DynamoDB is not
  // asked: for a table that was read to be copied.
  std::shared_ptr<dynamodb::PageSource> stored_pages;
  bool consistent_read = false;
  // Of DescribeTable; 0 means unknown.
  uint64_t item_count_estimate = 0;
  // What its scans, and the sample before them, have seen of its size.
  std::shared_ptr<planning::SeenSize> seen_size = std::make_shared<planning::SeenSize>();
  planning::ReadPrice price;
  // Of each query.
  planning::QueryBudget budget;
  // Receives what scans notice that `schema` does not hold; null leaves it unnoticed.
  std::shared_ptr<items::SchemaObserver> observer;
  // Null counts nothing.
  std::shared_ptr<Metrics> metrics;
  // Whether somebody can refresh the schema while the process runs, so that saying so is of use.
  bool refreshable = false;
};

// Scans DynamoDB for every query.
std::shared_ptr<TableSource> MakeRemoteTableSource(RemoteTable table);

}  // namespace sumac::engine
