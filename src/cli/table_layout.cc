#include "cli/table_layout.h"

#include <algorithm>
#include <optional>
#include <vector>

#include <fmt/format.h>

#include "engine/results/display_width.h"

namespace sumac::cli {
namespace {

// A column is not made narrower than this to make room for others.
constexpr size_t kNarrowestCell = 20;

using Cells = std::vector<std::string>;

struct ParsedTable {
  std::vector<size_t> widths;  // of the values, without the blanks around
  Cells names;
  std::vector<Cells> rows;
};

size_t CharacterBytes(const std::string& text, size_t at) {
  size_t bytes = 1;
  while (at + bytes < text.size() &&
         (static_cast<unsigned char>(text[at + bytes]) & 0xc0) == 0x80) {
    ++bytes;
  }
  return bytes;
}

// The most bytes of `text` from `at` that are `width` wide at most.
size_t BytesOfWidth(const std::string& text, size_t at, size_t width) {
  size_t end = at;
  size_t used = 0;
  while (end < text.size()) {
    const size_t bytes = CharacterBytes(text, end);
    const size_t character = engine::DisplayWidth(text.substr(end, bytes));
    if (used + character > width) break;
    used += character;
    end += bytes;
  }
  return end - at;
}

// The cells of "| a | b |"; nothing when the line is not as the widths say, as with characters that
// are wider together than one by one.
std::optional<Cells> CellsOfLine(const std::string& line, const std::vector<size_t>& widths) {
  Cells cells;
  size_t at = 0;
  for (const size_t width : widths) {
    if (line.compare(at, 2, "| ") != 0) return std::nullopt;
    at += 2;
    const size_t bytes = BytesOfWidth(line, at, width);
    std::string cell = line.substr(at, bytes);
    cell.erase(cell.find_last_not_of(' ') + 1);
    cells.push_back(std::move(cell));
    at += bytes + 1;
  }
  if (line.substr(std::min(at, line.size())) != "|") return std::nullopt;
  return cells;
}

std::optional<ParsedTable> Parse(const std::string& text) {
  if (text.empty() || text.front() != '+') return std::nullopt;
  ParsedTable table;
  const std::string rule = text.substr(0, text.find('\n'));
  for (size_t at = 0; at + 1 < rule.size();) {
    const size_t end = rule.find('+', at + 1);
    if (end == std::string::npos || end < at + 3) return std::nullopt;
    table.widths.push_back(end - at - 3);
    at = end;
  }
  bool has_names = false;
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find('\n', at), text.size());
    const std::string line = text.substr(at, end - at);
    at = end + 1;
    if (line.starts_with('+')) continue;
    auto cells = CellsOfLine(line, table.widths);
    if (!cells) return std::nullopt;
    if (has_names) {
      table.rows.push_back(*std::move(cells));
    } else {
      table.names = *std::move(cells);
      has_names = true;
    }
  }
  return table;
}

// What columns take with their borders.
size_t LineWidth(const std::vector<size_t>& widths, size_t columns, size_t cell_max) {
  size_t width = 1;
  for (size_t i = 0; i < columns; ++i) width += std::min(widths[i], cell_max) + 3;
  return width;
}

std::string Cell(const std::string& text, size_t width) {
  std::string shown = text;
  if (engine::DisplayWidth(text) > width) {
    shown = text.substr(0, BytesOfWidth(text, 0, width == 0 ? 0 : width - 1)) + "…";
  }
  const size_t used = engine::DisplayWidth(shown);
  return shown + std::string(used < width ? width - used : 0, ' ');
}

std::string RowLine(const Cells& cells, const std::vector<size_t>& widths) {
  std::string line = "|";
  for (size_t i = 0; i < widths.size(); ++i) line += " " + Cell(cells[i], widths[i]) + " |";
  return line + "\n";
}

std::string Border(const std::vector<size_t>& widths) {
  std::string rule = "+";
  for (const size_t width : widths) rule += std::string(width + 2, '-') + "+";
  return rule + "\n";
}

std::string LeftOut(const Cells& names, size_t shown) {
  if (shown == names.size()) return "";
  std::string listed;
  for (size_t i = shown; i < names.size(); ++i) listed += (i == shown ? "" : ", ") + names[i];
  const size_t count = names.size() - shown;
  return fmt::format("{} column{} not shown: {}; .mode line shows all\n", count,
                     count == 1 ? " is" : "s are", listed);
}

}  // namespace

std::string FitTable(const std::string& text, size_t width) {
  const size_t first_line = std::min(text.find('\n'), text.size());
  if (width == 0 || first_line <= width) return text;
  const auto table = Parse(text);
  if (!table) return text;
  size_t columns = table->widths.size();
  while (columns > 1 && LineWidth(table->widths, columns, kNarrowestCell) > width) --columns;
  // The widest cells make room first.
  size_t cell_max = *std::max_element(table->widths.begin(), table->widths.end());
  while (cell_max > 1 && LineWidth(table->widths, columns, cell_max) > width) --cell_max;
  std::vector<size_t> widths(table->widths.begin(),
                             table->widths.begin() + static_cast<std::ptrdiff_t>(columns));
  for (auto& each : widths) each = std::min(each, cell_max);
  std::string shown = Border(widths) + RowLine(table->names, widths) + Border(widths);
  for (const auto& row : table->rows) shown += RowLine(row, widths);
  return shown + Border(widths) + LeftOut(table->names, columns);
}

std::string ExpandTable(const std::string& text) {
  const auto table = Parse(text);
  if (!table) return text;
  size_t name_width = 0;
  for (const auto& name : table->names) {
    name_width = std::max<size_t>(name_width, engine::DisplayWidth(name));
  }
  std::string shown;
  for (size_t row = 0; row < table->rows.size(); ++row) {
    shown += fmt::format("-- row {} --\n", row + 1);
    for (size_t i = 0; i < table->names.size(); ++i) {
      const auto& value = table->rows[row][i];
      shown += Cell(table->names[i], name_width) + " |" + (value.empty() ? "" : " ") + value + "\n";
    }
  }
  return shown;
}

}  // namespace sumac::cli
