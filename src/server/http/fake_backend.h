// For tests: a backend whose queries do what a test needs.
#pragma once

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include <duckdb.hpp>

#include "server/http/backend.h"

namespace sumac::server {

// A query runs on a plain DuckDB, except:
//   BLOCK          waits until it is interrupted or Release is called
//   FAIL <code>    fails with that number of an ErrorCode
//   BREAK AFTER n  gives n chunks of 2048 rows and then fails
//   ENDLESS        gives such chunks until it is interrupted
//   WARN           one row, and two warnings
//   TIMEOUT        one row: the milliseconds that the query has, or -1
class FakeBackend final : public Backend {
 public:
  std::unique_ptr<engine::Session> Connect() override {
    return std::make_unique<FakeSession>(*this);
  }
  std::vector<datasets::DatasetStatus> Datasets() const override {
    datasets::DatasetStatus users;
    users.name = "users";
    users.from = "dynamodb:users";
    users.acceleration_enabled = accelerated;
    users.key_columns = {"id", "at"};
    std::lock_guard lock(status_mutex_);
    users.copy = copy_;
    users.next_refresh = next_refresh_;
    return {users};
  }
  void SetCopy(std::optional<datasets::CopyStatus> copy, std::optional<WallTime> next_refresh) {
    std::lock_guard lock(status_mutex_);
    copy_ = copy;
    next_refresh_ = next_refresh;
  }
  bool Ready() const override { return ready; }
  SpicepodSummary Spicepod() const override { return {"fake", "v1", 1}; }
  // Gives `schema_change`, unless it was cancelled before.
  Result<datasets::SchemaChange> RefreshSchema(const std::string& /*dataset*/,
                                               const std::atomic<bool>* cancelled) override {
    if (cancelled != nullptr && *cancelled) return Fail(CancelledError());
    return schema_change;
  }
  // Gives `refresh_status`, and keeps what was asked for.
  Status RequestRefresh(const std::string& /*dataset*/,
                        const datasets::RefreshOverrides& overrides) override {
    ++refreshes_requested;
    refresh_overrides = overrides;
    return refresh_status;
  }
  // Gives `refresh_status`, and keeps it.
  Status SetRefreshSql(const std::string& /*dataset*/,
                       const std::optional<std::string>& sql) override {
    ++refresh_sql_changes;
    refresh_overrides.refresh_sql = sql;
    return refresh_status;
  }
  uint64_t DataVersion() const override { return data_version; }
  std::string MetricsText() const override { return "up 1\n"; }

