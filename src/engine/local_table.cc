#include "engine/local_table.h"

#include <duckdb/catalog/catalog.hpp>
#include <duckdb/catalog/catalog_entry/table_catalog_entry.hpp>

#include "engine/scan/native_scan.h"

namespace sumac::engine {
namespace {

class LocalTableSource final : public TableSource {
 public:
  LocalTableSource(std::string catalog_name, std::string schema_name,
                   std::shared_ptr<const std::string> table_name, std::vector<ResultColumn> columns,
                   uint64_t rows, std::shared_ptr<const CopiedVirtualColumns> virtual_columns,
                   std::shared_ptr<ReaderGate> gate)
      : catalog_name_(std::move(catalog_name)),
        schema_name_(std::move(schema_name)),
        table_name_(std::move(table_name)),
        columns_(std::move(columns)),
        rows_(rows),
        virtual_columns_(std::move(virtual_columns)),
        gate_(std::move(gate)) {}

  const std::vector<ResultColumn>& Columns() const override { return columns_; }

  duckdb::virtual_column_map_t VirtualColumns() const override {
    if (virtual_columns_) return VirtualColumnsOf(*virtual_columns_);
    // DuckDB's own scan counts rows by its row identifier.
    duckdb::virtual_column_map_t columns;
    columns.emplace(duckdb::COLUMN_IDENTIFIER_ROW_ID,
                    duckdb::TableColumn("rowid", duckdb::LogicalType::ROW_TYPE));
    return columns;
  }

  duckdb::TableFunction ScanFunction(
      duckdb::ClientContext& context, duckdb::TableCatalogEntry& dataset,
      duckdb::unique_ptr<duckdb::FunctionData>& bind_data) const override {
    auto& table = duckdb::Catalog::GetEntry<duckdb::TableCatalogEntry>(context, catalog_name_,
                                                                       schema_name_, *table_name_);
    if (!virtual_columns_) return NativeScanFunction(context, dataset, table, gate_, bind_data);
    return CopiedScanFunction(virtual_columns_, context, dataset, table, gate_, bind_data);
  }

  uint64_t EstimatedRows() const override { return rows_; }

 private:
  const std::string catalog_name_;
  const std::string schema_name_;
  const std::shared_ptr<const std::string> table_name_;
  const std::vector<ResultColumn> columns_;
  const uint64_t rows_;
  const std::shared_ptr<const CopiedVirtualColumns> virtual_columns_;
  const std::shared_ptr<ReaderGate> gate_;
};

}  // namespace

std::shared_ptr<TableSource> MakeLocalTableSource(
    std::string catalog_name, std::string schema_name,
    std::shared_ptr<const std::string> table_name, std::vector<ResultColumn> columns, uint64_t rows,
    std::shared_ptr<const CopiedVirtualColumns> virtual_columns, std::shared_ptr<ReaderGate> gate) {
  return std::make_shared<LocalTableSource>(std::move(catalog_name), std::move(schema_name),
                                            std::move(table_name), std::move(columns), rows,
                                            std::move(virtual_columns), std::move(gate));
}

}  // namespace sumac::engine
