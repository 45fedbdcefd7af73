// A connection to the engine: one SQL text in, one stream of columnar chunks out.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <duckdb.hpp>

#include "base/clock.h"
#include "base/result.h"
#include "engine/query_progress.h"
#include "engine/request_log.h"

namespace sumac::engine {

class Database;

struct ResultColumn {
  std::string name;
  duckdb::LogicalType type;
};

// Values for $1, $2, ... or for $name; not both.
struct QueryParameters {
  duckdb::vector<duckdb::Value> positional;
  duckdb::case_insensitive_map_t<duckdb::Value> named;
};

// What is known of a statement before it runs.
struct StatementShape {
  std::vector<ResultColumn> columns;
  // `$1, $2, ...` and `?` in their order, or `$name` in the order in which the names first occur. A
  // type that the statement leaves open is duckdb::LogicalType::UNKNOWN, and so is that of a column
  // that depends on it.
  struct Parameter {
    std::string name;  // "1", or "name"
    duckdb::LogicalType type;
  };
  std::vector<Parameter> parameters;
};

// When a query is to have ended.
struct QueryDeadline {
  MonotonicTime at;
  // What was given for it, for the message.
  std::chrono::milliseconds timeout{0};
};

// The result of one query, read forward once. Not thread-safe. Must not outlive its Session.
class ResultStream {
 public:
  virtual ~ResultStream() = default;
  virtual const std::vector<ResultColumn>& Columns() const = 0;
  // Returns the next chunk (never empty), or nullptr at the end. The error of a scan keeps its
  // code, so "throttled" and "syntax error" can be told apart.
  virtual Result<std::unique_ptr<duckdb::DataChunk>> Next() = 0;
  // One line per kind of trouble that did not fail the query, complete once Next returned nullptr:
  // values that did not fit their column, with dataset, column and count.
  virtual std::vector<std::string> Warnings() const = 0;
  // True when the same text and parameters have this answer again for as long as the data of the
  // datasets stays the same: one query over datasets, without functions of time or chance, and over
  // no table about the process itself.
  virtual bool Repeatable() const { return false; }
};

// One client's session. Execute and the stream it returned are for one thread at a time; Interrupt
// and Progress may be called from any. Must not outlive its Database.
class Session {
 public:
  virtual ~Session() = default;

  // Runs `sql`. Several statements separated by ';' run in order and the last one's result is
  // returned; parameters are then refused. All of it, to the end of the stream, is to have ended by
  // `deadline`: throttles are waited out until then, and no longer. Errors: kInvalidArgument
  // (syntax, unknown table, types), kCancelled, kDeadlineExceeded (says what was read), those of
  // the scans below.
  virtual Result<std::unique_ptr<ResultStream>> Execute(
      const std::string& sql, QueryParameters parameters = {},
      std::optional<QueryDeadline> deadline = std::nullopt) = 0;

  // What `sql` would return and which parameters it takes, without running it; nothing is read. Of
  // several statements it is about the last. With values for the parameters, which may be missing,
  // their types are those of the values. Errors: as those of Execute before anything is read.
  virtual Result<StatementShape> Describe(const std::string& sql,
                                          const QueryParameters& parameters = {}) = 0;

  // The plan of `sql`, as EXPLAIN shows it; nothing is read. Error kInvalidArgument for what is no
  // single query, and as those of Execute.
  virtual Result<std::string> Explain(const std::string& sql, QueryParameters parameters = {}) = 0;

  // Stops the query under way, which ends with kCancelled. Without effect when none is.
  virtual void Interrupt() = 0;

  // How far the query under way is; between queries, what the last one has read.
  virtual QueryProgress Progress() const = 0;

  // The calls of DynamoDB that it has made so far; may be called whenever Progress may.
  virtual LoggedCalls Requests() const { return {}; }
};

}  // namespace sumac::engine
