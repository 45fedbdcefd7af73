#include "engine/query_state.h"

#include <duckdb/main/client_context.hpp>

#include "base/printable_text.h"

namespace sumac::engine {
namespace {

constexpr size_t kAttributesShownMax = 5;
constexpr size_t kNameShownBytes = 60;

ErrorCode CodeOf(duckdb::ExceptionType type) {
  using duckdb::ExceptionType;
  switch (type) {
    case ExceptionType::INTERRUPT:
      return ErrorCode::kCancelled;
    case ExceptionType::PERMISSION:
      return ErrorCode::kPermissionDenied;
    case ExceptionType::NOT_IMPLEMENTED:
      return ErrorCode::kUnsupported;
    case ExceptionType::OUT_OF_MEMORY:
      return ErrorCode::kResourceExhausted;
    case ExceptionType::INTERNAL:
    case ExceptionType::FATAL:
      return ErrorCode::kInternal;
    default:
      return ErrorCode::kInvalidArgument;
  }
}

// DuckDB adds the source line and a caret after an empty line; the rest becomes one line.
std::string OneLine(const std::string& message) {
  std::string line = message.substr(0, message.find("\n\nLINE "));
  while (!line.empty() && (line.back() == '\n' || line.back() == ' ')) line.pop_back();
  std::string out;
  for (const char c : line) {
    if (c != '\n') {
      out += c;
    } else if (!out.empty() && out.back() != ' ') {
      out += ' ';
    }
  }
  return out;
}

}  // namespace

QueryState& QueryState::Of(duckdb::ClientContext& context) {
  return *context.registered_state->GetOrCreate<QueryState>("sumac");
}

void QueryState::RecordError(const Error& error) {
  std::lock_guard lock(mutex_);
  if (!error_) error_ = error;
}

std::optional<Error> QueryState::TakeError() {
  std::lock_guard lock(mutex_);
  auto error = std::move(error_);
  error_.reset();
  return error;
}

void QueryState::AddMisfits(const std::string& dataset, const std::string& column, uint64_t count) {
  std::lock_guard lock(mutex_);
  misfits_[{dataset, column}] += count;
}

std::vector<std::string> QueryState::Warnings(std::string_view advice) const {
  std::lock_guard lock(mutex_);
  std::vector<std::string> warnings;
  for (const auto& [place, count] : misfits_) {
    warnings.push_back("dataset '" + place.first + "', column '" + place.second +
                       "': " + std::to_string(count) + (count == 1 ? " value" : " values") +
                       " did not fit the column's type and " + (count == 1 ? "is" : "are") +
                       " wholly or partly NULL; " + std::string(advice));
  }
  for (const auto& [dataset, attributes] : unknown_attributes_) {
    std::string names;
    size_t shown = 0;
    for (const auto& attribute : attributes) {
      if (++shown > kAttributesShownMax) break;
      names += (names.empty() ? "'" : ", '") + PrintableText(attribute, kNameShownBytes) + "'";
    }
    if (attributes.size() > kAttributesShownMax) names += ", ...";
    warnings.push_back("dataset '" + dataset + "': items have attributes without a column (" +
                       names + "); select _overflow to see them");
  }
  return warnings;
}

void QueryState::AddUnknownAttribute(const std::string& dataset, const std::string& attribute) {
  std::lock_guard lock(mutex_);
  auto& attributes = unknown_attributes_[dataset];
  // One more than is shown, to know that there are more.
  if (attributes.size() <= kAttributesShownMax) attributes.insert(attribute);
}

void QueryState::QueryBegin(duckdb::ClientContext&) {
  std::lock_guard lock(mutex_);
  error_.reset();
  misfits_.clear();
  unknown_attributes_.clear();
}

void ThrowIntoDuckDb(duckdb::ClientContext& context, const Error& error) {
  QueryState::Of(context).RecordError(error);
  if (error.code == ErrorCode::kCancelled) throw duckdb::InterruptException();
  throw duckdb::IOException(error.message);
}

Error ErrorFromDuckDb(duckdb::ClientContext& context, duckdb::ErrorData& data) {
  if (auto recorded = QueryState::Of(context).TakeError()) return *std::move(recorded);
  const ErrorCode code = CodeOf(data.Type());
  if (code == ErrorCode::kCancelled) return CancelledError();
  Error error = UserError(code, OneLine(data.RawMessage()));
  if (code == ErrorCode::kInternal) error.blame = Blame::kSumac;
  return error;
}

}  // namespace sumac::engine
