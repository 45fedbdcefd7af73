#include <duckdb/parser/keyword_helper.hpp>
#include <duckdb/parser/parsed_data/create_schema_info.hpp>
#include <duckdb/parser/parsed_data/create_table_info.hpp>
#include <duckdb/parser/parsed_data/create_view_info.hpp>
#include <duckdb/storage/statistics/base_statistics.hpp>
#include <duckdb/storage/table_storage_info.hpp>

#include "engine/catalog/spice_catalog.h"
#include "engine/catalog/spice_transaction.h"
#include "engine/query_state.h"

namespace sumac::engine {
namespace {

bool IsTableOrView(duckdb::CatalogType type) {
  return type == duckdb::CatalogType::TABLE_ENTRY || type == duckdb::CatalogType::VIEW_ENTRY;
}

bool SameColumns(const duckdb::ColumnList& left, const duckdb::ColumnList& right) {
  if (left.LogicalColumnCount() != right.LogicalColumnCount()) return false;
  for (duckdb::idx_t i = 0; i < left.LogicalColumnCount(); ++i) {
    const auto& one = left.GetColumn(duckdb::LogicalIndex(i));
    const auto& other = right.GetColumn(duckdb::LogicalIndex(i));
    if (one.Name() != other.Name() || one.Type() != other.Type()) return false;
  }
  return true;
}

}  // namespace

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

duckdb::string SpiceView::ToSQL() const {
  std::string text = sql;
  duckdb::StringUtil::Trim(text);
  if (text.ends_with(';')) text.pop_back();
  using duckdb::KeywordHelper;
  return "CREATE VIEW " + KeywordHelper::WriteOptionallyQuoted(schema.name) + "." +
         KeywordHelper::WriteOptionallyQuoted(name) + " AS " + text + ";";
}

SpiceSchema::SpiceSchema(duckdb::Catalog& parent_catalog, duckdb::CreateSchemaInfo& info)
    : SchemaCatalogEntry(parent_catalog, info) {}

bool SpiceSchema::SetTable(const std::string& table_name, std::shared_ptr<TableSource> source) {
  duckdb::CreateTableInfo info(*this, table_name);
  for (const auto& column : source->Columns()) {
    info.columns.AddColumn(duckdb::ColumnDefinition(column.name, column.type));
  }
  auto table = std::make_shared<DatasetTable>(catalog, *this, info, std::move(source));
  const auto& columns = table->GetColumns();
  std::shared_ptr<duckdb::StandardEntry> replaced;
  std::lock_guard lock(mutex_);
  replaced = Replace(table_name, table);
  return !replaced || replaced->type != duckdb::CatalogType::TABLE_ENTRY ||
         !SameColumns(replaced->Cast<DatasetTable>().GetColumns(), columns);
}

void SpiceSchema::SetView(duckdb::CreateViewInfo& info) {
  auto view = std::make_shared<SpiceView>(catalog, *this, info);
  std::shared_ptr<duckdb::StandardEntry> replaced;
  std::lock_guard lock(mutex_);
  replaced = Replace(info.view_name, std::move(view));
}

void SpiceSchema::SetFailed(const std::string& table_name, Error reason) {
  std::shared_ptr<duckdb::StandardEntry> replaced;
  std::lock_guard lock(mutex_);
  replaced = Replace(table_name, nullptr, std::move(reason));
}

std::shared_ptr<duckdb::StandardEntry> SpiceSchema::Replace(
    const std::string& entry_name, std::shared_ptr<duckdb::StandardEntry> entry, Error failure) {
  auto& slot = slots_[duckdb::StringUtil::Lower(entry_name)];
  slot.failure = std::move(failure);
  slot.entry.swap(entry);
  return entry;
}

void SpiceSchema::RemoveTable(const std::string& table_name) {
  std::shared_ptr<duckdb::StandardEntry> removed;
  std::lock_guard lock(mutex_);
  const auto found = slots_.find(duckdb::StringUtil::Lower(table_name));
  if (found == slots_.end()) return;
  found->second.entry.swap(removed);
  slots_.erase(found);
}

std::vector<std::shared_ptr<duckdb::StandardEntry>> SpiceSchema::Entries() {
  std::vector<std::shared_ptr<duckdb::StandardEntry>> entries;
  std::lock_guard lock(mutex_);
  for (const auto& [lower_name, slot] : slots_) {
    if (slot.entry) entries.push_back(slot.entry);
  }
  return entries;
}

void SpiceSchema::Scan(duckdb::ClientContext& context, duckdb::CatalogType entry_type,
                       const std::function<void(duckdb::CatalogEntry&)>& callback) {
  // As in DuckDB's own schemas, tables and views are one set, from which callers choose.
  if (!IsTableOrView(entry_type)) return;
  // Functions like duckdb_tables() go on using the entries after the callback.
  auto& transaction = duckdb::Transaction::Get(context, catalog).Cast<SpiceTransaction>();
  for (const auto& entry : Entries()) {
    transaction.Keep(entry);
    callback(*entry);
  }
}

void SpiceSchema::Scan(duckdb::CatalogType entry_type,
                       const std::function<void(duckdb::CatalogEntry&)>& callback) {
  if (!IsTableOrView(entry_type)) return;
  for (const auto& entry : Entries()) callback(*entry);
}

duckdb::optional_ptr<duckdb::CatalogEntry> SpiceSchema::LookupEntry(
    duckdb::CatalogTransaction transaction, const duckdb::EntryLookupInfo& lookup) {
  if (!IsTableOrView(lookup.GetCatalogType())) return nullptr;
  std::lock_guard lock(mutex_);
  const auto found = slots_.find(duckdb::StringUtil::Lower(lookup.GetEntryName()));
  if (found == slots_.end()) return nullptr;
  if (const auto& entry = found->second.entry) {
    duckdb::Transaction::Get(transaction.GetContext(), catalog)
        .Cast<SpiceTransaction>()
        .Keep(entry);
    return entry.get();
  }
  ThrowIntoDuckDb(transaction.GetContext(), found->second.failure);
}

}  // namespace sumac::engine
