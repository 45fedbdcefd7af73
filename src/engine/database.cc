#include "engine/database.h"

#include "base/log.h"
#include "engine/catalog/spice_catalog.h"
#include "engine/copies.h"
#include "engine/duckdb_session.h"
#include "engine/functions/dynamodb_to_json.h"
#include "engine/local_table.h"
#include "engine/optimizer/budget_check.h"
#include "engine/optimizer/repeatable_check.h"
#include "engine/optimizer/scan_optimizer.h"
#include "engine/query_state.h"
#include "engine/scan/join_keys.h"
#include "engine/scan/scan_function.h"
#include "engine/shut_in.h"
#include "engine/table_name.h"
#include "engine/task_loop.h"
#include "engine/view_set.h"

namespace sumac::engine {
namespace {

constexpr char kCopiesCatalog[] = "memory";
constexpr char kKeepItemAdvice[] =
    "set acceleration.params.keep_item: true and select _overflow, or query it without "
    "acceleration, to see what is missing";
constexpr char kCopiesSchema[] = "accelerated";

std::string Identifier(const std::string& name) {
  return "\"" + duckdb::StringUtil::Replace(name, "\"", "\"\"") + "\"";
}

std::string CopyName(const std::string& table) {
  return std::string(kCopiesCatalog) + "." + kCopiesSchema + "." + Identifier(table);
}

// The virtual columns of a copy of `source`, whose columns they follow; null when it has none.
std::shared_ptr<CopiedVirtualColumns> CopiedVirtualColumnsOf(const TableSource& source, bool kept) {
  const auto names = source.VirtualColumns();
  const auto item = names.find(kItemColumn);
  const auto overflow = names.find(kOverflowColumn);
  if (item == names.end() || overflow == names.end()) return nullptr;
  CopiedVirtualColumns columns;
  columns.item_name = item->second.name;
  columns.overflow_name = overflow->second.name;
  if (kept) columns.item_position = source.Columns().size();
  return std::make_shared<CopiedVirtualColumns>(std::move(columns));
}

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
  // Rows of DynamoDB have no order to keep, and keeping it would put SELECT * on one thread.
  config.SetOptionByName("preserve_insertion_order", duckdb::Value::BOOLEAN(false));
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
      rules.push_back(ScanUseExtension());
      rules.push_back(JoinKeysExtension());
      RegisterDynamoDbToJson(*database_->instance);
      // After all that changes how a scan reads.
      RegisterBudgetCheck(*database_);
      RegisterRepeatableCheck(*database_);
      duckdb::Connection connection(*database_);
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
    } catch (const std::exception& exception) {
      duckdb::ErrorData data(exception);
      return Fail(ErrorCode::kInvalidArgument, "The engine could not start: " + data.RawMessage());
    }
    return {};
  }

  SpiceSchema& Schema(const std::string& name) { return storage_->catalog->SchemaOf(name); }

  ViewSet& Views() { return *views_; }

  Result<std::shared_ptr<TableSource>> Materialize(std::shared_ptr<TableSource> source,
                                                   const CopyOptions& options,
                                                   std::vector<std::string>* warnings) {
    const auto virtual_columns = CopiedVirtualColumnsOf(*source, options.keep_item);
    std::string columns = "*";
    if (virtual_columns && virtual_columns->item_position) {
      columns += ", " + Identifier(virtual_columns->item_name) + ", " +
                 Identifier(virtual_columns->overflow_name);
    }
    DropUnusedCopies();
    auto table = copies_.NewName();
    auto& loading = Schema(kLoadingSchema);
    loading.SetTable(*table, source);
    std::map<std::string, DatasetLosses> losses;
    auto rows = Copy(*table, columns, options.cancelled, losses);
    loading.RemoveTable(*table);
    if (!rows) return Fail(std::move(rows).error());
    for (auto& [dataset_name, lost] : losses) {
      if (!options.keep_item) lost.advice = kKeepItemAdvice;
      if (warnings != nullptr) *warnings = WarningLines(dataset_name, lost);
      if (!virtual_columns) continue;
      virtual_columns->dataset_name = dataset_name;
      virtual_columns->losses = lost;
    }
    return MakeLocalTableSource(kCopiesCatalog, kCopiesSchema, std::move(table), source->Columns(),
                                *rows, virtual_columns);
  }

  std::unique_ptr<Session> Connect() {
    DropUnusedCopies();
    return MakeDuckDbSession(*database_, options_.shut_in, options_.timers);
  }

  // Gives their memory back. Not from within a query: the last user of a copy may be one.
  void DropUnusedCopies() {
    const auto unused = copies_.TakeUnused();
    if (unused.empty()) return;
    duckdb::Connection connection(*database_);
    for (const auto& name : unused) {
      const auto dropped = connection.Query("DROP TABLE IF EXISTS " + CopyName(name));
      if (dropped->HasError()) spdlog::error("{} stays in memory: {}", name, dropped->GetError());
    }
  }

 private:
  Result<uint64_t> Copy(const std::string& table, const std::string& columns,
                        const std::atomic<bool>* cancelled,
                        std::map<std::string, DatasetLosses>& losses) {
    duckdb::Connection connection(*database_);
    const std::string target = CopyName(table);
    const std::string remote =
        std::string(kCatalogName) + "." + kLoadingSchema + "." + Identifier(table);
    auto pending = connection.PendingQuery(
        "CREATE TABLE " + target + " AS SELECT " + columns + " FROM " + remote, false);
    RunToResult(*pending, [&] {
      if (cancelled != nullptr && cancelled->load()) connection.Interrupt();
    });
    if (pending->HasError()) {
      return Fail(ErrorFromDuckDb(*connection.context, pending->GetErrorObject()));
    }
    auto result = pending->Execute();
    if (result->HasError()) {
      return Fail(ErrorFromDuckDb(*connection.context, result->GetErrorObject()));
    }
    losses = QueryState::Of(*connection.context).Losses();
    auto chunk = result->Fetch();
    return chunk && chunk->size() > 0 ? chunk->GetValue(0, 0).GetValue<uint64_t>() : 0;
  }

  const DatabaseOptions options_;
  duckdb::shared_ptr<SpiceStorage> storage_;
  std::unique_ptr<duckdb::DuckDB> database_;
  std::unique_ptr<ViewSet> views_;
  Copies copies_;
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

void Database::RegisterFailedTable(const std::string& name, Error reason) {
  const auto [schema, table] = SplitName(name);
  if (HidesSystemView(table)) return;
  state_->Schema(schema).SetFailed(table, std::move(reason));
}

std::vector<Status> Database::RegisterViews(const std::vector<ViewDefinition>& views) {
  return state_->Views().Register(views);
}

Result<std::shared_ptr<TableSource>> Database::Materialize(std::shared_ptr<TableSource> source,
                                                           const CopyOptions& options,
                                                           std::vector<std::string>* warnings) {
  try {
    return state_->Materialize(std::move(source), options, warnings);
  } catch (const std::exception& exception) {
    duckdb::ErrorData data(exception);
    return Fail(InternalError(data.RawMessage()));
  }
}

std::unique_ptr<Session> Database::Connect() {
  return state_->Connect();
}

}  // namespace sumac::engine
