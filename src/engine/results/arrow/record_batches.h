// The rows of a result as Arrow record batches of a bounded size.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include <duckdb.hpp>

#include "base/result.h"
#include "engine/results/arrow/arrow_schema.h"
#include "engine/results/arrow/ipc_message.h"

namespace duckdb {
class ArrowAppender;
}

namespace sumac::engine {

struct RecordBatchLimits {
  // A batch ends once it has about as many bytes. A row is never split, so one with more is a batch
  // of its own. Clients of gRPC refuse messages over 4 MiB unless told otherwise.
  uint64_t bytes = 2 << 20;
  uint64_t rows = 16384;
};

// Not thread-safe.
class RecordBatches {
 public:
  // Takes a batch that is complete; its error ends Add and Finish with it.
  using Take = std::function<Status(IpcMessage)>;

  RecordBatches(const std::vector<ArrowColumn>& columns, RecordBatchLimits limits, Take take);
  ~RecordBatches();

  // Nested vectors of `chunk` are flattened in place. Throws what DuckDB throws when memory is out
  // or a value cannot be cast to what is stored.
  Status Add(duckdb::DataChunk& chunk);
  // Passes on the rows that are no batch yet.
  Status Finish();

 private:
  void Cast(duckdb::DataChunk& chunk);
  Status Flush();

  const RecordBatchLimits limits_;
  const Take take_;
  duckdb::vector<duckdb::LogicalType> types_;
  duckdb::DataChunk stored_;  // the chunk, cast
  std::vector<uint64_t> sizes_;
  std::unique_ptr<duckdb::ArrowAppender> batch_;
  uint64_t batch_bytes_ = 0;
};

}  // namespace sumac::engine
