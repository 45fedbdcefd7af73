// Rows as a bordered table for people:
//   +----+------+
//   | id | name |
//   +----+------+
//   | 1  | Ann  |
//   +----+------+
// Everything is kept until End, because the widest cell sets a column's width. With `plans_as_text`
// the plans of EXPLAIN are written as they are drawn.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/results/cell_writer.h"
#include "engine/results/result_writer.h"

namespace sumac::engine {

class TableWriter : public ResultWriter {
 public:
  TableWriter(ResultWriterOptions options, std::string& sink)
      : ResultWriter(std::move(options), sink) {}

 protected:
  void WriteHeader(const std::vector<ResultColumn>& columns) override;
  uint64_t WriteRows(duckdb::DataChunk& chunk) override;
  void WriteEnd() override;

 private:
  struct Cell {
    std::string text;
    size_t width = 0;
  };

  Cell MakeCell(std::string_view text) const;
  // False when the table would pass its bounds with this row.
  bool AddRow(std::vector<Cell> row);
  void WritePlans();
  void WriteRule();
  void WriteLine(const std::vector<Cell>& cells);

  std::vector<std::unique_ptr<CellWriter>> columns_;
  std::vector<size_t> widths_;
  std::vector<Cell> header_;
  std::vector<std::vector<Cell>> rows_;
  bool is_plan_ = false;
  uint64_t text_bytes_ = 0;
  bool full_ = false;
};

}  // namespace sumac::engine
