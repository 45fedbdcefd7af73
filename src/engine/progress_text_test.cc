#include "engine/progress_text.h"

#include <gtest/gtest.h>

namespace sumac::engine {
namespace {

using std::chrono::milliseconds;

TEST(ProgressText, AmountsHaveThreeDigitsAtMost) {
  const std::pair<double, const char*> cases[] = {
      {0, "0"},          {0.9, "0"},        {999, "999"},        {999.9, "999"},
      {1'000, "1.0k"},   {12'345, "12.3k"}, {99'949, "99.9k"},   {99'951, "100k"},
      {123'456, "123k"}, {999'400, "999k"}, {999'600, "1.0M"},   {45'678'901, "45.7M"},
      {7.89e9, "7.9G"},  {2e12, "2.0T"},    {3.456e15, "3456T"},
  };
  for (const auto& [number, text] : cases) EXPECT_EQ(ShortText(number), text) << number;
}

TEST(ProgressText, Bytes) {
  EXPECT_EQ(BytesText(0), "0 B");
  EXPECT_EQ(BytesText(999), "999 B");
  EXPECT_EQ(BytesText(345'678'901), "346 MB");
}

TEST(ProgressText, Thousands) {
  const std::pair<uint64_t, const char*> cases[] = {
      {0, "0"}, {999, "999"}, {1'000, "1,000"}, {12'345'678, "12,345,678"}};
  for (const auto& [number, text] : cases) EXPECT_EQ(ThousandsText(number), text);
}

TEST(ProgressText, Units) {
  const std::pair<double, const char*> cases[] = {{0, "0"},          {0.5, "0.5"},   {1, "1"},
                                                  {49.51, "49.5"},   {99.5, "99.5"}, {128.4, "128"},
                                                  {16'384, "16,384"}};
  for (const auto& [units, text] : cases) EXPECT_EQ(UnitsText(units), text);
}

TEST(ProgressText, Dollars) {
  const std::pair<double, const char*> cases[] = {
      {0, "$0"},          {1e-13, "$0"},      {6.3e-8, "$0.000000063"},
      {0.0164, "$0.016"}, {0.125, "$0.12"},   {0.995, "$0.99"},
      {1, "$1.00"},       {12.345, "$12.35"}, {1'234.5, "$1234.50"}};
  for (const auto& [dollars, text] : cases) EXPECT_EQ(DollarsText(dollars), text) << dollars;
}

TEST(ProgressText, Durations) {
  const std::pair<int64_t, const char*> cases[] = {
      {0, "0ms"},
      {999, "999ms"},
      {1'000, "1s"},
      {1'500, "1.5s"},
      {9'999, "9.9s"},
      {30'000, "30s"},
      {59'999, "59s"},
      {60'000, "1m"},
      {80'000, "1m 20s"},
      {3'600'000, "1h"},
      {7'500'000, "2h 5m"},
      {86'400'000, "1d"},
      {273'600'000, "3d 4h"},
  };
  for (const auto& [ms, text] : cases) EXPECT_EQ(DurationText(milliseconds(ms)), text) << ms;
}

TEST(ProgressText, CostNamesTroubleOnlyWhenThereWasSome) {
  dynamodb::ScanStatistics statistics;
  statistics.items_scanned = 12'345;
  statistics.bytes = 6'700'000;
  statistics.consumed_read_units = 817.5;
  EXPECT_EQ(CostText(statistics), "12,345 items, 6.7 MB, 818 RCU");
  statistics.throttles_of_key_range = 3;
  statistics.throttles_of_table = 4;
  statistics.capacity_wait = milliseconds(12'000);
  EXPECT_EQ(CostText(statistics),
            "12,345 items, 6.7 MB, 818 RCU, 7 throttles, waited 12s for read capacity");
}

TEST(AgeText, IsInWholeSeconds) {
  EXPECT_EQ(AgeText(std::chrono::milliseconds(0)), "0s");
  EXPECT_EQ(AgeText(std::chrono::milliseconds(1'999)), "1s");
  EXPECT_EQ(AgeText(std::chrono::seconds(7'500)), "2h 5m");
}

TEST(LoggedBytesText, HasTwoDecimals) {
  EXPECT_EQ(LoggedBytesText(1'023), "1023 B");
  EXPECT_EQ(LoggedBytesText(3'328), "3.25 kiB");
  EXPECT_EQ(LoggedBytesText(128 << 20), "128.00 MiB");
}

}  // namespace
}  // namespace sumac::engine
