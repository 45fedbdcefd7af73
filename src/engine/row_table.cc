#include "engine/row_table.h"

#include <algorithm>

#include <duckdb/catalog/catalog_entry/table_catalog_entry.hpp>
#include <duckdb/function/table_function.hpp>

#include "engine/scan/native_scan.h"

namespace sumac::engine {
namespace {

using duckdb::ClientContext;

constexpr char kFunctionName[] = "sumac_rows";

duckdb::virtual_column_map_t NoColumnAtAll() {
  // Lets count(*) ask for no column at all.
  duckdb::virtual_column_map_t columns;
  columns.emplace(duckdb::COLUMN_IDENTIFIER_EMPTY,
                  duckdb::TableColumn("", duckdb::LogicalType::BOOLEAN));
  return columns;
}

struct RowTableBindData final : public duckdb::FunctionData {
  RowTableBindData(std::shared_ptr<const RowsCallback> rows_in, duckdb::TableCatalogEntry& entry_in)
      : rows(std::move(rows_in)), entry(entry_in) {}

  duckdb::unique_ptr<duckdb::FunctionData> Copy() const override {
    return duckdb::make_uniq<RowTableBindData>(rows, entry);
  }
  bool Equals(const duckdb::FunctionData& other) const override {
    return other.Cast<RowTableBindData>().rows == rows;
  }

  const std::shared_ptr<const RowsCallback> rows;
  duckdb::TableCatalogEntry& entry;
};

// One thread reads the rows: there are few.
struct RowTableState final : public duckdb::GlobalTableFunctionState {
  std::vector<TableRow> rows;
  duckdb::vector<duckdb::column_t> column_ids;
  size_t next = 0;
};

duckdb::unique_ptr<duckdb::GlobalTableFunctionState> InitGlobal(
    ClientContext&, duckdb::TableFunctionInitInput& input) {
  auto state = duckdb::make_uniq<RowTableState>();
  state->rows = (*input.bind_data->Cast<RowTableBindData>().rows)();
  state->column_ids = input.column_ids;
  return state;
}

void Execute(ClientContext&, duckdb::TableFunctionInput& input, duckdb::DataChunk& output) {
  auto& state = input.global_state->Cast<RowTableState>();
  const size_t count = std::min<size_t>(state.rows.size() - state.next, STANDARD_VECTOR_SIZE);
  for (size_t row = 0; row < count; ++row) {
    const TableRow& values = state.rows[state.next + row];
    for (size_t i = 0; i < state.column_ids.size(); ++i) {
      const auto column = state.column_ids[i];
      output.SetValue(i, row, column < values.size() ? values[column] : duckdb::Value());
    }
  }
  state.next += count;
  output.SetCardinality(count);
}

duckdb::BindInfo GetBindInfo(const duckdb::optional_ptr<duckdb::FunctionData> data) {
  return duckdb::BindInfo(data->Cast<RowTableBindData>().entry);
}

duckdb::virtual_column_map_t VirtualColumnsOfScan(ClientContext&,
                                                  duckdb::optional_ptr<duckdb::FunctionData>) {
  return NoColumnAtAll();
}

duckdb::vector<duckdb::column_t> NoRowIds(ClientContext&,
                                          duckdb::optional_ptr<duckdb::FunctionData>) {
  return {};
}

class RowTableSource final : public TableSource {
 public:
  RowTableSource(std::vector<ResultColumn> columns, RowsCallback rows)
      : columns_(std::move(columns)),
        rows_(std::make_shared<const RowsCallback>(std::move(rows))) {}

  const std::vector<ResultColumn>& Columns() const override { return columns_; }

  duckdb::virtual_column_map_t VirtualColumns() const override { return NoColumnAtAll(); }

  duckdb::TableFunction ScanFunction(
      ClientContext&, duckdb::TableCatalogEntry& table,
      duckdb::unique_ptr<duckdb::FunctionData>& bind_data) const override {
    bind_data = duckdb::make_uniq<RowTableBindData>(rows_, table);
    duckdb::TableFunction function(kFunctionName, {}, Execute, nullptr, InitGlobal);
    function.projection_pushdown = true;
    function.get_bind_info = GetBindInfo;
    function.serialize = RefusePlanCopy;
    function.get_virtual_columns = VirtualColumnsOfScan;
    function.get_row_id_columns = NoRowIds;
    return function;
  }

  uint64_t EstimatedRows() const override { return 0; }

 private:
  const std::vector<ResultColumn> columns_;
  const std::shared_ptr<const RowsCallback> rows_;
};

}  // namespace

std::shared_ptr<TableSource> MakeRowTableSource(std::vector<ResultColumn> columns,
                                                RowsCallback rows) {
  return std::make_shared<RowTableSource>(std::move(columns), std::move(rows));
}

}  // namespace sumac::engine
