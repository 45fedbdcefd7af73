#include "cli/line_view.h"

#include <algorithm>

#include "cli/shown_character.h"
#include "engine/results/display_width.h"

namespace sumac::cli {
namespace {

const char* ColorCode(TextColor color) {
  switch (color) {
    case TextColor::kKeyword:
      return "\x1b[1;34m";
    case TextColor::kString:
      return "\x1b[32m";
    case TextColor::kNumber:
      return "\x1b[36m";
    case TextColor::kComment:
      return "\x1b[90m";
    case TextColor::kName:
      return "\x1b[35m";
    case TextColor::kParameter:
      return "\x1b[33m";
    case TextColor::kPlain:
      break;
  }
  return "\x1b[0m";
}

std::string MoveCode(size_t count, char direction) {
  return count == 0 ? "" : "\x1b[" + std::to_string(count) + direction;
}

// Breaks the text into rows of the screen.
class RowBreaker {
 public:
  // The last column stays free: a row that fills it may be followed by an empty one.
  RowBreaker(const ViewedText& viewed, size_t columns)
      : viewed_(viewed), columns_(std::max<size_t>(columns, 5) - 1) {}

  void Break() {
    BeginLine(viewed_.prompt);
    const std::string& text = viewed_.text;
    for (size_t at = 0; at < text.size();) {
      const size_t end = engine::CharacterEnd(text, at);
      Add(at, text.substr(at, end - at));
      at = end;
    }
    if (viewed_.cursor >= text.size()) MarkCursor();
    SetColor(TextColor::kPlain);
  }

  std::vector<std::string> rows;
  std::vector<size_t> widths;
  size_t cursor_row = 0;
  size_t cursor_column = 0;

 private:
  void BeginRow() {
    rows.emplace_back();
    widths.push_back(0);
  }

  void BeginLine(const std::string& prompt) {
    BeginRow();
    for (size_t at = 0; at < prompt.size();) {
      const size_t end = engine::CharacterEnd(prompt, at);
      Show(ShownCharacter(prompt.substr(at, end - at)));
      at = end;
    }
  }

  // Whole, or in parts: an escape can be wider than the screen.
  void Show(const std::string& shown) {
    for (size_t at = 0; at < shown.size();) {
      const size_t end = engine::CharacterEnd(shown, at);
      const std::string part = shown.substr(at, end - at);
      MakeRoom(engine::DisplayWidth(part));
      rows.back() += part;
      widths.back() += engine::DisplayWidth(part);
      at = end;
    }
  }

  void MakeRoom(size_t width) {
    if (widths.back() + width <= columns_) return;
    // A row that is shown without the one before it has its color all the same.
    if (color_ != TextColor::kPlain) rows.back() += ColorCode(TextColor::kPlain);
    BeginRow();
    if (color_ != TextColor::kPlain) rows.back() += ColorCode(color_);
  }

  void Add(size_t at, const std::string& character) {
    const std::string shown = ShownCharacter(character);
    MakeRoom(std::min(engine::DisplayWidth(shown), columns_));
    if (at == viewed_.cursor) MarkCursor();
    if (character == "\n") {
      SetColor(TextColor::kPlain);
      return BeginLine(viewed_.continuation);
    }
    SetColor(at < viewed_.colors.size() ? viewed_.colors[at] : TextColor::kPlain);
    Show(shown);
  }

  void MarkCursor() {
    cursor_row = rows.size() - 1;
    cursor_column = widths.back();
  }

  void SetColor(TextColor color) {
    if (color == color_) return;
    // Colors do not add up.
    if (color_ != TextColor::kPlain) rows.back() += ColorCode(TextColor::kPlain);
    if (color != TextColor::kPlain) rows.back() += ColorCode(color);
    color_ = color;
  }

  const ViewedText& viewed_;
  const size_t columns_;
  TextColor color_ = TextColor::kPlain;
};

}  // namespace

// Terminals break a row anew that has become too wide; hardly any cuts it.
size_t LineView::RowsAbove(size_t columns) const {
  if (columns >= columns_ || columns == 0) return cursor_row_;
  size_t rows = cursor_column_ / columns;
  for (size_t i = 0; i < cursor_row_; ++i) {
    rows += widths_[i] == 0 ? 1 : (widths_[i] + columns - 1) / columns;
  }
  return rows;
}

std::string LineView::Draw(const ViewedText& viewed, ScreenSize size) {
  RowBreaker broken(viewed, size.columns);
  broken.Break();
  const size_t height = std::max<size_t>(size.rows, 1);
  size_t first = 0;
  if (broken.rows.size() > height) {
    first = broken.cursor_row < height / 2 ? 0 : broken.cursor_row - height / 2;
    first = std::min(first, broken.rows.size() - height);
  }
  const size_t end = std::min(first + height, broken.rows.size());
  std::string out = MoveCode(RowsAbove(size.columns), 'A') + "\r";
  // Terminals keep that they have broken a row until it is erased.
  if (columns_ != 0 && columns_ != size.columns) out += "\x1b[J";
  // What is there is written over before the rest is erased: nothing flickers.
  for (size_t i = first; i < end; ++i) out += (i > first ? "\x1b[K\r\n" : "") + broken.rows[i];
  out += "\x1b[J";
  widths_.assign(broken.widths.begin() + static_cast<std::ptrdiff_t>(first),
                 broken.widths.begin() + static_cast<std::ptrdiff_t>(end));
  cursor_row_ = broken.cursor_row - first;
  cursor_column_ = broken.cursor_column;
  columns_ = size.columns;
  out += MoveCode(widths_.size() - 1 - cursor_row_, 'A') + "\r" + MoveCode(cursor_column_, 'C');
  return out;
}

std::string LineView::Leave() {
  std::string out;
  if (!widths_.empty()) out = MoveCode(widths_.size() - 1 - cursor_row_, 'B') + "\r\n";
  Forget();
  return out;
}

}  // namespace sumac::cli
