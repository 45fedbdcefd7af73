#include "engine/results/table_writer.h"

#include <algorithm>
#include <numeric>

#include "base/printable_text.h"
#include "engine/results/display_width.h"

namespace sumac::engine {

TableWriter::Cell TableWriter::MakeCell(std::string_view text) const {
  Cell cell;
  AppendPrintable(text.substr(0, options().table_cell_bytes_max + 4), cell.text);
  Truncate(options().table_cell_bytes_max, cell.text);
  cell.width = DisplayWidth(cell.text);
  return cell;
}

void TableWriter::WriteHeader(const std::vector<ResultColumn>& columns) {
  is_plan_ = options().plans_as_text && columns.size() == 2 && columns[0].name == "explain_key" &&
             columns[1].name == "explain_value";
  for (const ResultColumn& column : columns) {
    columns_.push_back(MakeCellWriter(column.type, CellStyle::kText));
    header_.push_back(MakeCell(column.name));
    widths_.push_back(header_.back().width);
  }
}

uint64_t TableWriter::WriteRows(duckdb::DataChunk& chunk) {
  if (full_) return 0;
  for (size_t i = 0; i < columns_.size(); ++i) columns_[i]->Bind(chunk.data[i], chunk.size());
  std::string text;
  for (duckdb::idx_t row = 0; row < chunk.size(); ++row) {
    std::vector<Cell> cells;
    for (const auto& column : columns_) {
      text.clear();
      if (!column->IsNull(row)) column->Append(row, text);
      cells.push_back(is_plan_ ? Cell{text, 0} : MakeCell(text));
    }
    if (!AddRow(std::move(cells))) return row;
  }
  return chunk.size();
}

bool TableWriter::AddRow(std::vector<Cell> row) {
  std::vector<size_t> widths = widths_;
  uint64_t row_bytes = 0;
  for (size_t i = 0; i < row.size(); ++i) {
    widths[i] = std::max(widths[i], row[i].width);
    row_bytes += row[i].text.size();
  }
  // What is stored, and what will be written: padding makes every row as wide as the widest cells.
  const uint64_t line = std::accumulate(widths.begin(), widths.end(), uint64_t{0});
  const uint64_t bytes = text_bytes_ + row_bytes + line * (rows_.size() + 1);
  full_ = rows_.size() >= options().table_rows_max || bytes > options().table_bytes_max;
  if (full_) return false;
  widths_ = std::move(widths);
  text_bytes_ += row_bytes;
  rows_.push_back(std::move(row));
  return true;
}

void TableWriter::WritePlans() {
  for (const auto& row : rows_) {
    const std::string_view plan = row[1].text;
    for (size_t start = 0; start < plan.size();) {
      const size_t end = std::min(plan.find('\n', start), plan.size());
      // What stands in it may be from the query or the items.
      AppendPrintable(plan.substr(start, end - start), sink());
      sink() += '\n';
      start = end + 1;
    }
  }
}

void TableWriter::WriteEnd() {
  if (is_plan_) return WritePlans();
  WriteRule();
  WriteLine(header_);
  WriteRule();
  for (const auto& row : rows_) WriteLine(row);
  WriteRule();
}

void TableWriter::WriteRule() {
  sink() += '+';
  for (const size_t width : widths_) {
    sink().append(width + 2, '-');
    sink() += '+';
  }
  sink() += '\n';
}

void TableWriter::WriteLine(const std::vector<Cell>& cells) {
  sink() += '|';
  for (size_t i = 0; i < cells.size(); ++i) {
    sink() += ' ';
    sink() += cells[i].text;
    sink().append(widths_[i] - cells[i].width + 1, ' ');
    sink() += '|';
  }
  sink() += '\n';
}

}  // namespace sumac::engine
