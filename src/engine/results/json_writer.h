// Rows as JSON objects (RFC 8259): in an array, one a line, or in Spice's envelope with a schema.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/results/cell_writer.h"
#include "engine/results/result_writer.h"

namespace sumac::engine {

enum class JsonShape { kArray, kLines, kEnvelope };

class JsonWriter : public ResultWriter {
 public:
  JsonWriter(JsonShape shape, ResultWriterOptions options, std::string& sink)
      : ResultWriter(std::move(options), sink), shape_(shape) {}

 protected:
  void WriteHeader(const std::vector<ResultColumn>& columns) override;
  uint64_t WriteRows(duckdb::DataChunk& chunk) override;
  void WriteEnd() override;

 private:
  struct Column {
    std::string prefix;  // the quoted name with its colon
    std::unique_ptr<CellWriter> writer;
  };

  void WriteRow(duckdb::idx_t row);
  void WriteWarnings();

  JsonShape shape_;
  std::vector<Column> columns_;
  bool first_row_ = true;
};

// The names that the row objects use: a name that occurs again gets `_1`, `_2`, ..., because most
// readers of JSON keep only the last of two equal members.
std::vector<std::string> UniqueMemberNames(const std::vector<ResultColumn>& columns);

}  // namespace sumac::engine
