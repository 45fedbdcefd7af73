#include "engine/database.h"

#include "base/log.h"
#include "engine/attached_databases.h"
#include "engine/catalog/spice_catalog.h"
#include "engine/copies/attached_copies.h"
#include "engine/copies/copy_file.h"
#include "engine/duckdb_session.h"
#include "engine/file_readers.h"
#include "engine/file_source.h"
#include "engine/functions/dynamodb_to_json.h"
#include "engine/local_table.h"
#include "engine/optimizer/budget_check.h"
#include "engine/optimizer/fallback_rule.h"
#include "engine/optimizer/own_tables_check.h"
#include "engine/optimizer/repeatable_check.h"
#include "engine/optimizer/scan_optimizer.h"
#include "engine/optimizer/window_offset_check.h"
#include "engine/query_state.h"
#include "engine/readable_files.h"
#include "engine/row_table.h"
#include "engine/scan/join_keys.h"
#include "engine/scan/scan_function.h"
#include "engine/shut_in.h"
#include "engine/table_name.h"
#include "engine/task_loop.h"
#include "engine/view_set.h"

namespace sumac::engine {
namespace {

#if defined(__SANITIZE_ADDRESS__)
// DuckDB's vectors live in its own jemalloc, which AddressSanitizer does not see.
duckdb::unique_ptr<duckdb::Allocator> SanitizedAllocator() {
  return duckdb::make_uniq<duckdb::Allocator>(
      [](duckdb::PrivateAllocatorData*, duckdb::idx_t size) {
        return static_cast<duckdb::data_ptr_t>(std::malloc(size));
      },
      [](duckdb::PrivateAllocatorData*, duckdb::data_ptr_t pointer, duckdb::idx_t) {
        std::free(pointer);
      },
      [](duckdb::PrivateAllocatorData*, duckdb::data_ptr_t pointer, duckdb::idx_t,
         duckdb::idx_t size) {
        return static_cast<duckdb::data_ptr_t>(std::realloc(pointer, size));
      },
      nullptr);
}
#endif

void Configure(duckdb::DBConfig& config, const DatabaseOptions& options) {
  if (options.threads > 0) {
    config.SetOptionByName("threads", duckdb::Value::BIGINT(options.threads));
  }
  if (!options.memory_limit.empty()) {
    config.SetOptionByName("memory_limit", duckdb::Value(options.memory_limit));
  }
  if (!options.temporary_directory.empty()) {
    config.SetOptionByName("temp_directory", duckdb::Value(options.temporary_directory));
  }
  // Rows of DynamoDB have no order to keep, and keeping it would put SELECT * on one thread.
  config.SetOptionByName("preserve_insertion_order", duckdb::Value::BOOLEAN(false));
  // A checkpoint that fails for want of room is the end of the engine, so DuckDB begins none of its
  // own accord: AttachedCopies does, when there is room.
  config.SetOptionByName("wal_autocheckpoint", duckdb::Value("1TB"));
  config.options.checkpoint_on_shutdown = false;
  // Nor does a checkpoint move rows, which it would lose when the memory runs out meanwhile:
  // AttachedCopies moves them to another table.
  config.SetOptionByName("max_vacuum_tasks", duckdb::Value::UBIGINT(0));
  // Nothing is fetched behind the user's back.
  config.SetOptionByName("autoinstall_known_extensions", duckdb::Value::BOOLEAN(false));
  config.SetOptionByName("autoload_known_extensions", duckdb::Value::BOOLEAN(false));
#if defined(__SANITIZE_ADDRESS__)
  config.allocator = SanitizedAllocator();
#endif
}

}  // namespace

class Database::State {
 public:
  explicit State(DatabaseOptions options) : options_(std::move(options)) {}

  Status Open() {
    try {
      duckdb::DBConfig config;
      Configure(config, options_);
      storage_ = RegisterSpiceStorage(config);
      database_ = std::make_unique<duckdb::DuckDB>(nullptr, &config);
      // A database does not take over the rules of the configuration that it is opened with.
      auto& rules = duckdb::DBConfig::GetConfig(*database_->instance).optimizer_extensions;
      rules.push_back(OwnTablesCheck());
      rules.push_back(WindowOffsetCheck());
      rules.push_back(ScanUseExtension());
      rules.push_back(JoinKeysExtension());
      rules.push_back(FallbackExtension());
      RegisterDynamoDbToJson(*database_->instance);
      // After all that changes how a scan reads.
      RegisterBudgetCheck(*database_);
      RegisterRepeatableCheck(*database_);
      readable_files_ = InstallReadableFiles(*database_->instance);
      attached_ = std::make_unique<AttachedDatabases>(*database_, readable_files_);
      duckdb::Connection connection(*database_);
      file_readers_ = std::make_shared<FileReaders>(FindFileReaders(connection));
      std::vector<std::string> statements = {
          "ATTACH '' AS spice (TYPE sumac)",
          "CREATE SCHEMA memory.accelerated",
      };
      if (options_.shut_in) {
        RemoveUnsafeFunctions(connection);
        statements.insert(statements.end(), {"SET enable_external_access = false",
                                             "SET allow_community_extensions = false",
                                             "SET lock_configuration = true"});
      }
      for (const auto& statement : statements) {
        auto result = connection.Query(statement);
        if (result->HasError()) return Fail(InternalError(result->GetError()));
      }
      views_ = std::make_unique<ViewSet>(*database_, *storage_->catalog);
      memory_copies_ =
          std::make_shared<AttachedCopies>(*database_, Schema(kLoadingSchema),
                                           CopyPlace{kCopiesCatalog, kCopiesSchema, "", nullptr});
    } catch (const std::exception& exception) {
      duckdb::ErrorData data(exception);
      return Fail(ErrorCode::kInvalidArgument, "The engine could not start: " + data.RawMessage());
    }
    return {};
  }

