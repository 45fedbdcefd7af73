// How a table is read for a query: the fewest items that can answer it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "dynamodb/condition.h"
#include "dynamodb/table_description.h"

namespace sumac::planning {

// What is asked for.
struct ReadDemand {
  // All hold for every item that is asked for; others may hold as well, so whoever asks filters
  // again.
  std::vector<dynamodb::Condition> conditions;
  // Attributes whose values are whole numbers in every item that is asked for.
  std::vector<std::string> whole_numbers;
  // Attributes that have the type of the index keys that they are, in every item for which
  // something of theirs is asked.
  std::vector<std::string> typed;
  // What is wanted of the items; nothing for whole items.
  std::optional<std::vector<std::string>> attributes;
  bool consistent_read = false;
  // Whether indexes may be read.
  bool indexes = true;
};

struct ReadPlan {
  enum class AccessPath {
    kScan,
    kQuery,     // by partition key, and perhaps sort key
    kGetItems,  // by whole keys
    kNothing,   // no item can be what is asked for
  };

  AccessPath access_path = AccessPath::kScan;
  // Of kGetItems: each once, as {"id":{"S":"x"}}.
  std::vector<std::string> keys;
  // Of kQuery: one for each query, and no item is found by two. Of kGetItems: the queries that
  // stand in for it when the credentials do not allow it; none when there would be too many.
  std::vector<dynamodb::Condition> key_conditions;
  // Of kQuery: the index that it reads; empty for the table.
  std::string index_name;
  // The index, a local one, does not hold all that is wanted, and the service adds it.
  bool fetches_items = false;
  // The index does not hold all that is wanted: the query is for keys alone, and the items are got
  // by them, as long as they are not more than `completed_keys_max`; else the table is scanned.
  bool completed_by_key = false;
  size_t completed_keys_max = 0;
  // What the service judges of the items that it reads by Scan or Query.
  std::optional<dynamodb::Condition> filter;
  // The same for the scan that stands in for what the credentials do not allow.
  std::optional<dynamodb::Condition> scan_filter;
  // Whether the items that are found, by the scan that stands in too, are just those for which all
  // conditions of the plan hold.
  bool exact = true;
};

// Queries, or keys; what is more is read by a scan.
inline constexpr size_t kKeysMax = 100'000;

// What the service does not take (too long, a key it cannot have) is left out. Pure.
ReadPlan PlanRead(const ReadDemand& demand, const dynamodb::TableDescription& table);

// What the credentials do not allow: to get items by key, to query the table, to query indexes.
struct Denied {
  bool get = false;
  bool query = false;
  bool index = false;
};
// The plan that does without.
ReadPlan WithoutDenied(ReadPlan plan, Denied denied);

// The attribute in whose order items are found, and whether each has a value of its own.
struct SortedBy {
  dynamodb::KeyAttribute key;
  bool unique = false;
};
// Nothing when they are found in no order: one query of one partition alone sorts.
std::optional<SortedBy> OrderOf(const ReadPlan& plan, const dynamodb::TableDescription& table);

// For EXPLAIN: "Query", "Scan", "GetItem".
const char* OperationName(const ReadPlan& plan);

}  // namespace sumac::planning
