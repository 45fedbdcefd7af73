// What DuckDB sees of the datasets and views: the read-only catalog `spice` with its schemas, their
// tables and views. Internal to engine/.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include <duckdb.hpp>
#include <duckdb/catalog/catalog.hpp>
#include <duckdb/catalog/catalog_entry/schema_catalog_entry.hpp>
#include <duckdb/catalog/catalog_entry/table_catalog_entry.hpp>
#include <duckdb/catalog/catalog_entry/view_catalog_entry.hpp>
#include <duckdb/storage/storage_extension.hpp>

#include "base/error.h"
#include "engine/table_source.h"

namespace sumac::engine {

class SpiceCatalog;

inline constexpr char kCatalogName[] = "spice";
inline constexpr char kDefaultSchema[] = "public";
// Tables that only Sumac's own statements name: the remote side of a dataset while it is loaded.
inline constexpr char kLoadingSchema[] = "sumac_loading";

// One dataset as a table. Never changes after it was made: a new source makes a new entry.
class DatasetTable final : public duckdb::TableCatalogEntry {
 public:
  DatasetTable(duckdb::Catalog& parent_catalog, duckdb::SchemaCatalogEntry& parent_schema,
               duckdb::CreateTableInfo& info, std::shared_ptr<TableSource> source);

  duckdb::unique_ptr<duckdb::BaseStatistics> GetStatistics(duckdb::ClientContext& context,
                                                           duckdb::column_t column) override;
  duckdb::TableFunction GetScanFunction(
      duckdb::ClientContext& context, duckdb::unique_ptr<duckdb::FunctionData>& bind_data) override;
  duckdb::TableStorageInfo GetStorageInfo(duckdb::ClientContext& context) override;
  duckdb::virtual_column_map_t GetVirtualColumns() const override;
  duckdb::vector<duckdb::column_t> GetRowIdColumns() const override;

 private:
  std::shared_ptr<TableSource> source_;
};

// A view of the Spicepod. Never changes after it was made: other columns make a new entry.
class SpiceView final : public duckdb::ViewCatalogEntry {
 public:
  using ViewCatalogEntry::ViewCatalogEntry;

  // Its types are for those who ask what it is. A query takes the types that its tables have now.
  bool HasTypes() const override { return false; }
  // As it is written in the Spicepod.
  duckdb::string ToSQL() const override;
};

// A schema. Thread-safe. A plan refers to its tables by reference; so a transaction keeps those
// that were looked up in it (SpiceTransaction), and one that was replaced goes with the last of
// them.
class SpiceSchema final : public duckdb::SchemaCatalogEntry {
 public:
  SpiceSchema(duckdb::Catalog& parent_catalog, duckdb::CreateSchemaInfo& info);

  // Returns whether it has other columns than the table of that name had before, if there was one.
  bool SetTable(const std::string& name, std::shared_ptr<TableSource> source);
  // The names in the query of `info` are complete; it selects the columns that `info` names.
  void SetView(duckdb::CreateViewInfo& info);
  void SetFailed(const std::string& name, Error reason);
  void RemoveTable(const std::string& name);

  void Scan(duckdb::ClientContext& context, duckdb::CatalogType entry_type,
            const std::function<void(duckdb::CatalogEntry&)>& callback) override;
  void Scan(duckdb::CatalogType entry_type,
            const std::function<void(duckdb::CatalogEntry&)>& callback) override;
  duckdb::optional_ptr<duckdb::CatalogEntry> LookupEntry(
      duckdb::CatalogTransaction transaction, const duckdb::EntryLookupInfo& lookup) override;

  // Everything below changes the schema and is refused.
  using Transaction = duckdb::CatalogTransaction;
  using Entry = duckdb::optional_ptr<duckdb::CatalogEntry>;
  Entry CreateIndex(Transaction, duckdb::CreateIndexInfo&, duckdb::TableCatalogEntry&) override;
  Entry CreateFunction(Transaction, duckdb::CreateFunctionInfo&) override;
  Entry CreateTable(Transaction, duckdb::BoundCreateTableInfo&) override;
  Entry CreateView(Transaction, duckdb::CreateViewInfo&) override;
  Entry CreateSequence(Transaction, duckdb::CreateSequenceInfo&) override;
  Entry CreateTableFunction(Transaction, duckdb::CreateTableFunctionInfo&) override;
  Entry CreateCopyFunction(Transaction, duckdb::CreateCopyFunctionInfo&) override;
  Entry CreatePragmaFunction(Transaction, duckdb::CreatePragmaFunctionInfo&) override;
  Entry CreateCollation(Transaction, duckdb::CreateCollationInfo&) override;
  Entry CreateType(Transaction, duckdb::CreateTypeInfo&) override;
  void DropEntry(duckdb::ClientContext& context, duckdb::DropInfo& info) override;
  void Alter(Transaction transaction, duckdb::AlterInfo& info) override;