  SpiceSchema& Schema(const std::string& name) { return storage_->catalog->SchemaOf(name); }

  ViewSet& Views() { return *views_; }

  AttachedDatabases& Attached() { return *attached_; }

  Result<std::shared_ptr<TableSource>> OpenFiles(FileTable table) {
    if (table.files.kind == FileSet::Kind::kFile) {
      readable_files_->AllowFile(table.files.path);
    } else {
      readable_files_->AllowFolder(table.files.root);
    }
    return MakeFileSource(*database_, file_readers_, std::move(table));
  }

  std::shared_ptr<CopyStore> MemoryCopies() { return memory_copies_; }

  Result<std::shared_ptr<CopyStore>> FileCopies(const std::string& path) {
    // One after another; queries do not wait for it.
    std::lock_guard attach_lock(attach_mutex_);
    {
      std::lock_guard lock(files_mutex_);
      const auto found = file_copies_.find(path);
      if (found != file_copies_.end()) return found->second;
    }
    SUMAC_ASSIGN_OR_RETURN(auto copies,
                           AttachCopyFile(*database_, Schema(kLoadingSchema), path,
                                          "sumac_copies_" + std::to_string(++files_attached_)));
    std::lock_guard lock(files_mutex_);
    file_copies_.emplace(path, copies);
    return copies;
  }

  std::unique_ptr<Session> Connect() {
    DropUnusedCopies();
    return MakeDuckDbSession(*database_, options_.shut_in, options_.timers);
  }

  // Gives their room back. Not from within a query: the last user of a copy may be one.
  void DropUnusedCopies() {
    std::vector<std::shared_ptr<CopyStore>> stores = {memory_copies_};
    {
      std::lock_guard lock(files_mutex_);
      for (const auto& [path, store] : file_copies_) {
        stores.push_back(store);
      }
    }
    for (const auto& store : stores) store->DropUnused();
  }

 private:
  const DatabaseOptions options_;
  duckdb::shared_ptr<SpiceStorage> storage_;
  std::unique_ptr<duckdb::DuckDB> database_;
  std::shared_ptr<ReadableFiles> readable_files_;
  std::shared_ptr<const FileReaders> file_readers_;
  std::unique_ptr<AttachedDatabases> attached_;
  std::unique_ptr<ViewSet> views_;
  std::shared_ptr<CopyStore> memory_copies_;
  std::mutex attach_mutex_;
  int files_attached_ = 0;  // guarded by attach_mutex_
  std::mutex files_mutex_;
  std::map<std::string, std::shared_ptr<CopyStore>>
      file_copies_;  // by path; guarded by files_mutex_
};

Result<std::unique_ptr<Database>> Database::Open(DatabaseOptions options) {
  auto state = std::make_unique<State>(std::move(options));
  SUMAC_RETURN_IF_ERROR(state->Open());
  return std::unique_ptr<Database>(new Database(std::move(state)));
}

Database::Database(std::unique_ptr<State> state) : state_(std::move(state)) {}

Database::~Database() = default;

Status Database::RegisterTable(const std::string& name, std::shared_ptr<TableSource> source) {
  const auto [schema, table] = SplitName(name);
  if (HidesSystemView(table)) {
    return Fail(ErrorCode::kInvalidArgument,
                "dataset '" + name +
                    "' has a name of SQL's own views (duckdb_..., pragma_..., "
                    "sqlite_...), which it would hide; give it another name");
  }
  try {
    if (state_->Schema(schema).SetTable(table, std::move(source))) state_->Views().Rebind();
    state_->DropUnusedCopies();
  } catch (const std::exception& exception) {
    duckdb::ErrorData data(exception);
    return Fail(ErrorCode::kInvalidArgument,
                "dataset '" + name + "' cannot be a table: " + data.RawMessage());
  }
  return {};
}

void Database::RegisterRowTable(const std::string& name, std::vector<ResultColumn> columns,
                                RowsCallback rows) {
  const auto [schema, table] = SplitName(name);
  auto source = MakeRowTableSource(std::move(columns), std::move(rows));
  if (state_->Schema(schema).SetTable(table, std::move(source))) state_->Views().Rebind();
}

void Database::RegisterFailedTable(const std::string& name, Error reason) {
  const auto [schema, table] = SplitName(name);
  if (HidesSystemView(table)) return;
  state_->Schema(schema).SetFailed(table, std::move(reason));
}

void Database::RemoveTable(const std::string& name) {
  const auto [schema, table] = SplitName(name);
  state_->Schema(schema).RemoveTable(table);
  state_->Views().Rebind();
  state_->DropUnusedCopies();
}

std::vector<Status> Database::RegisterViews(const std::vector<ViewDefinition>& views) {
  return state_->Views().Register(views);
}

std::shared_ptr<CopyStore> Database::MemoryCopies() {
  return state_->MemoryCopies();
}

Result<std::shared_ptr<CopyStore>> Database::FileCopies(const std::string& path) {
  return state_->FileCopies(path);
}

Result<std::shared_ptr<TableSource>> Database::OpenFiles(FileTable table) {
  return state_->OpenFiles(std::move(table));
}

Result<std::shared_ptr<TableSource>> Database::OpenDuckDbTable(const std::string& path,
                                                               const std::string& table) {
  return state_->Attached().Open(path, table);
}

std::unique_ptr<Session> Database::Connect() {
  return state_->Connect();
}

}  // namespace sumac::engine
