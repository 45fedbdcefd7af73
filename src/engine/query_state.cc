#include "engine/query_state.h"

#include <algorithm>

#include <duckdb/main/client_context.hpp>

#include "base/printable_text.h"
#include "engine/reader_message.h"

namespace sumac::engine {
namespace {

constexpr size_t kMessageBytesMax = 4 << 10;

ErrorCode CodeOf(duckdb::ExceptionType type) {
  using duckdb::ExceptionType;
  switch (type) {
    case ExceptionType::INTERRUPT:
      return ErrorCode::kCancelled;
    // Of what is not for queries that are served; permissions are about sources.
    case ExceptionType::PERMISSION:
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

}  // namespace

QueryState& QueryState::Of(duckdb::ClientContext& context) {
  return *Shared(context);
}

duckdb::shared_ptr<QueryState> QueryState::Shared(duckdb::ClientContext& context) {
  return context.registered_state->GetOrCreate<QueryState>("sumac");
}

void QueryState::Begin(duckdb::ClientContext& context, const Timers& timers,
                       const std::optional<QueryDeadline>& deadline) {
  End();
  scans_.Clear();
  requests_->Clear();
  // The error of the query before must not be taken for this one's when parsing fails.
  TakeError();
  {
    std::lock_guard lock(mutex_);
    repeatable_.reset();
  }
  if (deadline) deadline_watch_->Start(context, timers, *deadline);
}

void QueryState::End() {
  deadline_watch_->Stop();
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

void QueryState::NotePlan(bool repeatable) {
  std::lock_guard lock(mutex_);
  repeatable_ = repeatable && repeatable_.value_or(true);
}

bool QueryState::Repeatable() const {
  std::lock_guard lock(mutex_);
  return repeatable_.value_or(false);
}

void QueryState::AddLosses(const std::string& dataset, const DatasetLosses& losses) {
  std::lock_guard lock(mutex_);
  losses_[dataset].Join(losses);
}

std::map<std::string, DatasetLosses> QueryState::Losses() const {
  std::lock_guard lock(mutex_);
  return losses_;
}

std::vector<std::string> QueryState::Warnings() const {
  std::vector<std::string> warnings;
  for (const auto& [dataset, losses] : Losses()) {
    for (auto& line : WarningLines(dataset, losses)) warnings.push_back(std::move(line));
  }
  return warnings;
}

void QueryState::QueryBegin(duckdb::ClientContext&) {
  std::lock_guard lock(mutex_);
  error_.reset();
  losses_.clear();
}

void QueryState::Hold(const void* of, std::shared_ptr<void> lease) {
  std::lock_guard lock(mutex_);
  leases_.emplace(of, std::move(lease));
}

bool QueryState::Holds(const void* of) const {
  std::lock_guard lock(mutex_);
  return leases_.count(of) > 0;
}

void QueryState::QueryEnd(duckdb::ClientContext&) {
  std::multimap<const void*, std::shared_ptr<void>> ended;
  std::lock_guard lock(mutex_);
  leases_.swap(ended);
}

void ThrowIntoDuckDb(duckdb::ClientContext& context, const Error& error) {
  // DuckDB interrupts the other workers when one has failed: what that one said is the error.
  if (error.code == ErrorCode::kCancelled) throw duckdb::InterruptException();
  QueryState::Of(context).RecordError(error);
  throw duckdb::IOException(error.message);
}

// DuckDB adds the source line and a caret after an empty line.
std::string OneLine(const std::string& message) {
  std::string line = message.substr(0, message.find("\n\nLINE "));
  // Of a fault of DuckDB's; it has addresses of the process, and paths.
  line.erase(std::min(line.find("Stack Trace:"), line.size()));
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

Error ErrorFromDuckDb(duckdb::ClientContext& context, duckdb::ErrorData& data) {
  auto& state = QueryState::Of(context);
  const auto recorded = state.TakeError();
  const ErrorCode code = recorded ? recorded->code : CodeOf(data.Type());
  const auto& watch = state.deadline_watch();
  // A scan looks at the clock itself, everything else is interrupted. An exchange can be late too,
  // which is then the network's fault.
  const bool time_is_up = code == ErrorCode::kDeadlineExceeded
                              ? recorded->blame == Blame::kUser && watch.Passed()
                              : code == ErrorCode::kCancelled && watch.HasInterrupted();
  if (time_is_up) return TimeIsUpError(*watch.deadline(), state.scans().Progress());
  if (recorded) return *recorded;
  if (code == ErrorCode::kCancelled) return CancelledError();
  auto message = ReadReaderMessage(data.RawMessage());
  // DuckDB's texts may repeat a whole value, or name every parameter.
  Truncate(kMessageBytesMax, message.text);
  Error error = UserError(code, std::move(message.text));
  if (!message.dataset_name.empty()) {
    error = std::move(error).WithContext("dataset '" + message.dataset_name + "'");
  }
  if (code == ErrorCode::kInternal) error.blame = Blame::kSumac;
  return error;
}

}  // namespace sumac::engine
