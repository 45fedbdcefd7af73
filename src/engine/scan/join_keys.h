// What a join knows of the keys that it needs, once its other side was read, as conditions for the
// scan. Internal to engine/.
//
// DuckDB hands down what it collects (values, or bounds when they are many) to scans that say they
// take filters. Ours do not: DuckDB would leave it to them to filter exactly. So they say it only
// to the one rule that is about joins, which is run once more after all others; what it hands down
// the join checks by itself, so a scan may use as much of it as it likes.
#pragma once

#include <vector>

#include <duckdb.hpp>
#include <duckdb/optimizer/optimizer_extension.hpp>

#include "dynamodb/condition.h"
#include "engine/remote_table.h"

namespace sumac::engine {

// Prepares joins with scans of DynamoDB; to be run after all rules of DuckDB.
duckdb::OptimizerExtension JoinKeysExtension();

// What `filters`, by position in `columns`, say of the items that are wanted. Null says nothing.
std::vector<dynamodb::Condition> JoinKeysOf(duckdb::optional_ptr<duckdb::TableFilterSet> filters,
                                            const duckdb::vector<duckdb::ColumnIndex>& columns,
                                            const RemoteTable& table);

}  // namespace sumac::engine
