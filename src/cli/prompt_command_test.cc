#include "cli/prompt_command.h"

#include <gtest/gtest.h>

namespace sumac::cli {
namespace {

using Kind = PromptCommand::Kind;

TEST(PromptCommand, KnowsWhatIsNoSql) {
  const struct {
    const char* line;
    Kind kind;
    const char* argument;
  } cases[] = {
      {"", Kind::kNothing, ""},
      {" \t", Kind::kNothing, ""},
      {"exit;", Kind::kLeave, ""},
      {"\\q", Kind::kLeave, ""},
      {" \\? ", Kind::kHelp, ""},
      {"\\d", Kind::kTables, ""},
      {"\\dt;", Kind::kTables, ""},
      {"\\d  users", Kind::kDescribe, "users"},
      {"\\d sales.orders;", Kind::kDescribe, "sales.orders"},
      {"\\timing", Kind::kTiming, ""},
      {"\\x", Kind::kExpanded, ""},
      {".mode", Kind::kMode, ""},
      {".mode csv", Kind::kMode, "csv"},
      {".clear history", Kind::kForgetHistory, ""},
      {".nothing", Kind::kUnknown, ".nothing"},
      {"\\copy a b", Kind::kUnknown, "\\copy a b"},
      {"SELECT 1;", Kind::kSql, ""},
      {"quit now", Kind::kSql, ""},
      {";", Kind::kSql, ""},
  };
  for (const auto& [line, kind, argument] : cases) {
    const auto command = ReadPromptCommand(line);
    EXPECT_EQ(command.kind, kind) << line;
    EXPECT_EQ(command.argument, argument) << line;
  }
}

TEST(PromptCommand, QuotesTables) {
  EXPECT_EQ(DescribeStatement("users"), "DESCRIBE \"users\"");
  EXPECT_EQ(DescribeStatement("sales.my orders"), "DESCRIBE \"sales\".\"my orders\"");
  EXPECT_EQ(DescribeStatement("\"a.b\""), "DESCRIBE \"a.b\"");
}

}  // namespace
}  // namespace sumac::cli
