#include "engine/results/result_writer.h"

#include <exception>
#include <new>

#include "engine/results/arrow/arrow_stream_writer.h"
#include "engine/results/csv_writer.h"
#include "engine/results/json_writer.h"
#include "engine/results/table_writer.h"

namespace sumac::engine {
namespace {

// DuckDB throws when memory runs out or when a value breaks its own invariants.
template <typename Work>
Status Guarded(Work work) {
  try {
    work();
    return {};
  } catch (const std::bad_alloc&) {
    return Fail(ErrorCode::kResourceExhausted, "There is not enough memory to write the result.");
  } catch (const duckdb::OutOfMemoryException& exception) {
    return Fail(ErrorCode::kResourceExhausted,
                std::string("There is not enough memory to write the result: ") + exception.what());
  } catch (const std::exception& exception) {
    return Fail(InternalError(std::string("The result could not be written: ") + exception.what()));
  }
}

}  // namespace

Status ResultWriter::Begin(const std::vector<ResultColumn>& columns) {
  return Guarded([&] { WriteHeader(columns); });
}

Status ResultWriter::Write(duckdb::DataChunk& chunk) {
  SUMAC_RETURN_IF_ERROR(Guarded([&] {
    rows_total_ += chunk.size();
    rows_shown_ += WriteRows(chunk);
  }));
  return drained_;
}

bool ResultWriter::DrainWhenFull() {
  if (options_.drain && sink_.size() >= options_.drain_bytes) drained_ = options_.drain();
  return drained_.has_value();
}

Status ResultWriter::End() {
  return Guarded([&] { WriteEnd(); });
}

std::unique_ptr<ResultWriter> MakeResultWriter(ResultFormat format, ResultWriterOptions options,
                                               std::string& sink) {
  switch (format) {
    case ResultFormat::kJson:
      return std::make_unique<JsonWriter>(JsonShape::kArray, std::move(options), sink);
    case ResultFormat::kJsonLines:
      return std::make_unique<JsonWriter>(JsonShape::kLines, std::move(options), sink);
    case ResultFormat::kSqlV1Json:
      return std::make_unique<JsonWriter>(JsonShape::kEnvelope, std::move(options), sink);
    case ResultFormat::kCsv:
      return std::make_unique<CsvWriter>(std::move(options), sink);
    case ResultFormat::kArrowStream:
      return std::make_unique<ArrowStreamWriter>(std::move(options), sink);
    case ResultFormat::kTable:
      break;
  }
  return std::make_unique<TableWriter>(std::move(options), sink);
}

}  // namespace sumac::engine
