#include "cli/completion_script.h"

#include <gtest/gtest.h>

#include "cli/command_line.h"

namespace sumac::cli {
namespace {

// test/e2e/commands.test.mjs runs the script of bash; the others are not on every machine.
TEST(CompletionScript, HasWhatTheParserHas) {
  for (const char* shell : {"bash", "zsh", "fish"}) {
    const auto line = ParseCommandLine({"completion", shell});
    ASSERT_TRUE(line.has_value()) << line.error().message;
    const auto& script = std::get<PrintText>(line->command).text;
    for (const char* name : {"sql", "refresh-schema", "explain-requests", "table csv json jsonl",
                             "tls-root-certificate-file", "bash zsh fish"}) {
      EXPECT_NE(script.find(name), std::string::npos) << shell << " " << name;
    }
  }
}

TEST(CompletionScript, QuotesDescriptions) {
  const CompletedCommand program = {
      "sumac", "", {{{"-x"}, "The system's [x]: 1", ""}}, "", {{"run", "It's", {}, "PATH", {}}}};
  EXPECT_NE(CompletionScript(program, "fish")->find("-s x -d 'The system'\\''s [x]: 1'"),
            std::string::npos);
  EXPECT_NE(CompletionScript(program, "zsh")->find("'*-x[The system'\\''s \\[x\\]\\: 1]'"),
            std::string::npos);
}

TEST(CompletionScript, RefusesOtherShells) {
  const auto line = ParseCommandLine({"completion", "tcsh"});
  ASSERT_FALSE(line.has_value());
  EXPECT_EQ(line.error().message,
            "completion takes bash, zsh or fish, not 'tcsh'; see sumac completion --help");
}

}  // namespace
}  // namespace sumac::cli
