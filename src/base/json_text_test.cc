#include "base/json_text.h"

#include <gtest/gtest.h>

namespace sumac {
namespace {

std::string Quoted(std::string_view text) {
  std::string out;
  AppendJsonString(text, out);
  return out;
}

TEST(JsonText, EscapesWhatRfc8259Requires) {
  EXPECT_EQ(Quoted(""), R"("")");
  EXPECT_EQ(Quoted("plain"), R"("plain")");
  EXPECT_EQ(Quoted("a\"b\\c"), R"("a\"b\\c")");
  EXPECT_EQ(Quoted("\n\r\t"), R"("\n\r\t")");
  EXPECT_EQ(Quoted(std::string_view("\0\x1f", 2)), R"("\u0000\u001f")");
  EXPECT_EQ(Quoted("\x7f\xc3\xa9\xf0\x9f\x99\x82/"), "\"\x7f\xc3\xa9\xf0\x9f\x99\x82/\"");
}

}  // namespace
}  // namespace sumac
