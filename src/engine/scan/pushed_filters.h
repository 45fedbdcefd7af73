// The filters of a query on a DynamoDB table, as far as DynamoDB can judge them. Internal to
// engine/.
#pragma once

#include <set>
#include <string>
#include <vector>

#include <duckdb.hpp>
#include <duckdb/planner/operator/logical_get.hpp>

#include "dynamodb/condition.h"
#include "engine/remote_table.h"
#include "planning/read_plan.h"

namespace sumac::engine {

// All that were seen hold for every row that is wanted. DuckDB keeps them and filters again.
class PushedFilters {
 public:
  // DuckDB shows the filters of one scan several times, and not always all of them.
  void Add(const duckdb::LogicalGet& get, const RemoteTable& table,
           const std::vector<duckdb::unique_ptr<duckdb::Expression>>& filters);

  // Whether DynamoDB can judge them to the end: the conditions that they became hold for just the
  // items whose rows are wanted. True when no filter was seen.
  bool exact() const { return exact_; }

  // `request` says what is wanted of the items; `join_keys` hold as well (join_keys.h). Its `exact`
  // is of the filters.
  planning::ReadPlan PlanFor(const RemoteTable& table, const dynamodb::ScanRequest& request,
                             std::vector<dynamodb::Condition> join_keys = {}) const;

  // Whether there are some that DynamoDB does not judge at all.
  bool HasOthers() const { return has_others_; }

  friend bool operator==(const PushedFilters&, const PushedFilters&) = default;

 private:
  std::set<std::string> seen_;
  std::vector<dynamodb::Condition> conditions_;
  bool exact_ = true;
  bool has_others_ = false;
};

}  // namespace sumac::engine
