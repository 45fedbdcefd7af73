// What EXPLAIN and EXPLAIN ANALYZE show of a scan of DynamoDB. Internal to engine/.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include <duckdb.hpp>

#include "dynamodb/page_source.h"
#include "engine/remote_table.h"
#include "planning/read_estimate.h"
#include "planning/read_plan.h"

namespace sumac::engine {

using ExplainLines = duckdb::InsertionOrderPreservingMap<duckdb::string>;

// How it is going to be read, and what that is going to cost.
ExplainLines ExplainScan(const RemoteTable& table, const planning::ReadPlan& plan,
                         const planning::ReadEstimate& estimate);

// How it was read, and what that did cost.
struct ScanOutcome {
  bool count_only = false;
  dynamodb::ScanStatistics statistics;
  std::chrono::milliseconds elapsed{0};
};
ExplainLines ExplainAnalyzedScan(const RemoteTable& table, const planning::ReadPlan& plan,
                                 const planning::ReadEstimate& estimate,
                                 const ScanOutcome& outcome);

// "about 16,384", "0.5 or more".
std::string EstimateText(const planning::EstimatedAmount& read_units);

// "about $0.0020", "nothing more: ..." for provisioned capacity; why not, when the price is
// unknown.
std::string EstimatedCostText(const planning::EstimatedAmount& read_units,
                              const RemoteTable& table);

}  // namespace sumac::engine
