// The table function that reads DynamoDB: pages from a ParallelScan, decoded by one PageDecoder per
// worker thread. Internal to engine/.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include <duckdb.hpp>
#include <duckdb/planner/operator/logical_get.hpp>

#include "engine/remote_table.h"
#include "engine/scan/pushed_filters.h"
#include "engine/scan/scan_use.h"

namespace sumac::engine {

// Virtual columns of every DynamoDB table. DuckDB counts them from VIRTUAL_COLUMN_START, 2^63,
// which it does not give as a constant expression.
inline constexpr duckdb::column_t kItemColumn = (duckdb::column_t{1} << 63) + 1;
inline constexpr duckdb::column_t kOverflowColumn = (duckdb::column_t{1} << 63) + 2;

struct RemoteScanBindData final : public duckdb::TableFunctionData {
  RemoteScanBindData(std::shared_ptr<const RemoteTable> table_in,
                     duckdb::TableCatalogEntry& entry_in)
      : table(std::move(table_in)), entry(entry_in) {}

  duckdb::unique_ptr<duckdb::FunctionData> Copy() const override;
  bool Equals(const duckdb::FunctionData& other) const override;

  std::shared_ptr<const RemoteTable> table;
  duckdb::TableCatalogEntry& entry;
  PushedFilters filters;
  // What a finished plan reads of it.
  duckdb::vector<duckdb::ColumnIndex> planned_columns;
  // A join above may know more of the keys that are wanted, once its other side was read.
  bool takes_join_keys = false;
  // It stands behind a copy, whose rows may do.
  bool opens_late = false;
  // The query asks for no more rows than that, whichever they are; nothing: for all. A bound that
  // estimates stand on, where use.rows_wanted is only what is likely.
  std::optional<uint64_t> rows_enough;
  ScanUse use;
};

// Null when `get` scans something else.
RemoteScanBindData* RemoteScanOf(duckdb::LogicalGet& get);

duckdb::TableFunction RemoteScanFunction();

// How it is read as far as the finished plan tells: a join above may know more.
planning::ReadPlan PlannedRead(const RemoteScanBindData& bind_data);

duckdb::virtual_column_map_t RemoteVirtualColumns(const items::ItemSchema& schema);

}  // namespace sumac::engine
