#include "base/log.h"

#include <gtest/gtest.h>

namespace sumac {
namespace {

TEST(LogTest, LevelsHaveNames) {
  EXPECT_EQ(ParseLogLevel("error"), LogLevel::kError);
  EXPECT_EQ(ParseLogLevel("warn"), LogLevel::kWarning);
  EXPECT_EQ(ParseLogLevel("info"), LogLevel::kInfo);
  EXPECT_EQ(ParseLogLevel("debug"), LogLevel::kDebug);
  EXPECT_EQ(ParseLogLevel("trace"), LogLevel::kTrace);
  for (const char* text : {"", "warning", "ERROR", " info", "info ", "off", "verbose", "0"}) {
    EXPECT_EQ(ParseLogLevel(text), std::nullopt) << text;
  }
}

TEST(LogTest, ALineOfJson) {
  EXPECT_EQ(JsonLogLine("T", "info", "said \"yes\"\n"),
            R"({"time":"T","level":"info","message":"said \"yes\"\n"})");
  EXPECT_EQ(JsonLogLine("T", "info", "m\x1e,\"a\":1"),
            R"({"time":"T","level":"info","message":"m","a":1})");
}

TEST(LogTest, FieldsAreMembersOfJsonAndTextElsewhere) {
  const LogFields fields = {{"ms", "12"},    {"half", "0.5"},  {"id", "a\"b"},
                            {"hex", "00ff"}, {"zeros", "007"}, {"trail", "1."}};
  InitializeLog(LogLevel::kInfo, LogStyle::kJson);
  testing::internal::CaptureStderr();
  LogWithFields(LogLevel::kDebug, "not this", {});
  LogWithFields(LogLevel::kInfo, "it", fields);
  const std::string json = testing::internal::GetCapturedStderr();
  EXPECT_EQ(json.substr(json.find("\"level\"")),
            R"("level":"info","message":"it","ms":12,"half":0.5,"id":"a\"b","hex":"00ff",)"
            R"("zeros":"007","trail":"1."})"
            "\n");
  InitializeLog(LogLevel::kInfo, LogStyle::kPlain);
  testing::internal::CaptureStderr();
  LogWithFields(LogLevel::kInfo, "it", {{"a", "1"}, {"b", "x"}});
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "info: it (a=1, b=x)\n");
}

}  // namespace
}  // namespace sumac
