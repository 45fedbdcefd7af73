#include "engine/duckdb_session.h"

#include <algorithm>

#include <duckdb/catalog/catalog_search_path.hpp>
#include <duckdb/main/client_config.hpp>
#include <duckdb/main/client_data.hpp>
#include <duckdb/main/pending_query_result.hpp>
#include <duckdb/parser/statement/explain_statement.hpp>
#include <duckdb/planner/expression/bound_parameter_data.hpp>

#include "engine/catalog/spice_catalog.h"
#include "engine/query_state.h"
#include "engine/statement_rewrite.h"
#include "engine/statement_shape.h"
#include "engine/task_loop.h"

namespace sumac::engine {
namespace {

using duckdb::unique_ptr;

// Runs `body`, which calls DuckDB, and turns what it throws into an Error.
template <typename Body>
auto Guarded(duckdb::ClientContext& context, Body body) -> decltype(body()) {
  try {
    return body();
  } catch (const std::exception& exception) {
    duckdb::ErrorData data(exception);
    return Fail(ErrorFromDuckDb(context, data));
  }
}

// Ends the query under way, and what it holds; DuckDB would with the next one on the connection.
void EndQuery(duckdb::ClientContext& context) {
  // Runs nothing.
  context.Query("", false);
}

// The texts of what EXPLAIN gives.
Result<std::string> PlanText(ResultStream& stream) {
  std::string text;
  while (true) {
    SUMAC_ASSIGN_OR_RETURN(const auto chunk, stream.Next());
    if (chunk == nullptr) return text;
    for (size_t row = 0; row < chunk->size(); ++row) {
      text += chunk->GetValue(chunk->ColumnCount() - 1, row).ToString();
    }
  }
}

class DuckDbResultStream final : public ResultStream {
 public:
  DuckDbResultStream(duckdb::shared_ptr<duckdb::ClientContext> context,
                     unique_ptr<duckdb::QueryResult> result, std::vector<std::string> warnings,
                     bool repeatable)
      : context_(std::move(context)),
        result_(std::move(result)),
        warnings_(std::move(warnings)),
        repeatable_(repeatable) {
    for (size_t i = 0; i < result_->names.size(); ++i) {
      columns_.push_back({result_->names[i], result_->types[i]});
    }
  }

  // DuckDB goes on holding what a query reads, and a transaction, until the next one on the
  // connection.
  ~DuckDbResultStream() override {
    if (result_->type != duckdb::QueryResultType::STREAM_RESULT) return;
    try {
      if (!result_->Cast<duckdb::StreamQueryResult>().IsOpen()) return;
      EndQuery(*context_);
    } catch (const std::exception&) {
      // The engine has failed as a whole, which the next statement will say.
    }
  }
  DuckDbResultStream(const DuckDbResultStream&) = delete;
  DuckDbResultStream& operator=(const DuckDbResultStream&) = delete;

  const std::vector<ResultColumn>& Columns() const override { return columns_; }

  Result<std::unique_ptr<duckdb::DataChunk>> Next() override {
    using Chunk = Result<std::unique_ptr<duckdb::DataChunk>>;
    return Guarded(*context_, [&]() -> Chunk {
      if (result_->type == duckdb::QueryResultType::STREAM_RESULT) {
        RunToChunk(result_->Cast<duckdb::StreamQueryResult>());
      }
      auto chunk = result_->HasError() ? nullptr : result_->Fetch();
      if (result_->HasError()) {
        return Fail(ErrorFromDuckDb(*context_, result_->GetErrorObject()));
      }
      if (!chunk || chunk->size() == 0) return nullptr;
      return std::unique_ptr<duckdb::DataChunk>(chunk.release());
    });
  }

  std::vector<std::string> Warnings() const override {
    std::vector<std::string> all = warnings_;
    for (auto& warning : QueryState::Of(*context_).Warnings()) {
      if (std::find(all.begin(), all.end(), warning) == all.end())
        all.push_back(std::move(warning));
    }
    return all;
  }

