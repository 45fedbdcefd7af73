// What a read plan is going to cost, as far as that can be told before. Pure.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

#include "dynamodb/table_description.h"
#include "planning/read_plan.h"
#include "planning/seen_size.h"

namespace sumac::planning {

// A figure is never more precise than what it is made from.
struct EstimatedAmount {
  enum class Precision {
    kAbout,
    kAtLeast,  // nobody knows how much more
  };

  double value = 0;
  Precision precision = Precision::kAbout;

  friend bool operator==(const EstimatedAmount&, const EstimatedAmount&) = default;
};

struct ReadEstimate {
  EstimatedAmount requests;
  EstimatedAmount read_units;
  // Nothing when unknown.
  std::optional<std::chrono::milliseconds> time;
};

// What an estimate is made from, beside the plan.
struct ReadConditions {
  // Its keys; of an index, those of the index.
  std::vector<dynamodb::KeyAttribute> keys;
  // Of the table or index that is read.
  TableSize size;
  bool consistent_read = false;
  // Of a scan.
  int segments = 1;
  // Requests under way at the same time, at most.
  int streams = 1;
  // What may be read in a second; nothing when unknown.
  std::optional<double> units_per_second;
  // Rows after which nothing more is asked for, when every item that is read is one.
  std::optional<uint64_t> rows_wanted;
};

// Scans: the table's bytes, and a page for each segment at least. Queries: half a unit each at
// least, or of whole keys an item each; how many items a partition has is not known.
ReadEstimate EstimateRead(const ReadPlan& plan, const ReadConditions& conditions);

// Of items by their whole keys, `keys_per_request` at a time.
ReadEstimate EstimateItems(uint64_t keys, uint64_t keys_per_request,
                           const ReadConditions& conditions);

// Of several reads of one query.
EstimatedAmount operator+(const EstimatedAmount& a, const EstimatedAmount& b);

// Whether nothing keeps the plan from reading all of the table: it is a scan, and no number of rows
// ends it before. A filter does not count, as one that nothing passes is read to the end.
bool IsFullScan(const ReadPlan& plan, const ReadConditions& conditions);

}  // namespace sumac::planning