 private:
  struct Slot {
    std::shared_ptr<duckdb::StandardEntry> entry;  // null when it failed
    Error failure;
  };

  // Makes `entry`, which may be null, what `name` stands for. Called with the lock held. Returns
  // what it replaced, which may be the last to use a copy: it is to go after the lock.
  std::shared_ptr<duckdb::StandardEntry> Replace(const std::string& name,
                                                 std::shared_ptr<duckdb::StandardEntry> entry,
                                                 Error failure = {});
  // Those that did not fail.
  std::vector<std::shared_ptr<duckdb::StandardEntry>> Entries();

  std::mutex mutex_;
  std::map<std::string, Slot> slots_;  // by lower-case name
};

// Where the catalog is found once it is attached.
struct SpiceStorage final : public duckdb::StorageExtensionInfo {
  SpiceCatalog* catalog = nullptr;
};

// Registers the storage type `sumac` with a DuckDB configuration; ATTACH '' AS spice (TYPE sumac)
// then makes the catalog.
duckdb::shared_ptr<SpiceStorage> RegisterSpiceStorage(duckdb::DBConfig& config);

class SpiceCatalog final : public duckdb::Catalog {
 public:
  explicit SpiceCatalog(duckdb::AttachedDatabase& database);
  ~SpiceCatalog() override;

  // The schema of this name; made on first use.
  SpiceSchema& SchemaOf(const std::string& name);
  bool HasSchema(const std::string& name);

  void Initialize(bool load_builtin) override;
  duckdb::string GetCatalogType() override { return "sumac"; }
  duckdb::string GetDefaultSchema() const override { return kDefaultSchema; }
  duckdb::optional_ptr<duckdb::CatalogEntry> CreateSchema(duckdb::CatalogTransaction transaction,
                                                          duckdb::CreateSchemaInfo& info) override;
  duckdb::optional_ptr<duckdb::SchemaCatalogEntry> LookupSchema(
      duckdb::CatalogTransaction transaction, const duckdb::EntryLookupInfo& lookup,
      duckdb::OnEntryNotFound if_not_found) override;
  void ScanSchemas(duckdb::ClientContext& context,
                   std::function<void(duckdb::SchemaCatalogEntry&)> callback) override;
  duckdb::PhysicalOperator& PlanCreateTableAs(duckdb::ClientContext& context,
                                              duckdb::PhysicalPlanGenerator& planner,
                                              duckdb::LogicalCreateTable& operation,
                                              duckdb::PhysicalOperator& plan) override;
  duckdb::PhysicalOperator& PlanInsert(
      duckdb::ClientContext& context, duckdb::PhysicalPlanGenerator& planner,
      duckdb::LogicalInsert& operation,
      duckdb::optional_ptr<duckdb::PhysicalOperator> plan) override;
  duckdb::PhysicalOperator& PlanDelete(duckdb::ClientContext& context,
                                       duckdb::PhysicalPlanGenerator& planner,
                                       duckdb::LogicalDelete& operation,
                                       duckdb::PhysicalOperator& plan) override;
  duckdb::PhysicalOperator& PlanUpdate(duckdb::ClientContext& context,
                                       duckdb::PhysicalPlanGenerator& planner,
                                       duckdb::LogicalUpdate& operation,
                                       duckdb::PhysicalOperator& plan) override;
  duckdb::unique_ptr<duckdb::LogicalOperator> BindCreateIndex(
      duckdb::Binder& binder, duckdb::CreateStatement& statement, duckdb::TableCatalogEntry& table,
      duckdb::unique_ptr<duckdb::LogicalOperator> plan) override;
  duckdb::DatabaseSize GetDatabaseSize(duckdb::ClientContext& context) override;
  bool InMemory() override { return true; }
  duckdb::string GetDBPath() override { return ""; }

 private:
  void DropSchema(duckdb::ClientContext& context, duckdb::DropInfo& info) override;

  std::mutex mutex_;
  std::map<std::string, duckdb::unique_ptr<SpiceSchema>> schemas_;
};

}  // namespace sumac::engine