  bool Repeatable() const override { return repeatable_; }

 private:
  duckdb::shared_ptr<duckdb::ClientContext> context_;
  unique_ptr<duckdb::QueryResult> result_;
  const std::vector<std::string> warnings_;  // of statements before this one
  const bool repeatable_;
  std::vector<ResultColumn> columns_;
};

class DuckDbSession final : public Session {
 public:
  DuckDbSession(duckdb::DuckDB& database, bool shut_in, Timers timers)
      : connection_(database), shut_in_(shut_in), timers_(std::move(timers)) {
    auto& context = *connection_.context;
    context.RunFunctionInTransaction([&] {
      duckdb::ClientData::Get(context).catalog_search_path->Set(
          duckdb::CatalogSearchEntry(kCatalogName, kDefaultSchema),
          duckdb::CatalogSetPathType::SET_SCHEMA);
    });
    QueryState::Of(context).set_shut_in(shut_in_);
    auto& config = duckdb::ClientConfig::GetConfig(context);
    // Progress is computed for Progress() and never printed by DuckDB.
    config.enable_progress_bar = true;
    config.print_progress_bar = false;
    config.wait_time = 0;
  }

  // The connection may outlive this for as long as a result of it is held.
  ~DuckDbSession() override { QueryState::Of(*connection_.context).End(); }

  Result<std::unique_ptr<ResultStream>> Execute(const std::string& sql, QueryParameters parameters,
                                                std::optional<QueryDeadline> deadline) override {
    auto& context = *connection_.context;
    using Stream = Result<std::unique_ptr<ResultStream>>;
    return Guarded(context, [&]() -> Stream {
      QueryState::Of(context).Begin(context, timers_, deadline);
      if (shut_in_) SUMAC_RETURN_IF_ERROR(CheckShutIn(sql, context.GetParserOptions()));
      auto statements = connection_.ExtractStatements(sql);
      if (statements.empty()) return Fail(ErrorCode::kInvalidArgument, "The statement is empty.");
      const bool has_parameters = !parameters.positional.empty() || !parameters.named.empty();
      if (statements.size() > 1 && has_parameters) {
        return Fail(ErrorCode::kInvalidArgument,
                    "Parameters need a single statement; this text has " +
                        std::to_string(statements.size()) + ".");
      }
      // The others may have been about anything.
      if (statements.size() > 1) QueryState::Of(context).NotePlan(false);
      std::vector<std::string> warnings;
      for (size_t i = 0; i + 1 < statements.size(); ++i) {
        SUMAC_ASSIGN_OR_RETURN(auto stream, Run(std::move(statements[i]), {}, {}));
        SUMAC_RETURN_IF_ERROR(Drain(*stream));
        // The last statement's result is the only one, and speaks for all.
        for (auto& warning : stream->Warnings()) warnings.push_back(std::move(warning));
      }
      return Run(std::move(statements.back()), std::move(parameters), std::move(warnings));
    });
  }

  Result<StatementShape> Describe(const std::string& sql,
                                  const QueryParameters& parameters) override {
    auto& context = *connection_.context;
    return Guarded(context, [&]() -> Result<StatementShape> {
      QueryState::Of(context).Begin(context, timers_, std::nullopt);
      if (shut_in_) SUMAC_RETURN_IF_ERROR(CheckShutIn(sql, context.GetParserOptions()));
      auto statements = connection_.ExtractStatements(sql);
      if (statements.empty()) return Fail(ErrorCode::kInvalidArgument, "The statement is empty.");
      SUMAC_ASSIGN_OR_RETURN(auto statement,
                             RewriteShow(connection_, std::move(statements.back())));
      return DescribeStatement(context, std::move(statement), Bind(parameters));
    });
  }

