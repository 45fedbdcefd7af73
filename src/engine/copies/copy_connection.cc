#include "engine/copies/copy_connection.h"

#include <string_view>

#include <duckdb/main/attached_database.hpp>
#include <duckdb/main/database_manager.hpp>
#include <duckdb/transaction/transaction_manager.hpp>

#include "engine/query_state.h"
#include "engine/task_loop.h"

namespace sumac::engine {
namespace {

// As the C library words the errors of a file that cannot grow.
constexpr std::string_view kNoRoom[] = {"No space left on device", "File too large",
                                        "Disk quota exceeded"};

}  // namespace

std::string NoRoomReason(const std::string& message) {
  for (const auto reason : kNoRoom) {
    if (message.find(reason) != std::string::npos) return std::string(reason);
  }
  return "";
}

namespace {

// What the statement under way on a connection has entered, which it leaves with its end, or here
// when it does not come to that.
class Entered {
 public:
  Entered(duckdb::ClientContext& context, ReaderGate* gate) : context_(context) {
    if (gate != nullptr) gate->Enter(context);
  }
  ~Entered() { QueryState::Of(context_).QueryEnd(context_); }
  Entered(const Entered&) = delete;
  Entered& operator=(const Entered&) = delete;

 private:
  duckdb::ClientContext& context_;
};

}  // namespace

CopyConnection::CopyConnection(duckdb::DuckDB& database, std::string place,
                               std::shared_ptr<ReaderGate> gate)
    : connection_(database), place_(std::move(place)), gate_(std::move(gate)) {}

CopyConnection::~CopyConnection() {
  if (!connection_.HasActiveTransaction()) return;
  try {
    connection_.Rollback();
  } catch (const std::exception&) {
    // The engine has failed as a whole, which the next statement will say.
  }
}

Error CopyConnection::ErrorOf(duckdb::ErrorData& data) {
  Error error = ErrorFromDuckDb(*connection_.context, data);
  if (const auto reason = NoRoomReason(error.message); !reason.empty()) {
    error.code = ErrorCode::kResourceExhausted;
    error.blame = Blame::kUser;
    error.retryable = true;
    error.message = "there is no room to write in " + place_ + " (" + reason +
                    "); free some, and it is tried again";
  }
  return error;
}

Result<duckdb::unique_ptr<duckdb::QueryResult>> CopyConnection::Execute(const std::string& sql) {
  try {
    const Entered entered(context(), gate_.get());
    auto pending = connection_.PendingQuery(sql, false);
    RunToResult(*pending, [&] {
      if (watch_.between) watch_.between();
      if (watch_.cancelled != nullptr && watch_.cancelled->load()) connection_.Interrupt();
    });
    if (pending->HasError()) return Fail(ErrorOf(pending->GetErrorObject()));
    auto result = pending->Execute();
    if (result->HasError()) return Fail(ErrorOf(result->GetErrorObject()));
    return result;
  } catch (const std::exception& exception) {
    duckdb::ErrorData data(exception);
    return Fail(ErrorOf(data));
  }
}

Status CopyConnection::Run(const std::string& sql) {
  SUMAC_ASSIGN_OR_RETURN(const auto result, Execute(sql));
  return {};
}

Result<std::vector<std::vector<duckdb::Value>>> CopyConnection::Rows(const std::string& sql) {
  SUMAC_ASSIGN_OR_RETURN(const auto result, Execute(sql));
  std::vector<std::vector<duckdb::Value>> rows;
  while (const auto chunk = result->Fetch()) {
    if (chunk->size() == 0) break;
    for (duckdb::idx_t row = 0; row < chunk->size(); ++row) {
      auto& values = rows.emplace_back();
      for (duckdb::idx_t i = 0; i < chunk->ColumnCount(); ++i) {
        values.push_back(chunk->GetValue(i, row));
      }
    }
  }
  if (result->HasError()) return Fail(ErrorOf(result->GetErrorObject()));
  return rows;
}

Result<duckdb::Value> CopyConnection::Value(const std::string& sql) {
  SUMAC_ASSIGN_OR_RETURN(auto rows, Rows(sql));
  if (rows.empty() || rows.front().empty()) {
    return Fail(InternalError("a statement on a copy has no result"));
  }
  return std::move(rows.front().front());
}

Status CopyConnection::Run(const std::string& sql, duckdb::vector<duckdb::Value> values) {
  try {
    auto prepared = connection_.Prepare(sql);
    if (prepared->HasError()) return Fail(ErrorOf(prepared->GetErrorObject()));
    const auto result = prepared->Execute(values, false);
    if (result->HasError()) return Fail(ErrorOf(result->GetErrorObject()));
    return {};
  } catch (const std::exception& exception) {
    duckdb::ErrorData data(exception);
    return Fail(ErrorOf(data));
  }
}

Result<std::vector<ResultColumn>> CopyConnection::Columns(const std::string& table) {
  SUMAC_ASSIGN_OR_RETURN(const auto result, Execute("SELECT * FROM " + table + " LIMIT 0"));
  std::vector<ResultColumn> columns;
  for (size_t i = 0; i < result->names.size(); ++i) {
    columns.push_back({result->names[i], result->types[i]});
  }
  return columns;
}

Status CopyConnection::Begin() {
  return Run("BEGIN TRANSACTION");
}

Status CopyConnection::Commit() {
  return Run("COMMIT");
}

Status CopyConnection::Checkpoint(const std::string& catalog) {
  Status done;
  try {
    context().RunFunctionInTransaction([&] {
      auto database = duckdb::DatabaseManager::Get(context()).GetDatabase(context(), catalog);
      if (!database) return;
      // What leaves this function is what DuckDB ends its engine for.
      try {
        duckdb::TransactionManager::Get(*database).Checkpoint(context(), false);
      } catch (const std::exception& exception) {
        duckdb::ErrorData data(exception);
        done = Fail(data.Type() == duckdb::ExceptionType::TRANSACTION ? ErrorCode::kUnavailable
                                                                      : ErrorCode::kInternal,
                    data.RawMessage());
      }
    });
  } catch (const std::exception& exception) {
    duckdb::ErrorData data(exception);
    return Fail(ErrorOf(data));
  }
  return done;
}

}  // namespace sumac::engine