  void WaitForQueries(int running) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return running_ == running; });
  }
  void Release() {
    std::lock_guard lock(mutex_);
    released_ = true;
    changed_.notify_all();
  }

  std::atomic<bool> ready{true};
  Result<datasets::SchemaChange> schema_change;
  std::atomic<bool> accelerated{false};
  Status refresh_status;
  datasets::RefreshOverrides refresh_overrides;
  std::atomic<int> refreshes_requested{0};
  std::atomic<int> refresh_sql_changes{0};
  std::atomic<int> interrupts{0};
  std::atomic<uint64_t> data_version{1};
  // Whether queries have the same answer again.
  std::atomic<bool> repeatable{true};
  // How many were run.
  std::atomic<int> executions{0};
  // What every query has cost.
  std::atomic<double> read_units{0};

 private:
  using Chunk = std::unique_ptr<duckdb::DataChunk>;

  class FakeStream final : public engine::ResultStream {
   public:
    explicit FakeStream(duckdb::unique_ptr<duckdb::QueryResult> result)
        : result_(std::move(result)) {
      for (size_t i = 0; i < result_->names.size(); ++i) {
        columns_.push_back({result_->names[i], result_->types[i]});
      }
    }
    const std::vector<engine::ResultColumn>& Columns() const override { return columns_; }
    Result<Chunk> Next() override {
      if (fail_after >= 0 && chunks_ == fail_after) {
        return Fail(ErrorCode::kUnavailable, "the scan broke");
      }
      if (interrupted != nullptr && *interrupted) return Fail(CancelledError());
      ++chunks_;
      auto chunk = result_->Fetch();
      if (chunk == nullptr || chunk->size() == 0) return Chunk();
      return Chunk(chunk.release());
    }
    std::vector<std::string> Warnings() const override { return warnings; }
    bool Repeatable() const override { return repeatable; }

    int fail_after = -1;
    std::vector<std::string> warnings;
    bool repeatable = false;
    const std::atomic<bool>* interrupted = nullptr;

   private:
    duckdb::unique_ptr<duckdb::QueryResult> result_;
    std::vector<engine::ResultColumn> columns_;
    int chunks_ = 0;
  };

  class FakeSession final : public engine::Session {
   public:
    explicit FakeSession(FakeBackend& backend)
        : backend_(backend), connection_(backend.database_) {}
    ~FakeSession() override {
      if (counted_) backend_.Count(-1);
    }

    Result<std::unique_ptr<engine::ResultStream>> Execute(
        const std::string& sql, engine::QueryParameters parameters,
        std::optional<engine::QueryDeadline> deadline) override {
      ++backend_.executions;
      if (!std::exchange(counted_, true)) backend_.Count(1);
      if (sql == "BLOCK") return Block();
      if (sql.starts_with("FAIL ")) {
        const auto code = static_cast<ErrorCode>(std::stoi(sql.substr(5)));
        return Fail(code, "it failed");
      }
      if (sql == "TIMEOUT") {
        const auto ms = deadline ? deadline->timeout.count() : -1;
        return Execute("SELECT " + std::to_string(ms) + " AS ms", {}, std::nullopt);
      }
      const bool breaks = sql.starts_with("BREAK AFTER ");
      const bool made_up = breaks || sql == "ENDLESS" || sql == "WARN";
      const std::string text = sql == "WARN" ? "SELECT 1 AS a"
                               : made_up ? "SELECT i, 'some text' AS t FROM range(1000000000) t(i)"
                                         : sql;
      auto prepared = connection_.Prepare(text);
      if (prepared->HasError()) {
        return Fail(ErrorCode::kInvalidArgument, prepared->GetError());
      }
      auto result = prepared->Execute(parameters.positional, true);
      if (result->HasError()) return Fail(ErrorCode::kInvalidArgument, result->GetError());
      auto stream = std::make_unique<FakeStream>(std::move(result));
      if (breaks) stream->fail_after = std::stoi(sql.substr(12));
      if (sql == "WARN") stream->warnings = {"one", "two"};
      stream->repeatable = backend_.repeatable;
      stream->interrupted = &interrupted_;
      return std::unique_ptr<engine::ResultStream>(std::move(stream));
    }

    Result<engine::StatementShape> Describe(const std::string& sql,
                                            const engine::QueryParameters& /*values*/) override {
      const bool waits = sql == "BLOCK" || sql == "ENDLESS" || sql.starts_with("FAIL ");
      const auto prepared = connection_.Prepare(waits ? "SELECT 1 AS a" : sql);
      if (prepared->HasError()) return Fail(ErrorCode::kInvalidArgument, prepared->GetError());
      engine::StatementShape shape;
      for (size_t i = 0; i < prepared->GetNames().size(); ++i) {
        shape.columns.push_back({prepared->GetNames()[i], prepared->GetTypes()[i]});
      }
      return shape;
    }

    Result<std::string> Explain(const std::string& sql,
                                engine::QueryParameters /*parameters*/) override {
      return "the plan of " + sql;
    }

    void Interrupt() override {
      ++backend_.interrupts;
      interrupted_ = true;
      connection_.Interrupt();
      std::lock_guard lock(backend_.mutex_);
      backend_.changed_.notify_all();
    }
    engine::QueryProgress Progress() const override {
      engine::QueryProgress progress;
      if (backend_.read_units > 0) {
        progress.read["users"].consumed_read_units = backend_.read_units;
      }
      return progress;
    }

   private:
    Result<std::unique_ptr<engine::ResultStream>> Block() {
      {
        std::unique_lock lock(backend_.mutex_);
        backend_.changed_.wait(lock, [&] { return interrupted_ || backend_.released_; });
      }
      if (interrupted_) return Fail(CancelledError());
      return Execute("SELECT 1 AS a", {}, std::nullopt);
    }

    FakeBackend& backend_;
    duckdb::Connection connection_;
    // Not before its query has begun: who waits for that may then change what queries see.
    bool counted_ = false;
    std::atomic<bool> interrupted_{false};
  };

  void Count(int change) {
    std::lock_guard lock(mutex_);
    running_ += change;
    changed_.notify_all();
  }

  duckdb::DuckDB database_{nullptr};
  std::mutex mutex_;
  std::condition_variable changed_;
  int running_ = 0;
  bool released_ = false;
  mutable std::mutex status_mutex_;
  std::optional<datasets::CopyStatus> copy_;  // guarded by status_mutex_
  std::optional<WallTime> next_refresh_;      // guarded by status_mutex_
};

}  // namespace sumac::server
