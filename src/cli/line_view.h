// How the text that is being typed stands on a terminal. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace sumac::cli {

enum class TextColor : uint8_t { kPlain, kKeyword, kString, kNumber, kComment, kName, kParameter };

struct ViewedText {
  std::string prompt;        // before the first line
  std::string continuation;  // before the others
  std::string text;
  size_t cursor = 0;
  // One for each byte of the text; fewer are plain.
  std::vector<TextColor> colors;
};

struct ScreenSize {
  size_t columns = 80;
  size_t rows = 24;
};

// Draws over what it drew before. Not thread-safe.
class LineView {
 public:
  // The bytes that show the text from the first row of what was drawn before, with the cursor in
  // its place. Of a text with more rows than the screen, those around the cursor are shown.
  std::string Draw(const ViewedText& viewed, ScreenSize size);

  // The bytes that put the cursor below the text; what comes next is drawn there.
  std::string Leave();
  // What was drawn is not there any more.
  void Forget() { *this = {}; }

 private:
  // How many rows of the screen are between the first one drawn and the cursor.
  size_t RowsAbove(size_t columns) const;

  std::vector<size_t> widths_;  // of the rows drawn
  size_t cursor_row_ = 0;       // among them
  size_t cursor_column_ = 0;
  size_t columns_ = 0;
};

}  // namespace sumac::cli
