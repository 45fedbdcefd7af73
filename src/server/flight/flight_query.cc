#include "server/flight/flight_query.h"

#include <atomic>
#include <exception>

#include "engine/results/arrow/arrow_schema.h"

namespace sumac::server {
namespace {

// What ends a batch's way early.
engine::RecordBatches::Take Sending(const SendMessage& send) {
  return [&send](engine::IpcMessage message) -> Status {
    if (!send(std::move(message))) return Fail(CancelledError());
    return {};
  };
}

Status SendResult(engine::ResultStream& stream, engine::RecordBatchLimits limits,
                  const std::atomic<bool>& cancelled, const SendMessage& send) {
  const auto columns = engine::ArrowColumnsOf(stream.Columns());
  if (!send(engine::MakeSchemaMessage(columns))) return Fail(CancelledError());
  engine::RecordBatches batches(columns, limits, Sending(send));
  while (true) {
    if (cancelled) return Fail(CancelledError());
    SUMAC_ASSIGN_OR_RETURN(const auto chunk, stream.Next());
    if (chunk == nullptr) return batches.Finish();
    SUMAC_RETURN_IF_ERROR(batches.Add(*chunk));
  }
}

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

}  // namespace

Status RunFlightQuery(const FlightQueryContext& context, const StatementText& statement,
                      engine::QueryParameters parameters,
                      std::optional<std::chrono::milliseconds> timeout,
                      std::function<bool()> is_cancelled, const SendMessage& send,
                      FlightQueryReport& report) {
  std::optional<engine::QueryDeadline> deadline;
  if (timeout) deadline = {context.clock.MonotonicNow() + *timeout, *timeout};
  return Guarded([&]() -> Status {
    const auto session = context.backend.Connect();
    std::atomic<bool> cancelled = false;
    const auto stop = [&cancelled, &session] {
      cancelled = true;
      session->Interrupt();
    };
    // The watch goes on interrupting whoever was the first to ask.
    const CallWatch::Watched watched(
        context.watch, {[&cancelled, &is_cancelled] { return cancelled || is_cancelled(); }, stop});
    const auto entry = context.active_queries.Add(statement.protocol, statement.sql, stop);
    const auto run = [&]() -> Status {
      SUMAC_ASSIGN_OR_RETURN(const auto stream,
                             session->Execute(statement.sql, std::move(parameters), deadline));
      SUMAC_RETURN_IF_ERROR(SendResult(*stream, context.batch_limits, cancelled, send));
      report.warnings = stream->Warnings();
      return {};
    };
    Status status = Guarded(run);
    report.consumed_read_units = engine::TotalOf(session->Progress().read).consumed_read_units;
    return status;
  });
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
