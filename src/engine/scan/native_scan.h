// DuckDB's scan of one of its own tables, for a query that names a dataset. Internal to engine/.
#pragma once

#include <memory>

#include <duckdb.hpp>
#include <duckdb/function/table/table_scan.hpp>

#include "engine/reader_gate.h"

namespace sumac::engine {

// The functions of every scan of DuckDB's own tables.
const duckdb::TableFunction& NativeScan();

// DuckDB's scan takes its bind data for a TableScanBindData.
struct NativeScanBindData : public duckdb::TableScanBindData {
  NativeScanBindData(const duckdb::TableScanBindData& native, duckdb::TableCatalogEntry& dataset_in,
                     std::shared_ptr<ReaderGate> gate_in);

  duckdb::unique_ptr<duckdb::FunctionData> Copy() const override;

  duckdb::TableCatalogEntry& dataset;
  // Null for tables that nobody checkpoints.
  const std::shared_ptr<ReaderGate> gate;
};

// The scan of `table`; sets `bind_data`, a NativeScanBindData. Its columns are those of `dataset`
// in SQL: "dataset.column". Both entries must outlive the query, which enters `gate`, if there is
// one, when it begins to read.
duckdb::TableFunction NativeScanFunction(duckdb::ClientContext& context,
                                         duckdb::TableCatalogEntry& dataset,
                                         duckdb::TableCatalogEntry& table,
                                         std::shared_ptr<ReaderGate> gate,
                                         duckdb::unique_ptr<duckdb::FunctionData>& bind_data);

// Its init_global.
duckdb::unique_ptr<duckdb::GlobalTableFunctionState> InitNativeScan(
    duckdb::ClientContext& context, duckdb::TableFunctionInitInput& input);

// The `serialize` of a scan that DuckDB could not make again from what is written down of it, as it
// does when it copies a part of a plan. It does without the copy then.
void RefusePlanCopy(duckdb::Serializer& serializer,
                    duckdb::optional_ptr<duckdb::FunctionData> bind_data,
                    const duckdb::TableFunction& function);

}  // namespace sumac::engine
