#include "server/http/acceleration_refresh_request.h"

#include <gtest/gtest.h>

namespace sumac::server {
namespace {

using spicepod::RefreshMode;

std::string ErrorOf(const std::string& body) {
  const auto overrides = ParseAccelerationRefresh(body);
  if (overrides) return "none";
  EXPECT_EQ(overrides.error().code, ErrorCode::kInvalidArgument);
  return overrides.error().message;
}

TEST(ParseAccelerationRefresh, MayAskForNothing) {
  for (const char* body : {"", " \n", "{}", "null",
                           R"({"refresh_sql":null,"refresh_mode":null,"refresh_jitter_max":null})",
                           R"({"refresh_jitter_max":"1m 30s"})"}) {
    const auto overrides = ParseAccelerationRefresh(body);
    ASSERT_TRUE(overrides.has_value()) << body << overrides.error().message;
    EXPECT_FALSE(overrides->refresh_sql.has_value());
    EXPECT_FALSE(overrides->refresh_mode.has_value());
  }
}

TEST(ParseAccelerationRefresh, TakesSqlAndMode) {
  const auto overrides = ParseAccelerationRefresh(
      R"({"refresh_sql": "SELECT * FROM users WHERE name = 'a\"b'", "refresh_mode": "append"})");
  ASSERT_TRUE(overrides.has_value());
  EXPECT_EQ(overrides->refresh_sql, "SELECT * FROM users WHERE name = 'a\"b'");
  EXPECT_EQ(overrides->refresh_mode, RefreshMode::kAppend);
  EXPECT_EQ(ParseAccelerationRefresh(R"({"refresh_mode":"full"})")->refresh_mode,
            RefreshMode::kFull);
}

TEST(ParseAccelerationRefresh, NamesWhatIsWrong) {
  EXPECT_EQ(ErrorOf(R"({"refresh_modes":"full"})"),
            "A refresh takes no \"refresh_modes\"; did you mean \"refresh_mode\"?");
  EXPECT_EQ(ErrorOf(R"({"x":1})"),
            "A refresh takes no \"x\"; it takes refresh_sql, refresh_mode and "
            "refresh_jitter_max.");
  EXPECT_EQ(ErrorOf(R"({"refresh_sql":7})"), "refresh_sql is not a string.");
  EXPECT_EQ(ErrorOf(R"({"refresh_sql":" "})"), "refresh_sql is empty.");
  EXPECT_EQ(ErrorOf(R"({"refresh_mode":"changes"})"),
            "refresh_mode takes \"full\" or \"append\", not \"changes\".");
  EXPECT_EQ(ErrorOf(R"({"refresh_jitter_max":"soon"})"),
            "refresh_jitter_max takes a duration such as 10s, not \"soon\".");
  EXPECT_EQ(ErrorOf("[]"), "Invalid JSON: the body is not an object");
  EXPECT_EQ(ErrorOf("refresh_mode=full").substr(0, 14), "Invalid JSON: ");
  EXPECT_EQ(ErrorOf("{\"refresh_sql\":\"" + std::string((1 << 20) + 1, 'x') + "\"}"),
            "refresh_sql is longer than 1048576 bytes.");
}

}  // namespace
}  // namespace sumac::server
