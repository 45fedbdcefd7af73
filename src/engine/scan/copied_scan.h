// Scans a copy of a dataset as DuckDB scans any of its tables, with the virtual columns that the
// dataset has when it is read from DynamoDB. A copy that kept whole items has them as its last two
// columns; one that did not says so when they are asked for. Internal to engine/.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include <duckdb.hpp>
#include <duckdb/common/table_column.hpp>

#include "engine/dataset_losses.h"
#include "engine/reader_gate.h"

namespace sumac::engine {

// The virtual columns of a copy; both have the type JSON.
struct CopiedVirtualColumns {
  std::string item_name;
  std::string overflow_name;
  // The position of `_item` among the columns of the copy; `_overflow` stands behind it. Absent:
  // the copy has neither.
  std::optional<duckdb::idx_t> item_position;
  // The dataset, and what its columns did not carry when it was copied: a query on the copy warns
  // of it as one on the dataset would.
  std::string dataset_name;
  DatasetLosses losses;
};

// With the row identifier of DuckDB's own tables, which counts rows.
duckdb::virtual_column_map_t VirtualColumnsOf(const CopiedVirtualColumns& columns);

// What DuckDB's scan of `copy` is, for a query that names `dataset`; sets `bind_data`. See
// NativeScanFunction.
duckdb::TableFunction CopiedScanFunction(std::shared_ptr<const CopiedVirtualColumns> columns,
                                         duckdb::ClientContext& context,
                                         duckdb::TableCatalogEntry& dataset,
                                         duckdb::TableCatalogEntry& copy,
                                         std::shared_ptr<ReaderGate> gate,
                                         duckdb::unique_ptr<duckdb::FunctionData>& bind_data);

}  // namespace sumac::engine
