#include "engine/results/csv_writer.h"

#include <algorithm>

namespace sumac::engine {

void AppendCsvField(std::string_view text, std::string& out) {
  const auto special = [](char c) { return c == ',' || c == '"' || c == '\r' || c == '\n'; };
  if (!text.empty() && std::none_of(text.begin(), text.end(), special)) {
    out += text;
    return;
  }
  out += '"';
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  out += '"';
}

void CsvWriter::WriteHeader(const std::vector<ResultColumn>& columns) {
  for (size_t i = 0; i < columns.size(); ++i) {
    if (i > 0) sink() += ',';
    AppendCsvField(columns[i].name, sink());
    const duckdb::LogicalType& type = columns[i].type;
    const bool plain =
        type.IsNumeric() || type.IsTemporal() || type.id() == duckdb::LogicalTypeId::BOOLEAN;
    const CellStyle style = type.IsNested() ? CellStyle::kJsonWithNulls : CellStyle::kText;
    columns_.push_back({plain, MakeCellWriter(type, style)});
  }
  sink() += '\n';
}

uint64_t CsvWriter::WriteRows(duckdb::DataChunk& chunk) {
  for (size_t i = 0; i < columns_.size(); ++i) {
    columns_[i].writer->Bind(chunk.data[i], chunk.size());
  }
  for (duckdb::idx_t row = 0; row < chunk.size(); ++row) {
    for (size_t i = 0; i < columns_.size(); ++i) {
      if (i > 0) sink() += ',';
      WriteCell(columns_[i], row);
    }
    sink() += '\n';
    if (!DrainWhenFull()) return row + 1;
  }
  return chunk.size();
}

void CsvWriter::WriteCell(const Column& column, duckdb::idx_t row) {
  if (column.writer->IsNull(row)) return;
  if (column.plain) return column.writer->Append(row, sink());
  cell_.clear();
  column.writer->Append(row, cell_);
  AppendCsvField(cell_, sink());
}

}  // namespace sumac::engine
