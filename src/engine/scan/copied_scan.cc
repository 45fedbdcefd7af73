#include "engine/scan/copied_scan.h"

#include <set>

#include <duckdb/catalog/catalog_entry/table_catalog_entry.hpp>

#include "base/error.h"
#include "engine/query_state.h"
#include "engine/scan/native_scan.h"
#include "engine/scan/scan_function.h"

namespace sumac::engine {
namespace {

using duckdb::ClientContext;
using duckdb::column_t;

struct CopiedScanBindData final : public NativeScanBindData {
  CopiedScanBindData(const duckdb::TableScanBindData& native,
                     std::shared_ptr<const CopiedVirtualColumns> columns_in,
                     duckdb::TableCatalogEntry& dataset_in, std::shared_ptr<ReaderGate> gate_in)
      : NativeScanBindData(native, dataset_in, std::move(gate_in)),
        columns(std::move(columns_in)) {}

  duckdb::unique_ptr<duckdb::FunctionData> Copy() const override {
    return duckdb::make_uniq<CopiedScanBindData>(*this, columns, dataset, gate);
  }

  const std::shared_ptr<const CopiedVirtualColumns> columns;
};

bool IsCopiedVirtualColumn(column_t id) {
  return id == kItemColumn || id == kOverflowColumn;
}

// The position in the copy of one of our virtual columns.
duckdb::idx_t PositionOf(ClientContext& context, const CopiedScanBindData& bind_data, column_t id) {
  const auto& columns = *bind_data.columns;
  if (!columns.item_position) {
    const auto& name = id == kItemColumn ? columns.item_name : columns.overflow_name;
    ThrowIntoDuckDb(context,
                    UserError(ErrorCode::kInvalidArgument,
                              "dataset '" + bind_data.dataset.name +
                                  "' is accelerated, and its copy has no '" + name +
                                  "'; set acceleration.params.keep_item: true, or query the "
                                  "dataset without acceleration"));
  }
  return *columns.item_position + (id == kItemColumn ? 0 : 1);
}

// `input` as DuckDB's scan understands it.
duckdb::TableFunctionInitInput Translate(ClientContext& context,
                                         const duckdb::TableFunctionInitInput& input) {
  const auto& bind_data = input.bind_data->Cast<CopiedScanBindData>();
  duckdb::vector<duckdb::ColumnIndex> indexes;
  for (const auto& index : input.column_indexes) {
    if (IsCopiedVirtualColumn(index.GetPrimaryIndex())) {
      indexes.emplace_back(PositionOf(context, bind_data, index.GetPrimaryIndex()));
    } else {
      indexes.push_back(index);
    }
  }
  return {input.bind_data, std::move(indexes),   input.projection_ids,
          input.filters,   input.sample_options, input.op};
}

// What a query that reads these columns should know.
void ReportLosses(ClientContext& context, const duckdb::TableFunctionInitInput& input) {
  const auto& bind_data = input.bind_data->Cast<CopiedScanBindData>();
  const auto& all = bind_data.columns->losses;
  if (all.Empty()) return;
  DatasetLosses losses;
  std::set<duckdb::idx_t> read;
  bool whole_items = false;
  for (const auto& index : input.column_indexes) {
    const auto id = index.GetPrimaryIndex();
    whole_items |= IsCopiedVirtualColumn(id);
    if (duckdb::IsVirtualColumn(id) || !read.insert(id).second) continue;
    const auto& name = bind_data.dataset.GetColumn(duckdb::LogicalIndex(id)).Name();
    const auto found = all.misfits.find(name);
    if (found != all.misfits.end()) losses.misfits.insert(*found);
  }
  if (!whole_items && read.size() == bind_data.dataset.GetColumns().LogicalColumnCount()) {
    losses.unknown_attributes = all.unknown_attributes;
  }
  if (losses.Empty()) return;
  losses.advice = all.advice;
  QueryState::Of(context).AddLosses(bind_data.columns->dataset_name, losses);
}

duckdb::unique_ptr<duckdb::GlobalTableFunctionState> InitGlobal(
    ClientContext& context, duckdb::TableFunctionInitInput& input) {
  ReportLosses(context, input);
  auto translated = Translate(context, input);
  return InitNativeScan(context, translated);
}

duckdb::unique_ptr<duckdb::LocalTableFunctionState> InitLocal(
    duckdb::ExecutionContext& context, duckdb::TableFunctionInitInput& input,
    duckdb::GlobalTableFunctionState* global) {
  auto translated = Translate(context.client, input);
  return NativeScan().init_local(context, translated, global);
}

// Asked for each column that a query uses, while it is planned: so a column that is not there is
// found before anything runs. DuckDB looks up the name of a column with statistics among the plain
// columns, so the virtual ones have none.
duckdb::unique_ptr<duckdb::BaseStatistics> Statistics(ClientContext& context,
                                                      const duckdb::FunctionData* data,
                                                      column_t id) {
  if (!IsCopiedVirtualColumn(id)) return NativeScan().statistics(context, data, id);
  PositionOf(context, data->Cast<CopiedScanBindData>(), id);
  return nullptr;
}

duckdb::virtual_column_map_t VirtualColumns(ClientContext&,
                                            duckdb::optional_ptr<duckdb::FunctionData> data) {
  return VirtualColumnsOf(*data->Cast<CopiedScanBindData>().columns);
}

}  // namespace

duckdb::virtual_column_map_t VirtualColumnsOf(const CopiedVirtualColumns& columns) {
  const auto json = duckdb::LogicalType::JSON();
  duckdb::virtual_column_map_t all;
  all.emplace(kItemColumn, duckdb::TableColumn(columns.item_name, json));
  all.emplace(kOverflowColumn, duckdb::TableColumn(columns.overflow_name, json));
  all.emplace(duckdb::COLUMN_IDENTIFIER_ROW_ID,
              duckdb::TableColumn("rowid", duckdb::LogicalType::ROW_TYPE));
  return all;
}

duckdb::TableFunction CopiedScanFunction(std::shared_ptr<const CopiedVirtualColumns> columns,
                                         ClientContext& context, duckdb::TableCatalogEntry& dataset,
                                         duckdb::TableCatalogEntry& copy,
                                         std::shared_ptr<ReaderGate> gate,
                                         duckdb::unique_ptr<duckdb::FunctionData>& bind_data) {
  auto function = NativeScanFunction(context, dataset, copy, gate, bind_data);
  bind_data = duckdb::make_uniq<CopiedScanBindData>(bind_data->Cast<duckdb::TableScanBindData>(),
                                                    std::move(columns), dataset, std::move(gate));
  function.init_global = InitGlobal;
  function.init_local = InitLocal;
  function.statistics = Statistics;
  function.get_virtual_columns = VirtualColumns;
  return function;
}

}  // namespace sumac::engine
