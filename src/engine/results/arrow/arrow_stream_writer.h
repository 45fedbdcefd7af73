// Rows as a stream of Arrow's IPC format: what `Accept: application/vnd.apache.arrow.stream` asks
// for.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/results/arrow/record_batches.h"
#include "engine/results/result_writer.h"

namespace sumac::engine {

class ArrowStreamWriter : public ResultWriter {
 public:
  ArrowStreamWriter(ResultWriterOptions options, std::string& sink)
      : ResultWriter(std::move(options), sink) {}

 protected:
  void WriteHeader(const std::vector<ResultColumn>& columns) override;
  uint64_t WriteRows(duckdb::DataChunk& chunk) override;
  void WriteEnd() override;

 private:
  std::unique_ptr<RecordBatches> batches_;
};

}  // namespace sumac::engine
