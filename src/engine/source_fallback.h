// A copy of a dataset with its source behind it: when the copy has no row that a query's conditions
// let through, the source is asked instead (`on_zero_results: use_source`).
//
// A scan of it is planned as the copy UNION ALL the source, before DuckDB optimizes anything, so
// that conditions, columns and limits go to both as to any table. In the finished plan the first
// counts its rows, and the second begins when the first has ended, and reads only if it had none.
#pragma once

#include <memory>

#include "base/error.h"
#include "engine/table_source.h"

namespace sumac::engine {

// The rows of `copy`, or those of `source`. It has the columns of `copy`; those of the source are
// found by their names and cast, and NULL where it has none.
std::shared_ptr<TableSource> MakeFallbackSource(std::shared_ptr<TableSource> copy,
                                                std::shared_ptr<TableSource> source);

// A source that could not be reached: reading it fails with `reason`.
std::shared_ptr<TableSource> MakeUnreachableSource(std::vector<ResultColumn> columns, Error reason);

}  // namespace sumac::engine
