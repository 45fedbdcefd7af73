// The statements that clients have prepared, with the parameters that were last bound to each.
#pragma once

#include <chrono>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

#include "base/clock.h"
#include "base/result.h"
#include "engine/session.h"

namespace sumac::server {

struct PreparedStatement {
  std::string sql;
  // Of the statement, in its order.
  std::vector<engine::StatementShape::Parameter> parameters;
  // Empty until they are bound.
  engine::QueryParameters values;
};

// Thread-safe. A statement is forgotten an hour after its last use, because clients may go without
// closing it; when there are too many, the one that was not used for longest goes.
class PreparedStatements {
 public:
  struct Limits {
    size_t statements = 10000;
    // Of their texts and of the values that are bound.
    uint64_t bytes = 64 << 20;
    std::chrono::seconds idle{3600};
  };

  // `clock` outlives this.
  explicit PreparedStatements(const Clock& clock) : PreparedStatements(clock, Limits()) {}
  PreparedStatements(const Clock& clock, Limits limits) : clock_(clock), limits_(limits) {}

  // Returns its handle, which nobody can guess.
  std::string Add(PreparedStatement statement);
  // Error kNotFound, which says what to do.
  Result<PreparedStatement> Find(const std::string& handle);
  // `bytes` is about what the values take. Error kNotFound.
  Status Bind(const std::string& handle, engine::QueryParameters values, uint64_t bytes);
  // Also one that is not there.
  void Close(const std::string& handle);
  size_t size() const;

 private:
  struct Entry {
    std::string handle;
    PreparedStatement statement;
    MonotonicTime used_at;
    uint64_t bytes = 0;  // of the text and the values
  };
  using Entries = std::list<Entry>;

  void ForgetOld();
  void Forget(Entries::iterator entry);
  // The entry, moved to the front; null when there is none.
  Entry* Use(const std::string& handle);

  const Clock& clock_;
  const Limits limits_;
  mutable std::mutex mutex_;
  Entries entries_;  // the last used first
  std::unordered_map<std::string, Entries::iterator> by_handle_;
  uint64_t bytes_ = 0;  // of all entries
};

// What the columns of a row of parameters are to `statement`: by number when they are called $1,
// $2, ..., by name when the statement has names, by position otherwise. Error kInvalidArgument:
// their number or names are not the statement's.
Result<engine::QueryParameters> MatchParameters(const PreparedStatement& statement,
                                                const std::vector<std::string>& names,
                                                duckdb::vector<duckdb::Value> values);

}  // namespace sumac::server
