#include "engine/scan/native_scan.h"

#include <duckdb/catalog/catalog_entry/table_catalog_entry.hpp>

namespace sumac::engine {
namespace {

// Without it, the columns would be those of a table of another name.
duckdb::BindInfo GetBindInfo(const duckdb::optional_ptr<duckdb::FunctionData> data) {
  return duckdb::BindInfo(data->Cast<NativeScanBindData>().dataset);
}

}  // namespace

const duckdb::TableFunction& NativeScan() {
  static const duckdb::TableFunction function = duckdb::TableScanFunction::GetFunction();
  return function;
}

duckdb::unique_ptr<duckdb::GlobalTableFunctionState> InitNativeScan(
    duckdb::ClientContext& context, duckdb::TableFunctionInitInput& input) {
  const auto& gate = input.bind_data->Cast<NativeScanBindData>().gate;
  if (gate != nullptr) gate->Enter(context);
  return NativeScan().init_global(context, input);
}

NativeScanBindData::NativeScanBindData(const duckdb::TableScanBindData& native,
                                       duckdb::TableCatalogEntry& dataset_in,
                                       std::shared_ptr<ReaderGate> gate_in)
    : TableScanBindData(native.table), dataset(dataset_in), gate(std::move(gate_in)) {
  is_index_scan = native.is_index_scan;
  is_create_index = native.is_create_index;
  column_ids = native.column_ids;
}

duckdb::unique_ptr<duckdb::FunctionData> NativeScanBindData::Copy() const {
  return duckdb::make_uniq<NativeScanBindData>(*this, dataset, gate);
}

duckdb::TableFunction NativeScanFunction(duckdb::ClientContext& context,
                                         duckdb::TableCatalogEntry& dataset,
                                         duckdb::TableCatalogEntry& table,
                                         std::shared_ptr<ReaderGate> gate,
                                         duckdb::unique_ptr<duckdb::FunctionData>& bind_data) {
  auto function = table.GetScanFunction(context, bind_data);
  bind_data = duckdb::make_uniq<NativeScanBindData>(bind_data->Cast<duckdb::TableScanBindData>(),
                                                    dataset, std::move(gate));
  function.init_global = InitNativeScan;
  function.get_bind_info = GetBindInfo;
  function.serialize = RefusePlanCopy;
  return function;
}

void RefusePlanCopy(duckdb::Serializer&, duckdb::optional_ptr<duckdb::FunctionData>,
                    const duckdb::TableFunction&) {
  throw duckdb::NotImplementedException("scans of datasets are not made from their names");
}

}  // namespace sumac::engine
