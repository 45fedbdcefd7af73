// How a table is read for a query: the fewest items that can answer it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "dynamodb/condition.h"
#include "dynamodb/table_description.h"

namespace sumac::planning {

struct ReadPlan {
  enum class AccessPath {
    kScan,
    kQuery,    // by partition key, and perhaps sort key
    kNothing,  // no item can be what is asked for
  };

  AccessPath access_path = AccessPath::kScan;
  // Of kQuery: one for each query, and no item is found by two.
  std::vector<dynamodb::Condition> key_conditions;
  // What the service judges of the items that it reads.
  std::optional<dynamodb::Condition> filter;
  // The same for the scan that stands in for queries that the credentials do not allow.
  std::optional<dynamodb::Condition> scan_filter;
};

// Queries at most: what is more is read by a scan.
inline constexpr size_t kQueriesMax = 1'000;

// `conditions` all hold for every item that is asked for; others may hold as well, so whoever asks
// filters again. What the service does not take (too long, a key it cannot have) is left out. Pure.
ReadPlan PlanRead(const std::vector<dynamodb::Condition>& conditions,
                  const dynamodb::TableDescription& table);

// The same by a scan, whatever else would do.
ReadPlan PlanScan(const std::vector<dynamodb::Condition>& conditions);

// For EXPLAIN: "Query", "Scan".
const char* OperationName(ReadPlan::AccessPath access_path);

}  // namespace sumac::planning
