// The two operators of a copy with its source behind it: one counts the rows of the copy, the other
// lets those of the source through if there were none. Internal to engine/.
#pragma once

#include <atomic>
#include <memory>

#include <duckdb.hpp>
#include <duckdb/execution/physical_operator.hpp>
#include <duckdb/planner/logical_operator.hpp>

namespace sumac::engine {

// Whether the copy had a row; of one plan, for one execution after another.
struct FallbackGate {
  std::atomic<bool> copy_had_rows = false;
};

// Hands on what `child` gives, and notes that there was something.
duckdb::unique_ptr<duckdb::LogicalOperator> WatchCopy(
    duckdb::unique_ptr<duckdb::LogicalOperator> child, std::shared_ptr<FallbackGate> gate);

// Hands on what `child` gives, or nothing if the copy had rows. Must begin when the copy has ended.
duckdb::unique_ptr<duckdb::LogicalOperator> GateSource(
    duckdb::unique_ptr<duckdb::LogicalOperator> child, std::shared_ptr<FallbackGate> gate);

// Whether `op` is made by GateSource.
bool IsSourceGate(const duckdb::LogicalOperator& op);

// Whether `op` lets nothing through because the copy had rows.
bool IsClosedGate(const duckdb::PhysicalOperator& op);

}  // namespace sumac::engine
