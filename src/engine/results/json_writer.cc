#include "engine/results/json_writer.h"

#include <unordered_map>
#include <unordered_set>

#include <fmt/format.h>

#include "base/json_text.h"
#include "engine/results/arrow_type_name.h"

namespace sumac::engine {

std::vector<std::string> UniqueMemberNames(const std::vector<ResultColumn>& columns) {
  // Names that stand as they are come first, so that a made name never takes one of theirs.
  std::unordered_set<std::string> taken;
  for (const ResultColumn& column : columns) taken.insert(column.name);
  // What the next made name of one begins its search at.
  std::unordered_map<std::string, int> seen;
  std::vector<std::string> names;
  for (const ResultColumn& column : columns) {
    std::string name = column.name;
    const auto [next, first] = seen.emplace(name, 1);
    if (!first) {
      do {
        name = fmt::format("{}_{}", column.name, next->second++);
      } while (!taken.insert(name).second);
    }
    names.push_back(std::move(name));
  }
  return names;
}

void JsonWriter::WriteHeader(const std::vector<ResultColumn>& columns) {
  const CellStyle style = options().keep_nulls ? CellStyle::kJsonWithNulls : CellStyle::kJson;
  const std::vector<std::string> names = UniqueMemberNames(columns);
  if (shape_ == JsonShape::kEnvelope) sink() += "{\"schema\":{\"fields\":[";
  for (size_t i = 0; i < columns.size(); ++i) {
    Column column;
    AppendJsonString(names[i], column.prefix);
    column.prefix += ':';
    column.writer = MakeCellWriter(columns[i].type, style);
    columns_.push_back(std::move(column));
    if (shape_ == JsonShape::kEnvelope) {
      if (i > 0) sink() += ',';
      AppendArrowFieldJson(names[i], columns[i].type, true, sink());
    }
  }
  if (shape_ == JsonShape::kEnvelope) sink() += "],\"metadata\":{}},\"data\":";
  if (shape_ != JsonShape::kLines) sink() += '[';
}

uint64_t JsonWriter::WriteRows(duckdb::DataChunk& chunk) {
  for (size_t i = 0; i < columns_.size(); ++i) {
    columns_[i].writer->Bind(chunk.data[i], chunk.size());
  }
  for (duckdb::idx_t row = 0; row < chunk.size(); ++row) {
    if (shape_ != JsonShape::kLines && !first_row_) sink() += ',';
    first_row_ = false;
    WriteRow(row);
    if (shape_ == JsonShape::kLines) sink() += '\n';
    if (!DrainWhenFull()) return row + 1;
  }
  return chunk.size();
}

void JsonWriter::WriteRow(duckdb::idx_t row) {
  std::string& out = sink();
  out += '{';
  bool first = true;
  for (const Column& column : columns_) {
    const bool is_null = column.writer->IsNull(row);
    if (is_null && !options().keep_nulls) continue;
    if (!first) out += ',';
    first = false;
    out += column.prefix;
    if (is_null) {
      out += "null";
    } else {
      column.writer->Append(row, out);
    }
  }
  out += '}';
}

void JsonWriter::WriteEnd() {
  if (shape_ != JsonShape::kLines) sink() += ']';
  if (shape_ != JsonShape::kEnvelope) return;
  sink() += fmt::format(",\"row_count\":{}", rows_total());
  if (options().elapsed_ms)
    sink() += fmt::format(",\"execution_time_ms\":{}", options().elapsed_ms());
  const double units = options().consumed_read_units ? options().consumed_read_units() : 0;
  if (units > 0) sink() += fmt::format(",\"consumed_rcu\":{}", units);
  WriteWarnings();
  sink() += '}';
}

void JsonWriter::WriteWarnings() {
  if (!options().warnings) return;
  const auto warnings = options().warnings();
  for (size_t i = 0; i < warnings.size(); ++i) {
    sink() += i == 0 ? ",\"warnings\":[" : ",";
    AppendJsonString(warnings[i], sink());
  }
  if (!warnings.empty()) sink() += ']';
}

}  // namespace sumac::engine
