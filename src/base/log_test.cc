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

}  // namespace
}  // namespace sumac
