// What a query may read of a dataset, and what happens beyond. Internal to engine/.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include <duckdb.hpp>

#include "dynamodb/read_budget.h"
#include "engine/query_state.h"
#include "engine/remote_table.h"
#include "engine/scan/scan_estimate.h"
#include "planning/read_plan.h"

namespace sumac::engine {

// Both throw the refusal into DuckDB. A table whose pages are stored costs nothing and is not held
// to anything.
//
// When the plan would read the whole table, and the dataset does not allow that.
void CheckFullScan(duckdb::ClientContext& context, const RemoteTable& table,
                   const planning::ReadPlan& plan, const std::optional<uint64_t>& rows_enough);
// When `read_units`, with what the query has spent on the dataset already, is over its budget.
void CheckBudget(duckdb::ClientContext& context, const RemoteTable& table,
                 const planning::EstimatedAmount& read_units);

// The one that the query's scans of the dataset share; null without a bound.
std::shared_ptr<dynamodb::ReadBudget> BudgetOf(QueryState& query, const RemoteTable& table);

// Of a scan that its budget ended.
Error BudgetSpentError(const RemoteTable& table, const dynamodb::ReadBudget& budget);

}  // namespace sumac::engine
