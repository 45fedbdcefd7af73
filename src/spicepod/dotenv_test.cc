#include "spicepod/dotenv.h"

#include <gtest/gtest.h>

namespace sumac::spicepod {
namespace {

using Variables = std::map<std::string, std::string>;

TEST(DotenvTest, ReadsLines) {
  const std::pair<std::string, Variables> cases[] = {
      {"", {}},
      {"\n\n# comment\n", {}},
      {"A=1", {{"A", "1"}}},
      {"A=1\nB=2\n", {{"A", "1"}, {"B", "2"}}},
      {"\xef\xbb\xbf"
       "A=1\r\nB=2\r\n",
       {{"A", "1"}, {"B", "2"}}},
      {"  export A = x y  # c\n", {{"A", "x y"}}},
      {"A=x#y", {{"A", "x#y"}}},
      {"A=", {{"A", ""}}},
      {"A=# c", {{"A", ""}}},
      {"A='x # \\n y'", {{"A", "x # \\n y"}}},
      {"A=\"a\\nb\\t\\\"c\\\" \\$d \\\\ \\z\" # c", {{"A", "a\nb\t\"c\" $d \\ \\z"}}},
      {"A=a=b==", {{"A", "a=b=="}}},
      {"A=1\nA=2", {{"A", "2"}}},
      {"a.b-c_D9=1", {{"a.b-c_D9", "1"}}},
      {"A=naïve 東京", {{"A", "naïve 東京"}}},
      {"A=\"\"", {{"A", ""}}},
  };
  for (const auto& [text, expected] : cases) {
    const auto variables = ParseDotenv(text, ".env");
    ASSERT_TRUE(variables) << variables.error().message;
    EXPECT_EQ(*variables, expected) << text;
  }
}

TEST(DotenvTest, KeepsTheLinesOfAQuotedValue) {
  const auto variables = ParseDotenv("A=\"one\ntwo\"\nB='x\ny'\nC=3\n", ".env");
  ASSERT_TRUE(variables);
  EXPECT_EQ(*variables, (Variables{{"A", "one\ntwo"}, {"B", "x\ny"}, {"C", "3"}}));
}

TEST(DotenvTest, SaysWhereItIsWrong) {
  const std::pair<std::string, std::string> cases[] = {
      {"A", ".env:1: this is not NAME=value"},
      {"=x", ".env:1: this is not NAME=value"},
      {"1A=x", ".env:1: this is not NAME=value"},
      {"A=1\nB C=2", ".env:2: this is not NAME=value"},
      {"A='x", ".env:1: a quote is not closed"},
      {"A=\"x", ".env:1: a quote is not closed"},
      {"A=1\nB='x'y", ".env:2: there is something after the closing quote"},
      // Lines inside a quoted value count.
      {"A='1\n2'\nB", ".env:3: this is not NAME=value"},
  };
  for (const auto& [text, message] : cases) {
    const auto variables = ParseDotenv(text, ".env");
    ASSERT_FALSE(variables) << text;
    EXPECT_EQ(variables.error().message, message) << text;
  }
}

}  // namespace
}  // namespace sumac::spicepod
