// Rows as CSV (RFC 4180, lines end in \n). Nested values are JSON text. NULL is an empty field and
// an empty string is `""`, so that the two differ.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/results/cell_writer.h"
#include "engine/results/result_writer.h"

namespace sumac::engine {

class CsvWriter : public ResultWriter {
 public:
  CsvWriter(ResultWriterOptions options, std::string& sink)
      : ResultWriter(std::move(options), sink) {}

 protected:
  void WriteHeader(const std::vector<ResultColumn>& columns) override;
  uint64_t WriteRows(duckdb::DataChunk& chunk) override;
  void WriteEnd() override {}

 private:
  struct Column {
    bool plain;  // numbers and times, whose text never needs quotes
    std::unique_ptr<CellWriter> writer;
  };

  void WriteCell(const Column& column, duckdb::idx_t row);

  std::string cell_;  // kept between cells for its memory
  std::vector<Column> columns_;
};

// Appends one field, quoted when it has to be.
void AppendCsvField(std::string_view text, std::string& out);

}  // namespace sumac::engine
