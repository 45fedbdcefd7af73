#include "engine/results/arrow/arrow_stream_writer.h"

namespace sumac::engine {

void ArrowStreamWriter::WriteHeader(const std::vector<ResultColumn>& columns) {
  const auto arrow_columns = ArrowColumnsOf(columns);
  AppendIpcMessage(MakeSchemaMessage(arrow_columns), sink());
  RecordBatchLimits limits;
  limits.bytes = options().drain_bytes;
  batches_ = std::make_unique<RecordBatches>(arrow_columns, limits,
                                             [this](const IpcMessage& batch) -> Status {
                                               AppendIpcMessage(batch, sink());
                                               if (!DrainWhenFull()) return Fail(CancelledError());
                                               return {};
                                             });
}

uint64_t ArrowStreamWriter::WriteRows(duckdb::DataChunk& chunk) {
  // It fails only when the sink could not be emptied, which Write will say.
  return batches_->Add(chunk) ? chunk.size() : 0;
}

void ArrowStreamWriter::WriteEnd() {
  if (batches_->Finish()) sink() += kIpcEndOfStream;
}

}  // namespace sumac::engine
