#include "engine/catalog/spice_catalog.h"

#include <duckdb/parser/parsed_data/create_schema_info.hpp>
#include <duckdb/storage/database_size.hpp>

#include "engine/catalog/spice_transaction.h"

namespace sumac::engine {
namespace {

[[noreturn]] void RefuseWrite() {
  throw duckdb::PermissionException(
      "The datasets of the catalog \"spice\" are read-only: only queries are possible.");
}

duckdb::unique_ptr<duckdb::Catalog> Attach(duckdb::optional_ptr<duckdb::StorageExtensionInfo> info,
                                           duckdb::ClientContext&,
                                           duckdb::AttachedDatabase& database,
                                           const duckdb::string&, duckdb::AttachInfo&,
                                           duckdb::AttachOptions&) {
  auto catalog = duckdb::make_uniq<SpiceCatalog>(database);
  static_cast<SpiceStorage&>(*info).catalog = catalog.get();
  return catalog;
}

duckdb::unique_ptr<duckdb::TransactionManager> MakeTransactionManager(
    duckdb::optional_ptr<duckdb::StorageExtensionInfo>, duckdb::AttachedDatabase& database,
    duckdb::Catalog&) {
  return duckdb::make_uniq<SpiceTransactionManager>(database);
}

}  // namespace

duckdb::shared_ptr<SpiceStorage> RegisterSpiceStorage(duckdb::DBConfig& config) {
  auto storage = duckdb::make_shared_ptr<SpiceStorage>();
  auto extension = duckdb::make_uniq<duckdb::StorageExtension>();
  extension->attach = Attach;
  extension->create_transaction_manager = MakeTransactionManager;
  extension->storage_info = storage;
  config.storage_extensions["sumac"] = std::move(extension);
  return storage;
}

SpiceCatalog::SpiceCatalog(duckdb::AttachedDatabase& database) : Catalog(database) {}

SpiceCatalog::~SpiceCatalog() = default;

void SpiceCatalog::Initialize(bool) {
  SchemaOf(kDefaultSchema);
}

SpiceSchema& SpiceCatalog::SchemaOf(const std::string& name) {
  std::lock_guard lock(mutex_);
  auto& schema = schemas_[duckdb::StringUtil::Lower(name)];
  if (!schema) {
    duckdb::CreateSchemaInfo info;
    info.catalog = kCatalogName;
    info.schema = name;
    schema = duckdb::make_uniq<SpiceSchema>(*this, info);
  }
  return *schema;
}

bool SpiceCatalog::HasSchema(const std::string& name) {
  std::lock_guard lock(mutex_);
  return schemas_.contains(duckdb::StringUtil::Lower(name));
}

duckdb::optional_ptr<duckdb::SchemaCatalogEntry> SpiceCatalog::LookupSchema(
    duckdb::CatalogTransaction, const duckdb::EntryLookupInfo& lookup,
    duckdb::OnEntryNotFound if_not_found) {
  {
    std::lock_guard lock(mutex_);
    const auto found = schemas_.find(duckdb::StringUtil::Lower(lookup.GetEntryName()));
    if (found != schemas_.end()) return found->second.get();
  }
  if (if_not_found == duckdb::OnEntryNotFound::RETURN_NULL) return nullptr;
  throw duckdb::BinderException("Schema \"%s\" does not exist in the catalog \"%s\".",
                                lookup.GetEntryName(), kCatalogName);
}

void SpiceCatalog::ScanSchemas(duckdb::ClientContext&,
                               std::function<void(duckdb::SchemaCatalogEntry&)> callback) {
  std::vector<SpiceSchema*> schemas;
  {
    std::lock_guard lock(mutex_);
    for (const auto& [name, schema] : schemas_) {
      if (name != kLoadingSchema) schemas.push_back(schema.get());
    }
  }
  for (auto* schema : schemas) callback(*schema);
}

duckdb::optional_ptr<duckdb::CatalogEntry> SpiceCatalog::CreateSchema(duckdb::CatalogTransaction,
                                                                      duckdb::CreateSchemaInfo&) {
  RefuseWrite();
}

void SpiceCatalog::DropSchema(duckdb::ClientContext&, duckdb::DropInfo&) {
  RefuseWrite();
}

duckdb::PhysicalOperator& SpiceCatalog::PlanCreateTableAs(duckdb::ClientContext&,
                                                          duckdb::PhysicalPlanGenerator&,
                                                          duckdb::LogicalCreateTable&,
                                                          duckdb::PhysicalOperator&) {
  RefuseWrite();
}

duckdb::PhysicalOperator& SpiceCatalog::PlanInsert(duckdb::ClientContext&,
                                                   duckdb::PhysicalPlanGenerator&,
                                                   duckdb::LogicalInsert&,
                                                   duckdb::optional_ptr<duckdb::PhysicalOperator>) {
  RefuseWrite();
}

duckdb::PhysicalOperator& SpiceCatalog::PlanDelete(duckdb::ClientContext&,
                                                   duckdb::PhysicalPlanGenerator&,
                                                   duckdb::LogicalDelete&,
                                                   duckdb::PhysicalOperator&) {
  RefuseWrite();
}

duckdb::PhysicalOperator& SpiceCatalog::PlanUpdate(duckdb::ClientContext&,
                                                   duckdb::PhysicalPlanGenerator&,
                                                   duckdb::LogicalUpdate&,
                                                   duckdb::PhysicalOperator&) {
  RefuseWrite();
}

duckdb::unique_ptr<duckdb::LogicalOperator> SpiceCatalog::BindCreateIndex(
    duckdb::Binder&, duckdb::CreateStatement&, duckdb::TableCatalogEntry&,
    duckdb::unique_ptr<duckdb::LogicalOperator>) {
  RefuseWrite();
}

duckdb::DatabaseSize SpiceCatalog::GetDatabaseSize(duckdb::ClientContext&) {
  return {};
}

SpiceSchema::Entry SpiceSchema::CreateIndex(Transaction, duckdb::CreateIndexInfo&,
                                            duckdb::TableCatalogEntry&) {
  RefuseWrite();
}
SpiceSchema::Entry SpiceSchema::CreateFunction(Transaction, duckdb::CreateFunctionInfo&) {
  RefuseWrite();
}
SpiceSchema::Entry SpiceSchema::CreateTable(Transaction, duckdb::BoundCreateTableInfo&) {
  RefuseWrite();
}
SpiceSchema::Entry SpiceSchema::CreateView(Transaction, duckdb::CreateViewInfo&) {
  RefuseWrite();
}
SpiceSchema::Entry SpiceSchema::CreateSequence(Transaction, duckdb::CreateSequenceInfo&) {
  RefuseWrite();
}
SpiceSchema::Entry SpiceSchema::CreateTableFunction(Transaction, duckdb::CreateTableFunctionInfo&) {
  RefuseWrite();
}
SpiceSchema::Entry SpiceSchema::CreateCopyFunction(Transaction, duckdb::CreateCopyFunctionInfo&) {
  RefuseWrite();
}
SpiceSchema::Entry SpiceSchema::CreatePragmaFunction(Transaction,
                                                     duckdb::CreatePragmaFunctionInfo&) {
  RefuseWrite();
}
SpiceSchema::Entry SpiceSchema::CreateCollation(Transaction, duckdb::CreateCollationInfo&) {
  RefuseWrite();
}
SpiceSchema::Entry SpiceSchema::CreateType(Transaction, duckdb::CreateTypeInfo&) {
  RefuseWrite();
}
void SpiceSchema::DropEntry(duckdb::ClientContext&, duckdb::DropInfo&) {
  RefuseWrite();
}
void SpiceSchema::Alter(Transaction, duckdb::AlterInfo&) {
  RefuseWrite();
}

}  // namespace sumac::engine
