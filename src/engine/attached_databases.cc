#include "engine/attached_databases.h"

#include <filesystem>

#include <duckdb/catalog/catalog.hpp>
#include <duckdb/catalog/catalog_entry/schema_catalog_entry.hpp>
#include <duckdb/catalog/catalog_entry/table_catalog_entry.hpp>
#include <duckdb/common/table_column.hpp>
#include <duckdb/main/attached_database.hpp>
#include <duckdb/parser/qualified_name.hpp>
#include <duckdb/storage/table_storage_info.hpp>
#include <sys/stat.h>

#include "base/nearest_name.h"
#include "engine/reader_message.h"
#include "engine/scan/native_scan.h"

namespace sumac::engine {
namespace {

constexpr char kMainSchema[] = "main";

class AttachedTableSource final : public TableSource {
 public:
  AttachedTableSource(duckdb::shared_ptr<duckdb::AttachedDatabase> database,
                      duckdb::TableCatalogEntry& table, uint64_t rows)
      : database_(std::move(database)),
        schema_name_(table.ParentSchema().name),
        table_name_(table.name),
        rows_(rows) {
    for (const auto& column : table.GetColumns().Logical()) {
      columns_.push_back({column.Name(), column.Type()});
    }
  }

  const std::vector<ResultColumn>& Columns() const override { return columns_; }

  duckdb::virtual_column_map_t VirtualColumns() const override {
    // DuckDB's own scan counts rows by its row identifier.
    duckdb::virtual_column_map_t columns;
    columns.emplace(duckdb::COLUMN_IDENTIFIER_ROW_ID,
                    duckdb::TableColumn("rowid", duckdb::LogicalType::ROW_TYPE));
    return columns;
  }

  duckdb::TableFunction ScanFunction(
      duckdb::ClientContext& context, duckdb::TableCatalogEntry& dataset,
      duckdb::unique_ptr<duckdb::FunctionData>& bind_data) const override {
    // The file is open for reading alone, so the table is what it was.
    auto& table = database_->GetCatalog().GetEntry<duckdb::TableCatalogEntry>(context, schema_name_,
                                                                              table_name_);
    return NativeScanFunction(context, dataset, table, nullptr, bind_data);
  }

  uint64_t EstimatedRows() const override { return rows_; }

