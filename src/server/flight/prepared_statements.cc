#include "server/flight/prepared_statements.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "base/printable_text.h"
#include "server/random_id.h"

namespace sumac::server {
namespace {

constexpr size_t kShownNameBytes = 60;

bool IsNumber(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

std::string_view WithoutDollar(std::string_view name) {
  return name.starts_with('$') ? name.substr(1) : name;
}

tl::unexpected<Error> WrongParameters(std::string message) {
  return Fail(ErrorCode::kInvalidArgument, std::move(message));
}

// The values in the order of the numbers that the columns are called by.
Result<engine::QueryParameters> ByNumber(const std::vector<std::string>& names,
                                         duckdb::vector<duckdb::Value> values) {
  engine::QueryParameters parameters;
  parameters.positional.resize(values.size());
  std::vector<bool> given(values.size(), false);
  for (size_t i = 0; i < names.size(); ++i) {
    const std::string_view digits = WithoutDollar(names[i]);
    size_t number = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (number < 1 || number > values.size() || given[number - 1]) {
      return WrongParameters(
          fmt::format("The parameters are not numbered from $1 to ${}.", values.size()));
    }
    given[number - 1] = true;
    parameters.positional[number - 1] = std::move(values[i]);
  }
  return parameters;
}

Result<engine::QueryParameters> ByName(const PreparedStatement& statement,
                                       const std::vector<std::string>& names,
                                       duckdb::vector<duckdb::Value> values) {
  engine::QueryParameters parameters;
  for (size_t i = 0; i < names.size(); ++i) {
    parameters.named.emplace(WithoutDollar(names[i]), std::move(values[i]));
  }
  for (const auto& parameter : statement.parameters) {
    if (parameters.named.count(parameter.name) == 0) {
      return WrongParameters(fmt::format("The statement's parameter ${} was not given.",
                                         PrintableText(parameter.name, kShownNameBytes)));
    }
  }
  return parameters;
}

}  // namespace

std::string PreparedStatements::Add(PreparedStatement statement) {
  std::lock_guard lock(mutex_);
  const uint64_t bytes = statement.sql.size();
  bytes_ += bytes;
  entries_.push_front({RandomId(), std::move(statement), clock_.MonotonicNow(), bytes});
  by_handle_[entries_.front().handle] = entries_.begin();
  ForgetOld();
  return entries_.front().handle;
}

PreparedStatements::Entry* PreparedStatements::Use(const std::string& handle) {
  ForgetOld();
  const auto found = by_handle_.find(handle);
  if (found == by_handle_.end()) return nullptr;
  found->second->used_at = clock_.MonotonicNow();
  entries_.splice(entries_.begin(), entries_, found->second);
  return &entries_.front();
}

Result<PreparedStatement> PreparedStatements::Find(const std::string& handle) {
  std::lock_guard lock(mutex_);
  const Entry* entry = Use(handle);
  if (entry != nullptr) return entry->statement;
  return Fail(
      ErrorCode::kNotFound,
      "There is no such prepared statement: it was closed, or not used for an hour. Prepare "
      "it again.");
}

Status PreparedStatements::Bind(const std::string& handle, engine::QueryParameters values,
                                uint64_t bytes) {
  std::lock_guard lock(mutex_);
  Entry* entry = Use(handle);
  if (entry == nullptr) return Fail(ErrorCode::kNotFound, "There is no such prepared statement.");
  entry->statement.values = std::move(values);
  bytes_ -= entry->bytes;
  entry->bytes = entry->statement.sql.size() + bytes;
  bytes_ += entry->bytes;
  ForgetOld();
  return {};
}

void PreparedStatements::Close(const std::string& handle) {
  std::lock_guard lock(mutex_);
  const auto found = by_handle_.find(handle);
  if (found != by_handle_.end()) Forget(found->second);
}

size_t PreparedStatements::size() const {
  std::lock_guard lock(mutex_);
  return entries_.size();
}

void PreparedStatements::ForgetOld() {
  const MonotonicTime now = clock_.MonotonicNow();
  // One that is alone may be as long as it is.
  while (entries_.size() > 1 && (entries_.size() > limits_.statements || bytes_ > limits_.bytes)) {
    Forget(std::prev(entries_.end()));
  }
  while (!entries_.empty() && now - entries_.back().used_at > limits_.idle) {
    Forget(std::prev(entries_.end()));
  }
}

void PreparedStatements::Forget(Entries::iterator entry) {
  bytes_ -= entry->bytes;
  by_handle_.erase(entry->handle);
  entries_.erase(entry);
}

Result<engine::QueryParameters> MatchParameters(const PreparedStatement& statement,
                                                const std::vector<std::string>& names,
                                                duckdb::vector<duckdb::Value> values) {
  if (values.empty() && statement.parameters.empty()) return engine::QueryParameters();
  if (values.size() != statement.parameters.size()) {
    return WrongParameters(fmt::format("The statement has {} parameters, and {} were given.",
                                       statement.parameters.size(), values.size()));
  }
  const bool numbered = IsNumber(statement.parameters.front().name);
  if (numbered && std::all_of(names.begin(), names.end(), [](const std::string& name) {
        return name.starts_with('$') && IsNumber(WithoutDollar(name));
      })) {
    return ByNumber(names, std::move(values));
  }
  const auto is_known = [&statement](const std::string& name) {
    const duckdb::string plain(WithoutDollar(name));
    return std::any_of(
        statement.parameters.begin(), statement.parameters.end(),
        [&](const auto& parameter) { return duckdb::StringUtil::CIEquals(parameter.name, plain); });
  };
  if (!numbered && std::any_of(names.begin(), names.end(), is_known)) {
    return ByName(statement, names, std::move(values));
  }
  engine::QueryParameters parameters;
  if (numbered) {
    parameters.positional = std::move(values);
    return parameters;
  }
  for (size_t i = 0; i < values.size(); ++i) {
    parameters.named.emplace(statement.parameters[i].name, std::move(values[i]));
  }
  return parameters;
}

}  // namespace sumac::server
