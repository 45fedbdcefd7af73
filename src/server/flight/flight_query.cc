#include "server/flight/flight_query.h"

#include <atomic>
#include <exception>

#include "engine/results/arrow/arrow_schema.h"
#include "server/observation/query_account.h"

namespace sumac::server {
namespace {

using SendMessage = std::function<bool(engine::IpcMessage)>;

// A client that takes nothing when the time of its query is up is waited for this much longer.
constexpr std::chrono::seconds kSendingGrace{1};

// What ends a batch's way early.
engine::RecordBatches::Take Sending(const SendMessage& send) {
  return [&send](engine::IpcMessage message) -> Status {
    if (!send(std::move(message))) return Fail(CancelledError());
    return {};
  };
}

// A query that runs for its call.
class FlightQueryRun {
 public:
  FlightQueryRun(const FlightQueryContext& context, FlightQuery query, const FlightQueryCall& call)
      : context_(context),
        query_(std::move(query)),
        call_(call),
        session_(context.backend.Connect()),
        running_(context.history.Begin(query_.statement.sql, query_.statement.protocol,
                                       std::move(query_.request))) {
    const auto timeout = context.limits.TimeoutOf(query_.timeout);
    running_->BeginExecution();
    if (timeout) deadline_ = {context.clock.MonotonicNow() + *timeout, *timeout};
  }

  // Its report is complete when this returns.
  Status Run(FlightQueryReport& report);

 private:
  Status Answer(FlightQueryReport& report);
  Status SendResult(engine::ResultStream& stream);
  bool Send(engine::IpcMessage message);
  bool IsCancelled() const { return cancelled_ || call_.is_cancelled(); }
  // The engine sees that the time is up, but not while a message waits for the client.
  bool IsStalled() const {
    return sending_ && deadline_ && context_.clock.MonotonicNow() > deadline_->at + kSendingGrace;
  }
  // Any thread.
  void Stop() {
    cancelled_ = true;
    session_->Interrupt();
  }

  const FlightQueryContext& context_;
  FlightQuery query_;
  const FlightQueryCall& call_;
  const std::unique_ptr<engine::Session> session_;
  const std::unique_ptr<RunningQuery> running_;
  std::optional<engine::QueryDeadline> deadline_;
  uint64_t rows_ = 0;
  std::atomic<bool> cancelled_ = false;
  std::atomic<bool> sending_ = false;
};

// Turns what DuckDB throws while values become Arrow's into an Error.
template <typename Body>
Status Guarded(Body body) {
  try {
    return body();
  } catch (const std::bad_alloc&) {
    return Fail(ErrorCode::kResourceExhausted, "There is not enough memory to send the result.");
  } catch (const duckdb::Exception& exception) {
    const duckdb::ErrorData data(exception);
    const bool memory = data.Type() == duckdb::ExceptionType::OUT_OF_MEMORY;
    return Fail(memory ? ErrorCode::kResourceExhausted : ErrorCode::kInvalidArgument,
                "The result cannot be sent: " + data.RawMessage());
  } catch (const std::exception& exception) {
    return Fail(InternalError(std::string("The query failed: ") + exception.what()));
  }
}

Status FlightQueryRun::Run(FlightQueryReport& report) {
  // The watch goes on interrupting whoever was the first to ask.
  const CallWatch::Watched watched(context_.watch, {[this] { return IsCancelled() || IsStalled(); },
                                                    [this] {
                                                      if (IsStalled()) call_.abandon();
                                                      Stop();
                                                    }});
  const auto entry = context_.active_queries.Add(query_.statement.protocol, query_.statement.sql,
                                                 [this] { Stop(); });
  Status status = Guarded([&] { return Answer(report); });
  const QueryCost cost = CostOf(*session_);
  report.consumed_read_units = cost.consumed_read_units;
  CapturePlan(context_.backend, query_.statement.sql, query_.parameters, status, *running_);
  running_->End(cost, status ? nullptr : &status.error());
  return status;
}

Status FlightQueryRun::Answer(FlightQueryReport& report) {
  SUMAC_ASSIGN_OR_RETURN(const auto stream,
                         session_->Execute(query_.statement.sql, query_.parameters, deadline_));
  SUMAC_RETURN_IF_ERROR(SendResult(*stream));
  report.warnings = stream->Warnings();
  return {};
}

Status FlightQueryRun::SendResult(engine::ResultStream& stream) {
  const SendMessage send = [this](engine::IpcMessage message) { return Send(std::move(message)); };
  const auto columns = engine::ArrowColumnsOf(stream.Columns());
  if (!send(engine::MakeSchemaMessage(columns))) return Fail(CancelledError());
  engine::RecordBatches batches(columns, context_.batch_limits, Sending(send));
  while (true) {
    if (cancelled_) return Fail(CancelledError());
    SUMAC_ASSIGN_OR_RETURN(const auto chunk, stream.Next());
    if (chunk == nullptr) return batches.Finish();
    running_->AddBinaryOutput(chunk->size(), 0);
    rows_ += chunk->size();
    SUMAC_RETURN_IF_ERROR(context_.limits.CheckRows(rows_));
    SUMAC_RETURN_IF_ERROR(batches.Add(*chunk));
  }
}

bool FlightQueryRun::Send(engine::IpcMessage message) {
  running_->AddBinaryOutput(0, message.header.size() + message.body_bytes);
  sending_ = true;
  const bool sent = call_.send(std::move(message));
  sending_ = false;
  return sent;
}

}  // namespace

Status RunFlightQuery(const FlightQueryContext& context, FlightQuery query,
                      const FlightQueryCall& call, FlightQueryReport& report) {
  return Guarded([&] { return FlightQueryRun(context, std::move(query), call).Run(report); });
}

Status SendRows(const std::vector<engine::ArrowColumn>& columns,
                const std::vector<duckdb::vector<duckdb::Value>>& rows,
                engine::RecordBatchLimits limits, const SendMessage& send) {
  return Guarded([&]() -> Status {
    if (!send(engine::MakeSchemaMessage(columns))) return Fail(CancelledError());
    engine::RecordBatches batches(columns, limits, Sending(send));
    duckdb::vector<duckdb::LogicalType> types;
    for (const auto& column : columns) types.push_back(column.type);
    size_t done = 0;
    while (done < rows.size()) {
      const size_t count = std::min<size_t>(rows.size() - done, STANDARD_VECTOR_SIZE);
      duckdb::DataChunk chunk;
      chunk.Initialize(duckdb::Allocator::DefaultAllocator(), types);
      for (size_t row = 0; row < count; ++row) {
        for (size_t column = 0; column < types.size(); ++column) {
          chunk.SetValue(column, row, rows[done + row][column]);
        }
      }
      chunk.SetCardinality(count);
      SUMAC_RETURN_IF_ERROR(batches.Add(chunk));
      done += count;
    }
    return batches.Finish();
  });
}

}  // namespace sumac::server
