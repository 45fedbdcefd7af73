#include "base/printable_text.h"

#include <gtest/gtest.h>

namespace sumac {
namespace {

TEST(AppendPrintable, EscapesWhatMovesTheCursor) {
  const std::pair<std::string, std::string> cases[] = {
      {"plain \u00e9 \U0001F600", "plain \u00e9 \U0001F600"},
      {"a\nb\tc\r", "a\\nb\\tc\\r"},
      {"\x1b[31mred\x7f", "\\x1b[31mred\\x7f"},
      {std::string("\0", 1), "\\x00"},
      {"\u0085x", "\\u{85}x"},
      {"a\u202eb\u2028c\ufeff", "a\\u{202e}b\\u{2028}c\\u{feff}"},
      {"\u200d\u2030\u00a0", "\u200d\u2030\u00a0"},
  };
  for (const auto& [text, printable] : cases) {
    std::string out;
    AppendPrintable(text, out);
    EXPECT_EQ(out, printable);
  }
}

TEST(Truncate, CutsBetweenCharacters) {
  std::string text = "ab\u4e2dcd";
  Truncate(7, text);
  EXPECT_EQ(text, "ab\u4e2dcd");
  Truncate(4, text);
  EXPECT_EQ(text, "ab\u2026");
}

TEST(PrintableText, IsOneShortLine) {
  EXPECT_EQ(PrintableText("a\nb", 100), "a\\nb");
  EXPECT_EQ(PrintableText(std::string(300, 'x'), 5), "xxxxx\u2026");
  EXPECT_EQ(PrintableText("\n\n\n\n", 4), "\\n\\n\u2026");
  EXPECT_EQ(PrintableText("", 0), "");
}

}  // namespace
}  // namespace sumac
