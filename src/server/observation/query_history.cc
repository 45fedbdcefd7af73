#include "server/observation/query_history.h"

#include <fmt/format.h>

#include "base/log.h"
#include "base/printable_text.h"
#include "server/observation/server_metrics.h"

namespace sumac::server {
namespace {

constexpr size_t kSqlBytesMax = 16 << 10;
constexpr size_t kOutputBytesMax = 1 << 10;
constexpr size_t kPlanBytesMax = 16 << 10;
constexpr size_t kLoggedSqlBytesMax = 300;
// What an entry takes besides its texts.
constexpr size_t kEntryBytes = 512;

// Failures that whoever asks is told of, and nobody else can mend.
bool IsAskersOwn(std::string_view error_code) {
  for (const auto code :
       {ErrorCode::kInvalidArgument, ErrorCode::kNotFound, ErrorCode::kPermissionDenied,
        ErrorCode::kUnsupported, ErrorCode::kCancelled}) {
    if (error_code == ErrorCodeName(code)) return true;
  }
  return false;
}

size_t SizeOf(const EndedQuery& query) {
  return kEntryBytes + query.sql.size() + query.output.size() + query.plan.size() +
         query.error_message.size() + query.context.request_id.size();
}

}  // namespace

RunningQuery::~RunningQuery() {
  const Error cancelled = CancelledError();
  End({}, &cancelled);
}

void RunningQuery::AddOutput(uint64_t rows, std::string_view bytes) {
  AddBinaryOutput(rows, bytes.size());
  if (!history_ || !history_->options_.captures_output) return;
  const size_t room = kOutputBytesMax - query_.output.size();
  query_.output += Beginning(room, bytes);
}

void RunningQuery::AddBinaryOutput(uint64_t rows, uint64_t bytes) {
  query_.rows = query_.rows.value_or(0) + rows;
  query_.bytes += bytes;
}

void RunningQuery::BeginExecution() {
  if (history_) execution_began_ = history_->clock_->MonotonicNow();
}

bool RunningQuery::WantsPlan() const {
  return history_ && history_->options_.enabled && history_->options_.captures_plans &&
         history_->clock_->MonotonicNow() - began_ >= history_->options_.min_plan_duration;
}

void RunningQuery::SetPlan(std::string plan) {
  Truncate(kPlanBytesMax, plan);
  query_.plan = std::move(plan);
}

void RunningQuery::End(const QueryCost& cost, const Error* error) {
  const auto history = std::exchange(history_, nullptr);
  if (!history) return;
  query_.cost = cost;
  if (error != nullptr) {
    query_.error_code = ErrorCodeName(error->code);
    query_.error_message = Beginning(kSqlBytesMax, error->message);
  }
  history->Add(std::move(query_), began_, execution_began_);
}

void RunningQuery::EndCached(std::string_view body) {
  AddOutput(0, body);
  query_.rows.reset();
  query_.cached = true;
  End({}, nullptr);
}

std::shared_ptr<QueryHistory> QueryHistory::Create(QueryHistoryOptions options,
                                                   std::shared_ptr<const Clock> clock,
                                                   Metrics* metrics) {
  return std::shared_ptr<QueryHistory>(new QueryHistory(options, std::move(clock), metrics));
}

std::shared_ptr<QueryHistory> QueryHistory::CreateEmpty(const Clock& clock) {
  QueryHistoryOptions options;
  options.enabled = false;
  return Create(options, std::shared_ptr<const Clock>(&clock, [](const Clock*) {}), nullptr);
}

std::unique_ptr<RunningQuery> QueryHistory::Begin(std::string_view sql, const char* protocol,
                                                  RequestContext context) {
  EndedQuery query;
  query.context = std::move(context);
  query.protocol = protocol;
  query.sql = Beginning(kSqlBytesMax, sql);
  query.began_at = clock_->WallNow();
  CountActive(1);
  return std::unique_ptr<RunningQuery>(
      new RunningQuery(shared_from_this(), std::move(query), clock_->MonotonicNow()));
}

std::deque<EndedQuery> QueryHistory::Ended() {
  std::lock_guard lock(mutex_);
  RemoveOld();
  return ended_;
}

void QueryHistory::Add(EndedQuery query, MonotonicTime began,
                       std::optional<MonotonicTime> execution_began) {
  const auto now = clock_->MonotonicNow();
  const auto took = now - began;
  if (metrics_ != nullptr && execution_began) {
    metrics_->Observe(kQueryExecutionDuration, {query.protocol},
                      std::chrono::duration<double, std::milli>(now - *execution_began).count());
  }
  query.ended_at = clock_->WallNow();
  query.duration_ms = std::chrono::duration<double, std::milli>(took).count();
  CountActive(-1);
  CountEnd(query);
  LogEnd(query);
  if (!options_.enabled || took < options_.min_sql_duration) return;
  std::lock_guard lock(mutex_);
  bytes_ += SizeOf(query);
  ended_.push_back(std::move(query));
  RemoveOld();
}

void QueryHistory::RemoveOld() {
  const auto oldest =
      clock_->WallNow() - std::chrono::duration_cast<WallTime::duration>(options_.retention_period);
  while (!ended_.empty() && (ended_.front().ended_at < oldest || bytes_ > options_.bytes_max ||
                             ended_.size() > options_.queries_max)) {
    bytes_ -= SizeOf(ended_.front());
    ended_.pop_front();
  }
}

void QueryHistory::CountActive(int change) {
  std::lock_guard lock(mutex_);
  active_ += change;
  if (metrics_ != nullptr) metrics_->Set(kQueryActiveCount, {}, static_cast<double>(active_));
}

void QueryHistory::CountEnd(const EndedQuery& query) {
  if (metrics_ == nullptr) return;
  metrics_->Add(kQueryExecutions, {query.protocol});
  metrics_->Observe(kQueryDuration, {query.protocol}, query.duration_ms);
  metrics_->Add(kQueryProcessedBytes, {query.protocol}, static_cast<double>(query.cost.read_bytes));
  metrics_->Add(kQueryReturnedRows, {query.protocol}, static_cast<double>(query.rows.value_or(0)));
  metrics_->Add(kQueryReturnedBytes, {query.protocol}, static_cast<double>(query.bytes));
  if (!query.error_code.empty()) {
    metrics_->Add(kQueryFailures, {query.protocol, query.error_code});
  }
}

void QueryHistory::LogEnd(const EndedQuery& query) const {
  const bool failed = !query.error_code.empty();
  const bool slow = query.duration_ms >= static_cast<double>(options_.slow_after.count());
  if (!failed && !slow) return;
  LogFields fields = {
      {"request_id", query.context.request_id},
      {"trace_id", query.context.trace_id},
      {"protocol", query.protocol},
      {"duration_ms", fmt::format("{:.0f}", query.duration_ms)},
      {"consumed_rcu", fmt::format("{}", query.cost.consumed_read_units)},
      {"sql", PrintableText(query.sql, kLoggedSqlBytesMax)},
  };
  if (!failed) return LogWithFields(LogLevel::kInfo, "A query was slow", fields);
  fields.insert(fields.end() - 1, {"code", query.error_code});
  const bool fault = query.error_code == ErrorCodeName(ErrorCode::kInternal);
  const bool told = slow || !IsAskersOwn(query.error_code);
  LogWithFields(fault  ? LogLevel::kError
                : told ? LogLevel::kInfo
                       : LogLevel::kDebug,
                "A query has failed: " + PrintableText(query.error_message, kSqlBytesMax), fields);
}

}  // namespace sumac::server
