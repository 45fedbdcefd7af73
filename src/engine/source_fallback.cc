#include "engine/source_fallback.h"

#include <duckdb/catalog/catalog_entry/table_catalog_entry.hpp>

#include "engine/query_state.h"
#include "engine/scan/fallback_mark.h"
#include "engine/scan/native_scan.h"
#include "engine/scan/unwanted_rows.h"

namespace sumac::engine {
namespace {

using duckdb::ClientContext;

class FallbackSource final : public TableSource {
 public:
  FallbackSource(std::shared_ptr<TableSource> copy, std::shared_ptr<TableSource> source)
      : copy_(std::move(copy)), source_(std::move(source)) {}

  const std::vector<ResultColumn>& Columns() const override { return copy_->Columns(); }

  duckdb::virtual_column_map_t VirtualColumns() const override { return copy_->VirtualColumns(); }

  duckdb::TableFunction ScanFunction(
      ClientContext& context, duckdb::TableCatalogEntry& table,
      duckdb::unique_ptr<duckdb::FunctionData>& bind_data) const override {
    auto function = copy_->ScanFunction(context, table, bind_data);
    function.serialize = RefusePlanCopy;
    function.function_info = duckdb::make_shared_ptr<FallbackMark>(source_, table);
    return function;
  }

  uint64_t EstimatedRows() const override { return copy_->EstimatedRows(); }

 private:
  const std::shared_ptr<TableSource> copy_;
  const std::shared_ptr<TableSource> source_;
};

struct UnreachableBindData final : public duckdb::FunctionData {
  UnreachableBindData(std::shared_ptr<const Error> reason_in, duckdb::TableCatalogEntry& entry_in)
      : reason(std::move(reason_in)), entry(entry_in) {}

  duckdb::unique_ptr<duckdb::FunctionData> Copy() const override {
    return duckdb::make_uniq<UnreachableBindData>(reason, entry);
  }
  bool Equals(const duckdb::FunctionData& other) const override {
    return other.Cast<UnreachableBindData>().reason == reason;
  }

  const std::shared_ptr<const Error> reason;
  duckdb::TableCatalogEntry& entry;
};

struct UnreachableState final : public duckdb::LocalTableFunctionState {
  explicit UnreachableState(bool unwanted_in) : unwanted(unwanted_in) {}
  const bool unwanted;
};

duckdb::unique_ptr<duckdb::LocalTableFunctionState> InitUnreachable(
    duckdb::ExecutionContext& context, duckdb::TableFunctionInitInput&,
    duckdb::GlobalTableFunctionState*) {
  return duckdb::make_uniq<UnreachableState>(AreRowsUnwanted(context));
}

void FailToRead(ClientContext& context, duckdb::TableFunctionInput& input,
                duckdb::DataChunk& output) {
  output.SetCardinality(0);
  if (input.local_state->Cast<UnreachableState>().unwanted) return;
  ThrowIntoDuckDb(context, *input.bind_data->Cast<UnreachableBindData>().reason);
}

duckdb::BindInfo EntryOf(const duckdb::optional_ptr<duckdb::FunctionData> data) {
  return duckdb::BindInfo(data->Cast<UnreachableBindData>().entry);
}

class UnreachableSource final : public TableSource {
 public:
  UnreachableSource(std::vector<ResultColumn> columns, Error reason)
      : columns_(std::move(columns)), reason_(std::make_shared<const Error>(std::move(reason))) {}

  const std::vector<ResultColumn>& Columns() const override { return columns_; }

  duckdb::virtual_column_map_t VirtualColumns() const override { return {}; }

  duckdb::TableFunction ScanFunction(
      ClientContext&, duckdb::TableCatalogEntry& table,
      duckdb::unique_ptr<duckdb::FunctionData>& bind_data) const override {
    bind_data = duckdb::make_uniq<UnreachableBindData>(reason_, table);
    duckdb::TableFunction function("sumac_unreachable_source", {}, FailToRead, nullptr, nullptr,
                                   InitUnreachable);
    function.projection_pushdown = true;
    function.get_bind_info = EntryOf;
    function.serialize = RefusePlanCopy;
    return function;
  }

  uint64_t EstimatedRows() const override { return 0; }

 private:
  const std::vector<ResultColumn> columns_;
  const std::shared_ptr<const Error> reason_;
};

}  // namespace

std::shared_ptr<TableSource> MakeFallbackSource(std::shared_ptr<TableSource> copy,
                                                std::shared_ptr<TableSource> source) {
  return std::make_shared<FallbackSource>(std::move(copy), std::move(source));
}

std::shared_ptr<TableSource> MakeUnreachableSource(std::vector<ResultColumn> columns,
                                                   Error reason) {
  return std::make_shared<UnreachableSource>(std::move(columns), std::move(reason));
}

}  // namespace sumac::engine
