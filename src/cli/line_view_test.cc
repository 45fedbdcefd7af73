#include "cli/line_view.h"

#include <gtest/gtest.h>

namespace sumac::cli {
namespace {

ViewedText Text(const std::string& text, size_t cursor) {
  return {"sql> ", "  -> ", text, cursor, {}};
}

TEST(LineView, ShowsTheTextAndTheCursor) {
  LineView view;
  EXPECT_EQ(view.Draw(Text("abc", 3), {80, 24}), "\rsql> abc\x1b[J\r\x1b[8C");
  EXPECT_EQ(view.Draw(Text("abc", 1), {80, 24}), "\rsql> abc\x1b[J\r\x1b[6C");
  EXPECT_EQ(view.Leave(), "\r\n");
  EXPECT_EQ(view.Leave(), "");
}

TEST(LineView, ShowsSeveralLines) {
  LineView view;
  EXPECT_EQ(view.Draw(Text("a\nbc", 1), {80, 24}),
            "\rsql> a\x1b[K\r\n  -> bc\x1b[J\x1b[1A\r\x1b[6C");
  // From the row where the cursor was.
  EXPECT_EQ(view.Draw(Text("a\nbc", 4), {80, 24}), "\rsql> a\x1b[K\r\n  -> bc\x1b[J\r\x1b[7C");
  EXPECT_EQ(view.Draw(Text("x", 1), {80, 24}), "\x1b[1A\rsql> x\x1b[J\r\x1b[6C");
}

TEST(LineView, BreaksWhatIsTooWide) {
  LineView view;
  EXPECT_EQ(view.Draw(Text("abcdefghij", 10), {12, 24}),
            "\rsql> abcdef\x1b[K\r\nghij\x1b[J\r\x1b[4C");
  EXPECT_EQ(view.Leave(), "\r\n");
  // A wide character goes to the next row as a whole.
  EXPECT_EQ(view.Draw(Text("abcde\u4e2d", 8), {12, 24}),
            "\rsql> abcde\x1b[K\r\n\u4e2d\x1b[J\r\x1b[2C");
}

TEST(LineView, ShowsTheRowsAroundTheCursor) {
  LineView view;
  EXPECT_EQ(view.Draw(Text("a\nb\nc\nd\ne", 9), {80, 3}),
            "\r  -> c\x1b[K\r\n  -> d\x1b[K\r\n  -> e\x1b[J\r\x1b[6C");
  EXPECT_EQ(view.Draw(Text("a\nb\nc\nd\ne", 0), {80, 3}),
            "\x1b[2A\rsql> a\x1b[K\r\n  -> b\x1b[K\r\n  -> c\x1b[J\x1b[2A\r\x1b[5C");
}

TEST(LineView, ColorsTheText) {
  LineView view;
  ViewedText viewed = Text("a 1", 3);
  viewed.colors = {TextColor::kKeyword, TextColor::kPlain, TextColor::kNumber};
  EXPECT_EQ(view.Draw(viewed, {80, 24}),
            "\rsql> \x1b[1;34ma\x1b[0m \x1b[36m1\x1b[0m\x1b[J\r\x1b[8C");
}

TEST(LineView, ShowsNothingThatMovesTheCursor) {
  LineView view;
  EXPECT_EQ(view.Draw(Text("a\x1b[2Jb", 0), {80, 24}), "\rsql> a\\x1b[2Jb\x1b[J\r\x1b[5C");
  EXPECT_EQ(view.Draw(Text("\x9b\t\u202e", 2), {80, 24}), "\rsql> ?    \\u{202e}\x1b[J\r\x1b[10C");
}

TEST(LineView, FindsItsFirstRowOnANarrowerScreen) {
  LineView view;
  view.Draw(Text("abcdefghijklmnop\nq", 18), {40, 24});
  // "sql> abcdefghijklmnop" has become three rows of ten.
  EXPECT_EQ(view.Draw(Text("\nq", 2), {10, 24}),
            "\x1b[3A\r\x1b[Jsql> \x1b[K\r\n  -> q\x1b[J\r\x1b[6C");
  EXPECT_EQ(view.Draw(Text("\nq", 0), {40, 24}),
            "\x1b[1A\r\x1b[Jsql> \x1b[K\r\n  -> q\x1b[J\x1b[1A\r\x1b[5C");
}

TEST(LineView, BreaksALongPrompt) {
  LineView view;
  EXPECT_EQ(view.Draw({"(search 'abcdef') ", "", "x", 1, {}}, {11, 24}),
            "\r(search 'a\x1b[K\r\nbcdef') x\x1b[J\r\x1b[9C");
}

}  // namespace
}  // namespace sumac::cli
