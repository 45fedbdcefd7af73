#include "server/http/query_job.h"

#include <exception>
#include <utility>

#include <fmt/format.h>

#include "server/http/accept.h"
#include "server/http/error_reply.h"
#include "server/observation/query_account.h"

namespace sumac::server {
// Lets Cancel reach the session for as long as this lives, which is less than the session does.
class QueryJob::Interruptible {
 public:
  Interruptible(QueryJob& job, engine::Session& session) : job_(job) {
    std::lock_guard lock(job_.session_mutex_);
    job_.session_ = &session;
  }
  ~Interruptible() {
    std::lock_guard lock(job_.session_mutex_);
    job_.session_ = nullptr;
  }

 private:
  QueryJob& job_;
};

QueryJob::QueryJob(Backend& backend, const Clock& clock, SqlRequest request,
                   engine::ResultFormat format, QueryJobLimits limits,
                   std::shared_ptr<ResponseChannel> channel, std::shared_ptr<ResultsCache> cache,
                   std::unique_ptr<RunningQuery> running)
    : backend_(backend),
      clock_(clock),
      request_(std::move(request)),
      format_(format),
      limits_(limits),
      cached_(std::move(cache), request_, format),
      channel_(std::move(channel)),
      running_(std::move(running)) {
  if (request_.timeout) {
    deadline_ = {clock_.MonotonicNow() + *request_.timeout, *request_.timeout};
  }
}

void QueryJob::ListAmong(ActiveQueries& queries, std::string protocol) {
  entry_ = queries.Add(std::move(protocol), request_.sql, [this] {
    cancelled_on_request_ = true;
    Cancel();
  });
}

bool QueryJob::AnswerNow() {
  cached_.LookUp(backend_.DataVersion());
  if (cached_.MustNotRun()) {
    const Error not_cached = UserError(ErrorCode::kNotFound, "It is not in the results cache.");
    running_->End({}, &not_cached);
    Refuse(cached_.Refusal());
    return true;
  }
  // A longer one waits for its client, which only a worker may do.
  if (cached_.hit() == nullptr || cached_.hit()->body.size() > limits_.piece_bytes) return false;
  HttpReply reply = cached_.HitHeader();
  reply.body = cached_.hit()->body;
  running_->EndCached(reply.body);
  Refuse(std::move(reply));
  return true;
}

void QueryJob::Run() {
  running_->BeginExecution();
  if (cached_.hit() != nullptr) {
    SendHit();
    entry_.reset();
    done_ = true;
    return;
  }
  Status answered;
  QueryCost cost;
  try {
    const std::unique_ptr<engine::Session> session = backend_.Connect();
    const Interruptible interruptible(*this, *session);
    answered = Answer(*session);
    if (!answered) cost = CostOf(*session);
  } catch (const std::exception& exception) {
    answered = Fail(InternalError(std::string("The query failed: ") + exception.what()));
  }
  if (!answered) {
    CapturePlan(backend_, request_.sql, request_.parameters, answered, *running_);
    running_->End(cost, &answered.error());
    if (started_) {
      channel_->Abort();
    } else {
      // To ask again is right when the server stops, and wrong when somebody wanted no answer.
      const bool unwanted = cancelled_on_request_ && answered.error().code == ErrorCode::kCancelled;
      HttpReply reply =
          unwanted ? TextReply(400, answered.error().message) : ErrorReply(answered.error());
      // What a query has cost before it failed is paid for all the same.
      if (cost.consumed_read_units > 0) {
        reply.headers.emplace_back(kConsumedUnitsHeader,
                                   fmt::format("{}", cost.consumed_read_units));
      }
      channel_->Reply(std::move(reply));
    }
  }
  entry_.reset();
  done_ = true;
}

void QueryJob::Cancel() {
  cancelled_ = true;
  std::lock_guard lock(session_mutex_);
  if (session_ != nullptr) session_->Interrupt();
}

void QueryJob::Refuse(HttpReply reply) {
  const Error refused = UserError(ErrorCode::kResourceExhausted, reply.body);
  running_->End({}, &refused);
  entry_.reset();
  channel_->Reply(std::move(reply));
  done_ = true;
}

void QueryJob::SendHit() {
  const std::string& body = cached_.hit()->body;
  running_->EndCached(body);
  channel_->Start(cached_.HitHeader());
  for (size_t at = 0; at < body.size(); at += limits_.piece_bytes) {
    if (!channel_->Push(body.substr(at, limits_.piece_bytes))) return;
  }
  channel_->Finish();
}

Status QueryJob::Answer(engine::Session& session) {
  if (cancelled_) return Fail(CancelledError());
  // Before the engine looks at anything: what changes from now on makes the answer one of before.
  cached_.Begin(backend_.DataVersion());
  std::string sink;
  std::unique_ptr<engine::ResultStream> rows;
  auto options = WriterOptions(session, sink);
  options.warnings = [&rows] { return rows->Warnings(); };
  auto writer = engine::MakeResultWriter(format_, std::move(options), sink);
  SUMAC_ASSIGN_OR_RETURN(rows, session.Execute(request_.sql, request_.parameters, deadline_));
  cached_.SetRepeatable(rows->Repeatable());
  SUMAC_RETURN_IF_ERROR(writer->Begin(rows->Columns()));
  SUMAC_RETURN_IF_ERROR(WriteRows(*rows, *writer));
  SUMAC_RETURN_IF_ERROR(writer->End());
  return SendEnd(session, *rows, std::move(sink));
}

Status QueryJob::WriteRows(engine::ResultStream& rows, engine::ResultWriter& writer) {
  while (true) {
    if (cancelled_) return Fail(CancelledError());
    std::unique_ptr<duckdb::DataChunk> chunk;
    SUMAC_ASSIGN_OR_RETURN(chunk, rows.Next());
    if (chunk == nullptr) return {};
    running_->AddBinaryOutput(chunk->size(), 0);
    rows_ += chunk->size();
    SUMAC_RETURN_IF_ERROR(limits_.query.CheckRows(rows_));
    SUMAC_RETURN_IF_ERROR(writer.Write(*chunk));
    SUMAC_RETURN_IF_ERROR(CheckTable(writer));
  }
}

Status QueryJob::SendPieces(std::string& sink) {
  if (!started_) {
    HttpReply header;
    header.content_type = ContentTypeOf(format_);
    cached_.AddStatus(header);
    channel_->Start(std::move(header));
  }
  started_ = true;
  const std::string bytes = std::exchange(sink, {});
  cached_.Collect(bytes);
  running_->AddOutput(0, bytes);
  for (size_t at = 0; at < bytes.size(); at += limits_.piece_bytes) {
    if (!channel_->Push(bytes.substr(at, limits_.piece_bytes))) return Fail(CancelledError());
  }
  return {};
}

Status QueryJob::CheckTable(const engine::ResultWriter& writer) const {
  if (writer.rows_shown() == writer.rows_total()) return {};
  return Fail(ErrorCode::kResourceExhausted,
              fmt::format("The result is too large for text/plain (at most {} rows, and 64 MiB). "
                          "Add a LIMIT, or ask for text/csv or application/json.",
                          limits_.table_rows_max));
}

Status QueryJob::SendEnd(const engine::Session& session, const engine::ResultStream& rows,
                         std::string sink) {
  const QueryCost cost = CostOf(session);
  // What is true of the answer whenever it is sent.
  HttpReply lasting;
  const size_t warnings = rows.Warnings().size();
  if (warnings > 0) lasting.headers.emplace_back("Sumac-Warnings", fmt::format("{}", warnings));
  // An answer is kept before its last byte is sent: who has it may ask again and find it.
  if (started_ || sink.size() > limits_.piece_bytes) {
    SUMAC_RETURN_IF_ERROR(SendPieces(sink));
    cached_.Keep(std::move(lasting), {});
    CapturePlan(backend_, request_.sql, request_.parameters, {}, *running_);
    running_->End(cost, nullptr);
    channel_->Finish();
    return {};
  }
  HttpReply reply;
  reply.headers = lasting.headers;
  cached_.Keep(std::move(lasting), sink);
  running_->AddOutput(0, sink);
  CapturePlan(backend_, request_.sql, request_.parameters, {}, *running_);
  running_->End(cost, nullptr);
  reply.content_type = ContentTypeOf(format_);
  reply.body = std::move(sink);
  reply.headers.emplace_back(kConsumedUnitsHeader, fmt::format("{}", cost.consumed_read_units));
  cached_.AddStatus(reply);
  channel_->Reply(std::move(reply));
  return {};
}

engine::ResultWriterOptions QueryJob::WriterOptions(const engine::Session& session,
                                                    std::string& sink) {
  engine::ResultWriterOptions options;
  options.consumed_read_units = [&session] { return CostOf(session).consumed_read_units; };
  options.plans_as_text = true;
  options.table_rows_max = limits_.table_rows_max;
  options.drain_bytes = limits_.piece_bytes;
  options.drain = [this, &sink] { return SendPieces(sink); };
  options.elapsed_ms = [this, start = clock_.MonotonicNow()] {
    const auto elapsed = clock_.MonotonicNow() - start;
    return static_cast<uint64_t>(
        std::chrono::duration_cast<std::chrono::milliseconds>(elapsed).count());
  };
  return options;
}

}  // namespace sumac::server
