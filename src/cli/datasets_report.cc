#include "cli/datasets_report.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/printable_text.h"
#include "engine/progress_text.h"
#include "engine/results/display_width.h"

namespace sumac::cli {
namespace {

using server::ListedDataset;

constexpr size_t kShownBytes = 1'000;

struct Column {
  const char* name;
  bool right_aligned;
};

constexpr Column kColumns[] = {{"name", false},        {"from", false}, {"state", false},
                               {"rows", true},         {"size", true},  {"age", false},
                               {"next refresh", false}};
// Every dataset has these.
constexpr size_t kPlainColumns = 3;

using Cells = std::array<std::string, std::size(kColumns)>;

std::string Shown(const std::string& text) {
  return PrintableText(text, kShownBytes);
}

std::string NextRefreshText(const ListedDataset& dataset, WallTime now) {
  if (!dataset.next_refresh) return "";
  const WallTime said_at = dataset.copy ? dataset.copy->ListedAt() : now;
  const auto left = *dataset.next_refresh - said_at;
  if (left <= WallTime::duration::zero()) return "due";
  return "in " + engine::AgeText(std::chrono::duration_cast<std::chrono::milliseconds>(left));
}

Cells CellsOf(const ListedDataset& dataset, WallTime now) {
  Cells cells = {Shown(dataset.name), Shown(dataset.from), Shown(dataset.state)};
  if (dataset.copy) {
    cells[3] = engine::ThousandsText(dataset.copy->rows);
    cells[4] = BinaryBytesText(dataset.copy->bytes);
    cells[5] = engine::AgeText(dataset.copy->age);
  }
  cells[6] = NextRefreshText(dataset, now);
  return cells;
}

class Table {
 public:
  explicit Table(bool accelerated) : accelerated_(accelerated) {
    for (size_t i = 0; i < std::size(kColumns); ++i) {
      const size_t heading = engine::DisplayWidth(kColumns[i].name);
      widths_[i] = i < kPlainColumns ? heading : 0;
    }
  }

  void Measure(const Cells& cells) {
    for (size_t i = 0; i < cells.size(); ++i) {
      if (cells[i].empty()) continue;
      widths_[i] = std::max(
          {widths_[i], engine::DisplayWidth(cells[i]), engine::DisplayWidth(kColumns[i].name)});
    }
  }

  void Append(const Cells& cells, const std::string& error, std::string& out) const {
    std::string line;
    for (size_t i = 0; i < cells.size(); ++i) {
      if (widths_[i] == 0) continue;
      // A mark keeps the columns of a line countable.
      const std::string& cell = cells[i].empty() ? kNothing : cells[i];
      const std::string blanks(widths_[i] - engine::DisplayWidth(cell), ' ');
      line += kColumns[i].right_aligned ? blanks + cell : cell + blanks;
      line += "  ";
    }
    if (!accelerated_) line += error;
    line.erase(line.find_last_not_of(' ') + 1);
    out += line + "\n";
    if (accelerated_ && !error.empty()) out += "  " + error + "\n";
  }

 private:
  static inline const std::string kNothing = "-";

  const bool accelerated_;
  std::array<size_t, std::size(kColumns)> widths_ = {};  // 0: the column is left out
};

}  // namespace

std::string DatasetsReport(const std::vector<ListedDataset>& datasets, WallTime now) {
  const bool accelerated = std::any_of(datasets.begin(), datasets.end(), [](const auto& dataset) {
    return dataset.acceleration_enabled;
  });
  Table table(accelerated);
  std::vector<Cells> lines;
  for (const auto& dataset : datasets) {
    lines.push_back(CellsOf(dataset, now));
    table.Measure(lines.back());
  }
  Cells names;
  for (size_t i = 0; i < names.size(); ++i) names[i] = kColumns[i].name;
  std::string text;
  table.Append(names, "", text);
  for (size_t i = 0; i < lines.size(); ++i) {
    table.Append(lines[i], Shown(datasets[i].error_message), text);
  }
  return text;
}

std::string BinaryBytesText(uint64_t bytes) {
  if (bytes < 1024) return fmt::format("{} B", bytes);
  double amount = static_cast<double>(bytes);
  const char* unit = "B";
  for (const char* larger : {"KiB", "MiB", "GiB", "TiB", "PiB"}) {
    // What would be shown as "1024" is one of the next unit.
    if (amount < 1023.5) break;
    amount /= 1024;
    unit = larger;
  }
  return amount < 99.95 ? fmt::format("{:.1f} {}", amount, unit)
                        : fmt::format("{:.0f} {}", amount, unit);
}

}  // namespace sumac::cli