 private:
  const duckdb::shared_ptr<duckdb::AttachedDatabase> database_;
  const std::string schema_name_;
  const std::string table_name_;
  const uint64_t rows_;
  std::vector<ResultColumn> columns_;
};

std::string Shown(const std::string& schema, const std::string& table) {
  return schema == kMainSchema ? table : schema + "." + table;
}

Error NoSuchTable(duckdb::ClientContext& context, duckdb::Catalog& catalog, const std::string& name,
                  const std::string& path) {
  std::vector<std::string> names;
  for (auto& schema : catalog.GetSchemas(context)) {
    schema.get().Scan(context, duckdb::CatalogType::TABLE_ENTRY, [&](auto& entry) {
      if (entry.type == duckdb::CatalogType::TABLE_ENTRY && !entry.internal) {
        names.push_back(Shown(schema.get().name, entry.name));
      }
    });
  }
  std::string message = "there is no table '" + name + "' in '" + path + "'";
  if (names.empty()) {
    message += ", nor any other";
  } else if (const auto nearest = NearestName(name, names)) {
    message += "; did you mean '" + *nearest + "'?";
  } else if (names.size() <= 5) {
    message += "; it has ";
    for (const auto& known : names) message += (known == names.front() ? "'" : ", '") + known + "'";
  }
  return UserError(ErrorCode::kNotFound, message);
}

// Finds the table and makes a source of it. Called within a transaction.
Result<std::shared_ptr<TableSource>> MakeSource(
    duckdb::ClientContext& context, const duckdb::shared_ptr<duckdb::AttachedDatabase>& database,
    const duckdb::QualifiedName& name, const std::string& path) {
  auto& catalog = database->GetCatalog();
  const std::string shown = Shown(name.schema, name.name);
  auto entry = catalog.GetEntry(context, duckdb::CatalogType::TABLE_ENTRY, name.schema, name.name,
                                duckdb::OnEntryNotFound::RETURN_NULL);
  if (!entry) return Fail(NoSuchTable(context, catalog, shown, path));
  if (entry->type != duckdb::CatalogType::TABLE_ENTRY) {
    return Fail(ErrorCode::kUnsupported,
                "'" + shown + "' in '" + path +
                    "' is a view, and only tables can be datasets; make datasets of its tables, "
                    "and write the view under 'views' of the Spicepod");
  }
  auto& table = entry->Cast<duckdb::TableCatalogEntry>();
  for (const auto& column : table.GetColumns().Logical()) {
    if (!column.Generated()) continue;
    return Fail(ErrorCode::kUnsupported, "table '" + shown + "' in '" + path +
                                             "' has the generated column '" + column.Name() +
                                             "', which cannot be read from outside");
  }
  const auto rows = table.GetStorageInfo(context).cardinality;
  return std::make_shared<AttachedTableSource>(database, table,
                                               rows.IsValid() ? rows.GetIndex() : 0);
}

Error OpeningError(const std::string& path, const std::exception& exception) {
  duckdb::ErrorData data(exception);
  const auto& message = data.RawMessage();
  const std::string file = "'" + path + "'";
  if (message.find("Could not set lock") != std::string::npos) {
    Error error = UserError(ErrorCode::kUnavailable,
                            file + " is open for writing in another process; close it there");
    error.retryable = true;
    return error;
  }
  if (message.find("not a valid DuckDB database file") != std::string::npos) {
    return UserError(ErrorCode::kInvalidArgument, file + " is not a DuckDB database");
  }
  return UserError(ErrorCode::kInvalidArgument, file + " cannot be opened as a DuckDB database: " +
                                                    ReadReaderMessage(message).text);
}

}  // namespace

AttachedDatabases::AttachedDatabases(duckdb::DuckDB& database, std::shared_ptr<ReadableFiles> files)
    : database_(database), files_(std::move(files)) {}

Result<duckdb::shared_ptr<duckdb::AttachedDatabase>> AttachedDatabases::Attach(
    const std::string& path) {
  namespace fs = std::filesystem;
  std::error_code error;
  const auto status = fs::status(path, error);
  if (!fs::exists(status)) {
    return Fail(ErrorCode::kNotFound, "there is no file '" + path + "'");
  }
  if (!fs::is_regular_file(status)) {
    return Fail(ErrorCode::kInvalidArgument, "'" + path + "' is not a file");
  }
  const std::string canonical = fs::canonical(path, error).string();
  // Held while the file is opened: two that open the same would be in each other's way.
  std::lock_guard lock(mutex_);
  struct stat file = {};
  if (stat(canonical.c_str(), &file) != 0) {
    return Fail(ErrorCode::kNotFound, "there is no file '" + path + "'");
  }
  auto& place = attached_[{file.st_dev, file.st_ino}];
  if (auto known = place.lock()) return known;
  files_->AllowFile(canonical);
  files_->AllowFile(canonical + ".wal");
  auto& instance = *database_.instance;
  duckdb::AttachOptions options(duckdb::DBConfig::GetConfig(instance).options);
  options.access_mode = duckdb::AccessMode::READ_ONLY;
  // DuckDB finds a database that a query uses by name. No SQL can spell this one.
  const std::string name = std::string("sumac\0", 6) + std::to_string(++made_);
  try {
    auto attached = duckdb::make_shared_ptr<duckdb::AttachedDatabase>(
        instance, duckdb::Catalog::GetSystemCatalog(instance), name,
        ReadableFiles::PathFor(canonical, ""), options);
    attached->Initialize();
    attached->FinalizeLoad(nullptr);
    place = attached;
    return attached;
  } catch (const std::exception& exception) {
    return Fail(OpeningError(path, exception));
  }
}

Result<std::shared_ptr<TableSource>> AttachedDatabases::Open(const std::string& path,
                                                             const std::string& table) {
  duckdb::QualifiedName name;
  try {
    name = duckdb::QualifiedName::Parse(table);
  } catch (const std::exception&) {
    name.name.clear();
  }
  if (name.name.empty() || !name.catalog.empty()) {
    return Fail(ErrorCode::kInvalidArgument,
                "'" + table + "' is no name of a table; write duckdb:table or duckdb:schema.table");
  }
  if (name.schema.empty()) name.schema = kMainSchema;
  SUMAC_ASSIGN_OR_RETURN(const auto attached, Attach(path));
  duckdb::Connection connection(database_);
  Result<std::shared_ptr<TableSource>> source;
  try {
    connection.context->RunFunctionInTransaction(
        [&] { source = MakeSource(*connection.context, attached, name, path); });
  } catch (const std::exception& exception) {
    return Fail(OpeningError(path, exception));
  }
  return source;
}

}  // namespace sumac::engine
