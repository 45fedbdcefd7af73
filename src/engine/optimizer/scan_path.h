// The way from an operator of a plan down to the scan of DynamoDB that it takes its rows from.
// Internal to engine/.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include <duckdb.hpp>
#include <duckdb/planner/operator/logical_filter.hpp>
#include <duckdb/planner/operator/logical_get.hpp>
#include <duckdb/planner/operator/logical_projection.hpp>

#include "engine/scan/scan_function.h"

namespace sumac::engine {

// What `op` scans of DynamoDB; null when it is no such scan, or one that is to read everything
// whatever the query (pushdown: off, on_type_mismatch: error, pages that were kept).
RemoteScanBindData* NarrowableScan(duckdb::LogicalOperator& op);

// Points into the plan.
struct ScanPath {
  std::vector<const duckdb::LogicalProjection*> projections;  // from above
  std::vector<const duckdb::LogicalFilter*> filters;          // below these
  duckdb::LogicalGet* get = nullptr;
  RemoteScanBindData* scan = nullptr;
};

// Nothing when there is anything else on the way. `op` is the uppermost operator of it.
std::optional<ScanPath> PathToScan(duckdb::LogicalOperator& op);

// A column of the scan.
struct ScannedColumn {
  size_t field = 0;          // of the schema
  duckdb::idx_t output = 0;  // its place in what the scan returns
};

// The one that `expression`, above the path, is without being changed on the way; nothing for
// fields of structs and virtual columns.
std::optional<ScannedColumn> ColumnBelow(const ScanPath& path,
                                         const duckdb::Expression& expression);

// What the filters of the path ask of a row that the scan returns.
struct FilterOfOutput {
  // Columns are by their place; null when nothing is asked.
  std::shared_ptr<const duckdb::Expression> expression;
};

// Nothing when judging a row twice may give two answers.
std::optional<FilterOfOutput> FilterBelow(const ScanPath& path);

}  // namespace sumac::engine
