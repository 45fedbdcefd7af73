// Where a table's rows come from now: DynamoDB, or a local copy of it. A table of the catalog
// `spice` holds one; replacing it is how a dataset becomes accelerated.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <duckdb.hpp>
#include <duckdb/common/table_column.hpp>

#include "engine/session.h"

namespace sumac::engine {

// Immutable, so safe to share between threads. Lives as long as a query that was bound to it.
class TableSource {
 public:
  virtual ~TableSource() = default;

  virtual const std::vector<ResultColumn>& Columns() const = 0;

  // Columns that can be selected by name but are not in SELECT *.
  virtual duckdb::virtual_column_map_t VirtualColumns() const = 0;

  // The table function that scans it, and its bind data. `table` is the catalog entry that the
  // query names. Called inside a transaction of `context`; throws as DuckDB's own tables do.
  virtual duckdb::TableFunction ScanFunction(
      duckdb::ClientContext& context, duckdb::TableCatalogEntry& table,
      duckdb::unique_ptr<duckdb::FunctionData>& bind_data) const = 0;

  // Rows, when that is roughly known; 0 when not.
  virtual uint64_t EstimatedRows() const = 0;
};

}  // namespace sumac::engine
