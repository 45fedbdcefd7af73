#include "aws/credentials/command_words.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sumac::aws {
namespace {

using testing::HasSubstr;
using testing::Not;
using Words = std::vector<std::string>;

TEST(CommandWordsTest, AreSplitAsAShellWould) {
  struct Case {
    std::string text;
    Words words;
  };
  const Case cases[] = {
      {"/bin/p", {"/bin/p"}},
      {"  p \t a\nb\r\n ", {"p", "a", "b"}},
      {"p 'a b' \"c d\"", {"p", "a b", "c d"}},
      {"p a'b c'd\"e f\"g", {"p", "ab cde fg"}},
      {"p '' \"\" x", {"p", "", "", "x"}},
      {"''", {""}},
      {R"(p a\ b \' \" \\ \n)", {"p", "a b", "'", "\"", "\\", "n"}},
      {R"(p 'a\nb\' "a\"b\\c\d")", {"p", R"(a\nb\)", R"(a"b\c\d)"}},
      {"p \"it's\" 'say \"hi\"'", {"p", "it's", "say \"hi\""}},
      {"p 'a\nb'", {"p", "a\nb"}},
      {R"(p 'a\"b\\c')", {"p", R"(a\"b\\c)"}},
      {R"(p \ a)", {"p", " a"}},
      {"\"C:\\Program Files\\p.exe\" x", {"C:\\Program Files\\p.exe", "x"}},
      {"p --n=\xc3\xbc", {"p", "--n=\xc3\xbc"}},
      // Nothing is expanded and nothing else is run.
      {"p $HOME ~ * `id` $(id) a|b; c && d > e",
       {"p", "$HOME", "~", "*", "`id`", "$(id)", "a|b;", "c", "&&", "d", ">", "e"}},
      {"p \"$HOME\" # x", {"p", "$HOME", "#", "x"}},
  };
  for (const auto& [text, words] : cases) {
    const auto split = SplitCommandWords(text);
    ASSERT_TRUE(split) << text << ": " << split.error().message;
    EXPECT_EQ(*split, words) << text;
  }
}

TEST(CommandWordsTest, SayWhatIsWrong) {
  struct Case {
    std::string text;
    std::string message;
  };
  for (const auto& [text, message] :
       {Case{"", "is empty"}, Case{" \t\n", "is empty"}, Case{"p 'hunter2", "not closed"},
        Case{"p \"hunter2", "not closed"}, Case{"p \"a\\\"", "not closed"},
        Case{"p '\"", "not closed"}, Case{"p \\", "ends with a backslash"},
        Case{"\\", "ends with a backslash"}, Case{"p \"a\\", "not closed"}}) {
    const auto split = SplitCommandWords(text);
    ASSERT_FALSE(split) << text;
    EXPECT_EQ(split.error().code, ErrorCode::kInvalidArgument) << text;
    EXPECT_THAT(split.error().message, HasSubstr(message)) << text;
    EXPECT_THAT(split.error().message, Not(HasSubstr("hunter2")));
  }
}

}  // namespace
}  // namespace sumac::aws
