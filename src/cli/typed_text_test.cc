#include "cli/typed_text.h"

#include <gtest/gtest.h>

namespace sumac::cli {
namespace {

// Statements in brackets, commands as what kind they are; '+' when more is to come.
std::string Read(const std::string& text) {
  const TypedText typed = ReadTypedText(text);
  std::string shown;
  for (const auto& step : typed.steps) {
    shown += step.command.kind == PromptCommand::Kind::kSql
                 ? "[" + step.statement + "]"
                 : std::to_string(static_cast<int>(step.command.kind)) + step.command.argument;
  }
  return shown + (typed.complete ? "" : "+");
}

std::string Kind(PromptCommand::Kind kind) {
  return std::to_string(static_cast<int>(kind));
}

TEST(TypedText, IsCompleteAtASemicolon) {
  EXPECT_EQ(Read(""), "");
  EXPECT_EQ(Read("  \n"), "");
  EXPECT_EQ(Read("SELECT 1"), "+");
  EXPECT_EQ(Read("SELECT 1;"), "[SELECT 1]");
  EXPECT_EQ(Read("SELECT\n\n1; -- x"), "[SELECT\n\n1]");
  EXPECT_EQ(Read("SELECT 1; SELECT 2"), "[SELECT 1]+");
  EXPECT_EQ(Read("SELECT 'a;\nb"), "+");
  EXPECT_EQ(Read("SELECT 1; /* open"), "[SELECT 1]+");
  EXPECT_EQ(Read("-- only this"), "");
}

TEST(TypedText, KnowsCommandsBetweenStatements) {
  EXPECT_EQ(Read("exit"), Kind(PromptCommand::Kind::kLeave));
  EXPECT_EQ(Read("SELECT 1;\n\\d users\nSELECT\n2;\nSELECT 3;"),
            "[SELECT 1]" + Kind(PromptCommand::Kind::kDescribe) + "users[SELECT\n2][SELECT 3]");
  // Within a statement it is a name.
  EXPECT_EQ(Read("SELECT\nhelp\n;"), "[SELECT\nhelp]");
  EXPECT_EQ(Read("SELECT 1; -- c\n/* d\n*/ \nhelp"),
            "[SELECT 1]" + Kind(PromptCommand::Kind::kHelp));
  EXPECT_EQ(Read("SELECT 1;\nhelp\nSELECT"), "[SELECT 1]" + Kind(PromptCommand::Kind::kHelp) + "+");
}

}  // namespace
}  // namespace sumac::cli
