#include "spicepod/value_text.h"

#include <gtest/gtest.h>

namespace sumac::spicepod {
namespace {

using std::chrono::nanoseconds;

TEST(ValueTextTest, Durations) {
  const std::pair<const char*, std::optional<nanoseconds>> cases[] = {
      {"10s", std::chrono::seconds(10)},
      {"1h30m", std::chrono::minutes(90)},
      {"500ms", std::chrono::milliseconds(500)},
      {"2 days", std::chrono::hours(48)},
      {"1w 1d", std::chrono::hours(8 * 24)},
      {"60", std::chrono::seconds(60)},
      {"1.5s", std::chrono::milliseconds(1'500)},
      {"0", nanoseconds(0)},
      {"7us", std::chrono::microseconds(7)},
      {"7ns", nanoseconds(7)},
      {"", std::nullopt},
      {"s", std::nullopt},
      {"-1s", std::nullopt},
      {"1 fortnight", std::nullopt},
      {"1h 30", std::nullopt},
      {"1e3s", std::nullopt},
      {"inf", std::nullopt},
      {"300000d", std::nullopt},
  };
  for (const auto& [text, expected] : cases) EXPECT_EQ(ParseDuration(text), expected) << text;
}

TEST(ValueTextTest, TimeLimits) {
  using std::chrono::milliseconds;
  const std::pair<const char*, std::optional<milliseconds>> cases[] = {
      {"30s", milliseconds(30'000)}, {"30", milliseconds(30'000)},
      {"1ms", milliseconds(1)},      {"365d", milliseconds(31'536'000'000)},
      {"0s", std::nullopt},          {"999us", std::nullopt},
      {"366d", std::nullopt},        {"soon", std::nullopt},
  };
  for (const auto& [text, expected] : cases) EXPECT_EQ(ParseTimeLimit(text), expected) << text;
}

TEST(ValueTextTest, ByteSizes) {
  const std::pair<const char*, std::optional<uint64_t>> cases[] = {
      {"4096", 4'096},
      {"128MiB", 128u << 20},
      {"1GB", 1'000'000'000},
      {"1.5 KiB", 1'536},
      {"0", 0},
      {"2kB", 2'000},
      {"1TiB", uint64_t{1} << 40},
      {"", std::nullopt},
      {"MiB", std::nullopt},
      {"-1", std::nullopt},
      {"1XB", std::nullopt},
      {"1 MiB x", std::nullopt},
      {"99999999999TiB", std::nullopt},
  };
  for (const auto& [text, expected] : cases) EXPECT_EQ(ParseByteSize(text), expected) << text;
}

TEST(ValueTextTest, BooleansAndIntegers) {
  EXPECT_EQ(ParseBoolean("true"), true);
  EXPECT_EQ(ParseBoolean("FALSE"), false);
  EXPECT_EQ(ParseBoolean("yes"), std::nullopt);
  EXPECT_EQ(ParseInteger("-7"), -7);
  EXPECT_EQ(ParseInteger("7x"), std::nullopt);
  EXPECT_EQ(ParseInteger("99999999999999999999"), std::nullopt);
  EXPECT_EQ(ParseInteger(""), std::nullopt);
}

}  // namespace
}  // namespace sumac::spicepod
