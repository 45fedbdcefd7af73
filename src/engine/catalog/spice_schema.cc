#include <duckdb/parser/parsed_data/create_schema_info.hpp>
#include <duckdb/parser/parsed_data/create_table_info.hpp>
#include <duckdb/storage/statistics/base_statistics.hpp>
#include <duckdb/storage/table_storage_info.hpp>

#include "engine/catalog/spice_catalog.h"
#include "engine/query_state.h"

namespace sumac::engine {

DatasetTable::DatasetTable(duckdb::Catalog& parent_catalog,
                           duckdb::SchemaCatalogEntry& parent_schema, duckdb::CreateTableInfo& info,
                           std::shared_ptr<TableSource> source)
    : TableCatalogEntry(parent_catalog, parent_schema, info), source_(std::move(source)) {}

duckdb::unique_ptr<duckdb::BaseStatistics> DatasetTable::GetStatistics(duckdb::ClientContext&,
                                                                       duckdb::column_t) {
  return nullptr;
}

duckdb::TableFunction DatasetTable::GetScanFunction(
    duckdb::ClientContext& context, duckdb::unique_ptr<duckdb::FunctionData>& bind_data) {
  return source_->ScanFunction(context, *this, bind_data);
}

duckdb::TableStorageInfo DatasetTable::GetStorageInfo(duckdb::ClientContext&) {
  duckdb::TableStorageInfo info;
  info.cardinality = source_->EstimatedRows();
  return info;
}

duckdb::virtual_column_map_t DatasetTable::GetVirtualColumns() const {
  return source_->VirtualColumns();
}

duckdb::vector<duckdb::column_t> DatasetTable::GetRowIdColumns() const {
  return {};
}

SpiceSchema::SpiceSchema(duckdb::Catalog& parent_catalog, duckdb::CreateSchemaInfo& info)
    : SchemaCatalogEntry(parent_catalog, info) {}

void SpiceSchema::SetTable(const std::string& table_name, std::shared_ptr<TableSource> source) {
  duckdb::CreateTableInfo info(*this, table_name);
  for (const auto& column : source->Columns()) {
    info.columns.AddColumn(duckdb::ColumnDefinition(column.name, column.type));
  }
  auto table = duckdb::make_uniq<DatasetTable>(catalog, *this, info, std::move(source));
  std::lock_guard lock(mutex_);
  auto& slot = slots_[duckdb::StringUtil::Lower(table_name)];
  if (slot.table) retired_.push_back(std::move(slot.table));
  slot.table = std::move(table);
}

void SpiceSchema::SetFailed(const std::string& table_name, Error reason) {
  std::lock_guard lock(mutex_);
  auto& slot = slots_[duckdb::StringUtil::Lower(table_name)];
  if (slot.table) retired_.push_back(std::move(slot.table));
  slot.failure = std::move(reason);
}

void SpiceSchema::RemoveTable(const std::string& table_name) {
  std::lock_guard lock(mutex_);
  const auto found = slots_.find(duckdb::StringUtil::Lower(table_name));
  if (found == slots_.end()) return;
  if (found->second.table) retired_.push_back(std::move(found->second.table));
  slots_.erase(found);
}

void SpiceSchema::Scan(duckdb::ClientContext&, duckdb::CatalogType entry_type,
                       const std::function<void(duckdb::CatalogEntry&)>& callback) {
  Scan(entry_type, callback);
}

void SpiceSchema::Scan(duckdb::CatalogType entry_type,
                       const std::function<void(duckdb::CatalogEntry&)>& callback) {
  if (entry_type != duckdb::CatalogType::TABLE_ENTRY) return;
  std::vector<DatasetTable*> tables;
  {
    std::lock_guard lock(mutex_);
    for (const auto& [lower_name, slot] : slots_) {
      if (slot.table) tables.push_back(slot.table.get());
    }
  }
  for (auto* table : tables) callback(*table);
}

duckdb::optional_ptr<duckdb::CatalogEntry> SpiceSchema::LookupEntry(
    duckdb::CatalogTransaction transaction, const duckdb::EntryLookupInfo& lookup) {
  const auto wanted = lookup.GetCatalogType();
  if (wanted != duckdb::CatalogType::TABLE_ENTRY && wanted != duckdb::CatalogType::VIEW_ENTRY) {
    return nullptr;
  }
  std::lock_guard lock(mutex_);
  const auto found = slots_.find(duckdb::StringUtil::Lower(lookup.GetEntryName()));
  if (found == slots_.end()) return nullptr;
  if (found->second.table) return found->second.table.get();
  ThrowIntoDuckDb(transaction.GetContext(), found->second.failure);
}

}  // namespace sumac::engine