  Result<std::string> Explain(const std::string& sql, QueryParameters parameters) override {
    auto& context = *connection_.context;
    return Guarded(context, [&]() -> Result<std::string> {
      QueryState::Of(context).Begin(context, timers_, std::nullopt);
      if (shut_in_) SUMAC_RETURN_IF_ERROR(CheckShutIn(sql, context.GetParserOptions()));
      auto statements = connection_.ExtractStatements(sql);
      // What stands behind the first statement would be run.
      if (statements.size() != 1 ||
          statements[0]->type != duckdb::StatementType::SELECT_STATEMENT) {
        return Fail(ErrorCode::kInvalidArgument, "Only a single query has a plan.");
      }
      auto names = statements[0]->named_param_map;
      auto explain = duckdb::make_uniq<duckdb::ExplainStatement>(std::move(statements[0]));
      explain->named_param_map = std::move(names);
      SUMAC_ASSIGN_OR_RETURN(const auto stream, Run(std::move(explain), std::move(parameters), {}));
      return PlanText(*stream);
    });
  }

  void Interrupt() override { connection_.Interrupt(); }

  QueryProgress Progress() const override {
    auto& context = *connection_.context;
    auto progress = QueryState::Of(context).scans().Progress();
    progress.percent = context.GetQueryProgress().GetPercentage();
    return progress;
  }

  LoggedCalls Requests() const override {
    return QueryState::Of(*connection_.context).requests()->Calls();
  }

 private:
  static Status Drain(ResultStream& stream) {
    while (true) {
      SUMAC_ASSIGN_OR_RETURN(const auto chunk, stream.Next());
      if (!chunk) return {};
    }
  }

  static duckdb::case_insensitive_map_t<duckdb::BoundParameterData> Bind(
      QueryParameters parameters) {
    duckdb::case_insensitive_map_t<duckdb::BoundParameterData> bound;
    size_t number = 1;
    for (auto& value : parameters.positional) {
      bound.emplace(std::to_string(number++), duckdb::BoundParameterData(std::move(value)));
    }
    for (auto& [name, value] : parameters.named) {
      bound.emplace(name, duckdb::BoundParameterData(std::move(value)));
    }
    return bound;
  }

  Status CheckTime() {
    const auto& state = QueryState::Of(*connection_.context);
    const auto& watch = state.deadline_watch();
    if (!watch.Passed()) return {};
    return Fail(TimeIsUpError(*watch.deadline(), state.scans().Progress()));
  }

  // `warnings` are those of the statements before.
  Result<std::unique_ptr<ResultStream>> Run(unique_ptr<duckdb::SQLStatement> statement,
                                            QueryParameters parameters,
                                            std::vector<std::string> warnings) {
    auto& context = *connection_.context;
    // Nothing begins once the time is up.
    SUMAC_RETURN_IF_ERROR(CheckTime());
    SUMAC_ASSIGN_OR_RETURN(statement, RewriteShow(connection_, std::move(statement)));
    auto bound = Bind(std::move(parameters));
    auto pending = connection_.PendingQuery(std::move(statement), bound, true);
    if (pending->HasError()) return Fail(ErrorFromDuckDb(context, pending->GetErrorObject()));
    // An interrupt while the statement was planned is lost.
    if (auto in_time = CheckTime(); !in_time) {
      EndQuery(context);
      return Fail(std::move(in_time).error());
    }
    RunToResult(*pending);
    if (pending->HasError()) return Fail(ErrorFromDuckDb(context, pending->GetErrorObject()));
    auto result = pending->Execute();
    if (result->HasError()) return Fail(ErrorFromDuckDb(context, result->GetErrorObject()));
    return std::make_unique<DuckDbResultStream>(connection_.context, std::move(result),
                                                std::move(warnings),
                                                QueryState::Of(context).Repeatable());
  }

  mutable duckdb::Connection connection_;
  const bool shut_in_;
  const Timers timers_;
};

}  // namespace

std::unique_ptr<Session> MakeDuckDbSession(duckdb::DuckDB& database, bool shut_in, Timers timers) {
  return std::make_unique<DuckDbSession>(database, shut_in, std::move(timers));
}

}  // namespace sumac::engine
