#include "cli/line_buffer.h"

#include <gtest/gtest.h>

namespace sumac::cli {
namespace {

// The text with the cursor as '|'.
std::string Shown(const LineBuffer& buffer) {
  std::string text = buffer.text();
  return text.insert(buffer.cursor(), "|");
}

LineBuffer Made(const std::string& shown) {
  LineBuffer buffer;
  const size_t cursor = shown.find('|');
  buffer.Set(shown.substr(cursor + 1));
  buffer.MoveHome();
  while (buffer.MoveUp()) {
  }
  buffer.MoveHome();
  buffer.Insert(shown.substr(0, cursor));
  return buffer;
}

std::string After(const std::string& shown, void (LineBuffer::*edit)()) {
  LineBuffer buffer = Made(shown);
  (buffer.*edit)();
  return Shown(buffer);
}

TEST(LineBuffer, MovesByCharacters) {
  EXPECT_EQ(After("ab|c", &LineBuffer::MoveLeft), "a|bc");
  EXPECT_EQ(After("|abc", &LineBuffer::MoveLeft), "|abc");
  EXPECT_EQ(After("\u4e2d|a", &LineBuffer::MoveLeft), "|\u4e2da");
  // A combining accent is no character of its own.
  EXPECT_EQ(After("ae\u0301|b", &LineBuffer::MoveLeft), "a|e\u0301b");
  EXPECT_EQ(After("a|e\u0301b", &LineBuffer::MoveRight), "ae\u0301|b");
  EXPECT_EQ(After("abc|", &LineBuffer::MoveRight), "abc|");
  // Nor are the parts of an emoji, and what is no UTF-8 does no harm.
  const std::string family = "\U0001F469\u200d\U0001F467";
  EXPECT_EQ(After("a" + family + "|b", &LineBuffer::MoveLeft), "a|" + family + "b");
  EXPECT_EQ(After("a|" + family + "b", &LineBuffer::MoveRight), "a" + family + "|b");
  EXPECT_EQ(After("a\xe4\xb8|", &LineBuffer::MoveLeft), "a\xe4|\xb8");
  EXPECT_EQ(After("a|\nb", &LineBuffer::MoveRight), "a\n|b");
  EXPECT_EQ(After("a\n|b", &LineBuffer::MoveLeft), "a|\nb");
}

TEST(LineBuffer, MovesByWordsAndLines) {
  EXPECT_EQ(After("SELECT a.b|", &LineBuffer::MoveWordLeft), "SELECT a.|b");
  EXPECT_EQ(After("a, |", &LineBuffer::MoveWordLeft), "|a, ");
  EXPECT_EQ(After("|  ab cd", &LineBuffer::MoveWordRight), "  ab| cd");
  EXPECT_EQ(After("ab\ncd|\nef", &LineBuffer::MoveHome), "ab\n|cd\nef");
  EXPECT_EQ(After("ab\n|cd\nef", &LineBuffer::MoveEnd), "ab\ncd|\nef");
  LineBuffer buffer = Made("abcd\nx\nlo|ng");
  EXPECT_TRUE(buffer.MoveUp());
  EXPECT_EQ(Shown(buffer), "abcd\nx|\nlong");
  EXPECT_TRUE(buffer.MoveUp());
  EXPECT_EQ(Shown(buffer), "a|bcd\nx\nlong");
  EXPECT_FALSE(buffer.MoveUp());
  EXPECT_TRUE(buffer.MoveDown());
  EXPECT_TRUE(buffer.MoveDown());
  EXPECT_FALSE(buffer.MoveDown());
}

TEST(LineBuffer, DeletesAndYanks) {
  EXPECT_EQ(After("ab|c", &LineBuffer::DeleteLeft), "a|c");
  EXPECT_EQ(After("e\u0301|", &LineBuffer::DeleteLeft), "|");
  EXPECT_EQ(After("ab|c", &LineBuffer::DeleteRight), "ab|");
  EXPECT_EQ(After("ab|", &LineBuffer::DeleteRight), "ab|");
  EXPECT_EQ(After("SELECT abc|", &LineBuffer::DeleteWordLeft), "SELECT |");
  EXPECT_EQ(After("a|b\ncd", &LineBuffer::KillToEnd), "a|\ncd");
  EXPECT_EQ(After("ab|\ncd", &LineBuffer::KillToEnd), "ab|cd");
  EXPECT_EQ(After("ab\nc|d", &LineBuffer::KillToBegin), "ab\n|d");
  EXPECT_EQ(After("ab|", &LineBuffer::Transpose), "ba|");
  EXPECT_EQ(After("a|bc", &LineBuffer::Transpose), "ba|c");
  EXPECT_EQ(After("|", &LineBuffer::Transpose), "|");
  EXPECT_EQ(After("a|", &LineBuffer::Transpose), "a|");
  LineBuffer buffer = Made("one two|");
  buffer.DeleteWordLeft();
  buffer.MoveHome();
  buffer.Yank();
  EXPECT_EQ(Shown(buffer), "two|one ");
  buffer.ReplaceBefore(1, "X");
  EXPECT_EQ(Shown(buffer), "tX|one ");
}

}  // namespace
}  // namespace sumac::cli
