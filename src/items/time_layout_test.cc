#include "items/time_layout.h"

#include <map>
#include <random>

#include <duckdb.hpp>
#include <gtest/gtest.h>

namespace sumac::items {
namespace {

constexpr auto kNone = std::nullopt;
constexpr int64_t kSecond = 1'000'000;
constexpr int64_t kHour = 3600 * kSecond;
// 2024-01-15 10:00:00 as `date -u +%s` has it.
constexpr int64_t kTen = 1'705'312'800 * kSecond;
constexpr char kIso[] = "2006-01-02T15:04:05.000Z07:00";

struct ReadCase {
  const char* layout;
  const char* text;
  std::optional<int64_t> microseconds;
};

const ReadCase kReads[] = {
    {kIso, "2024-01-15T10:00:00.000Z", kTen},
    {kIso, "2024-01-15T10:00:00.123Z", kTen + 123'000},
    {kIso, "2024-01-15T10:00:00.123+00:00", kTen + 123'000},
    {kIso, "2024-01-15T15:30:00.000+05:30", kTen},
    {kIso, "2024-01-15T02:00:00.000-08:00", kTen},
    // An hour of another day, and of another year.
    {kIso, "2023-12-31T23:30:00.000-01:00", 1'704'069'000 * kSecond},
    {kIso, "1970-01-01T00:00:00.000Z", 0},
    {kIso, "1969-12-31T23:59:59.999Z", -1'000},
    {kIso, "0000-01-01T00:00:00.000Z", -62'167'219'200 * kSecond},
    {kIso, "9999-12-31T23:59:59.999Z", 253'402'300'799 * kSecond + 999'000},
    {kIso, "9999-12-31T23:59:59.999-23:59", 253'402'387'139 * kSecond + 999'000},
    {kIso, "2024-01-15T10:00:00Z", kNone},
    {kIso, "2024-01-15T10:00:00.12Z", kNone},
    {kIso, "2024-01-15T10:00:00.1234Z", kNone},
    {kIso, "2024-01-15T10:00:00,123Z", kNone},
    {kIso, "2024-01-15T10:00:00.123", kNone},
    {kIso, "2024-01-15T10:00:00.123z", kNone},
    {kIso, "2024-01-15T10:00:00.123ZZ", kNone},
    {kIso, "2024-01-15T10:00:00.123Z ", kNone},
    {kIso, " 2024-01-15T10:00:00.123Z", kNone},
    {kIso, "2024-01-15 10:00:00.123Z", kNone},
    {kIso, "2024-01-15T10:00:00.123+0000", kNone},
    {kIso, "2024-01-15T10:00:00.123+24:00", kNone},
    {kIso, "2024-01-15T10:00:00.123+05:60", kNone},
    {kIso, "2024-01-15T24:00:00.000Z", kNone},
    {kIso, "2024-01-15T23:60:00.000Z", kNone},
    {kIso, "2024-01-15T23:59:60.000Z", kNone},
    {kIso, "2024-00-15T10:00:00.000Z", kNone},
    {kIso, "2024-13-15T10:00:00.000Z", kNone},
    {kIso, "2024-01-00T10:00:00.000Z", kNone},
    {kIso, "2024-01-32T10:00:00.000Z", kNone},
    {kIso, "2024-1-15T10:00:00.000Z", kNone},
    {kIso, "+024-01-15T10:00:00.000Z", kNone},
    {kIso, "-024-01-15T10:00:00.000Z", kNone},
    {kIso, "12024-01-15T10:00:00.000Z", kNone},
    {kIso, "", kNone},
    {"2006-01-02", "2024-02-29", 1'709'164'800 * kSecond},
    {"2006-01-02", "2023-02-29", kNone},
    {"2006-01-02", "2024-02-30", kNone},
    {"2006-01-02", "1900-02-29", kNone},
    {"2006-01-02", "2000-02-29", 951'782'400 * kSecond},
    {"2006-01-02", "2024-04-31", kNone},
    {"2006-01-02T15:04:05Z", "2024-01-15T10:00:00Z", kTen},
    {"2006-01-02T15:04:05Z", "2024-01-15T10:00:00", kNone},
    {"20060102T150405Z0700", "20240115T100000Z", kTen},
    {"20060102T150405Z0700", "20240115T120000+0200", kTen},
    {"20060102150405", "20240115100000", kTen},
    {"2006-01-02 15:04:05.999", "2024-01-15 10:00:00", kTen},
    {"2006-01-02 15:04:05.999", "2024-01-15 10:00:00.5", kTen + 500'000},
    {"2006-01-02 15:04:05.999", "2024-01-15 10:00:00.500", kTen + 500'000},
    {"2006-01-02 15:04:05.999", "2024-01-15 10:00:00.5000", kNone},
    {"2006-01-02 15:04:05.999", "2024-01-15 10:00:00.", kNone},
    {"2006-01-02 15:04:05,000", "2024-01-15 10:00:00,250", kTen + 250'000},
    {"2006-01-02 15:04:05,000", "2024-01-15 10:00:00.250", kNone},
    {"2006-01-02 15:04:05.000000000", "2024-01-15 10:00:00.123456000", kTen + 123'456},
    {"2006-01-02 15:04:05.000000000", "2024-01-15 10:00:00.123456700", kNone},
    {"2006-01-02 15:04:05.999999999", "2024-01-15 10:00:00.000000001", kNone},
    {"2006-01-02 15:04:05 -07:00", "2024-01-15 10:00:00 +00:00", kTen},
    {"2006-01-02 15:04:05 -07:00", "2024-01-15 10:00:00 -00:00", kTen},
    {"2006-01-02 15:04:05 -07:00", "2024-01-15 10:00:00 Z", kNone},
    {"2006-01-02 15:04:05 -0700", "2024-01-15 09:00:00 -0100", kTen},
    {"2006-01-02 15:04:05-07", "2024-01-15 11:00:00+01", kTen},
    {"2006-01-02 15:04:05-07", "2024-01-15 11:00:00+0100", kNone},
    {"2006-01-02 15:04:05Z07", "2024-01-15 10:00:00Z", kTen},
    {"2006-01-02 15:04:0507:00", "2024-01-15 11:00:00+01:00", kTen},
    {"2006-01-02 15:04:05 0700", "2024-01-15 11:00:00 +0100", kTen},
    {"2006-01-02 15:04:05 0700", "2024-01-15 11:00:00 0100", kNone},
    {"Mon, 02 Jan 2006 15:04:05 MST", "Mon, 15 Jan 2024 10:00:00 GMT", kTen},
    {"Mon, 02 Jan 2006 15:04:05 MST", "mon, 15 JAN 2024 10:00:00 UTC", kTen},
    {"Mon, 02 Jan 2006 15:04:05 MST", "Mon, 15 Jan 2024 10:00:00 Z", kTen},
    {"Mon, 02 Jan 2006 15:04:05 MST", "Mon, 15 Jan 2024 10:00:00 CET", kNone},
    {"Mon, 02 Jan 2006 15:04:05 MST", "Tue, 15 Jan 2024 10:00:00 GMT", kNone},
    {"Monday, January 2, 2006", "Thursday, February 29, 2024", 1'709'164'800 * kSecond},
    {"Monday, January 2, 2006", "Thursday, Feb 29, 2024", kNone},
    {"Monday, January 2, 2006", "Friday, February 29, 2024", kNone},
    {"Mon Jan _2 15:04:05 2006", "Mon Jan 15 10:00:00 2024", kTen},
    {"Mon Jan _2 15:04:05 2006", "Fri Mar  1 00:00:00 2024", 1'709'251'200 * kSecond},
    {"1/2/2006 3:04 PM", "1/15/2024 10:00 AM", kTen},
    {"1/2/2006 3:04 PM", "01/15/2024 10:00 PM", kTen + 12 * kHour},
    {"1/2/2006 3:04 PM", "1/15/2024 12:00 PM", kTen + 2 * kHour},
    {"1/2/2006 3:04 AM", "1/15/2024 12:00 AM", kTen - 10 * kHour},
    {"1/2/2006 3:04 PM", "1/15/2024 0:00 AM", kNone},
    {"1/2/2006 3:04 PM", "1/15/2024 13:00 PM", kNone},
    {"1/2/2006 3:04 PM", "1/15/2024 10:00 am", kNone},
    {"1/2/2006 3:04 pm", "1/15/2024 10:00 am", kTen},
    {"02.01.06", "15.01.24", kTen - 10 * kHour},
    {"02.01.06", "31.12.69", -86'400 * kSecond},
    {"02.01.06", "31.12.68", 3'124'137'600 * kSecond},
    {"2006-01-02 15", "2024-01-15 9", kNone},
    {"_2006(01)[02]'\"", "_2024(01)[15]'\"", kTen - 10 * kHour},
};

TEST(TimeLayout, ReadsExactlyWhatTheLayoutSays) {
  for (const auto& read : kReads) {
    SCOPED_TRACE(std::string(read.layout) + " <- " + read.text);
    const auto layout = TimeLayout::Parse(read.layout);
    ASSERT_TRUE(layout.has_value()) << layout.error().message;
    EXPECT_EQ(layout->ParseMicroseconds(read.text), read.microseconds);
  }
}

struct WrongCase {
  std::string layout;
  const char* part_of_message;
};

const WrongCase kWrong[] = {
    {"", "it is empty"},
    {"yyyy-MM-dd", "\"yyyy\" is no part of one, write 2006"},
    {"2006-MM-dd", "\"MM\" is no part of one, write 01"},
    {"2006-01-02 HH:mm", "\"HH\" is no part of one, write 15"},
    {"2006-01-02T15:04:05.SSS", "\"SSS\" is no part of one, write 000"},
    {"%Y-%m-%d", "\"%\" is no part of one"},
    {"2024-01-15", "\"2024\" is no part of one"},
    {"2006-01-02T24:04", "\"24\" is no part of one, write 15"},
    {"2006-01-02 15:04:05 UTC", "\"UTC\" is no part of one, write MST"},
    {"2006-01-02T15:04:05.000Z", nullptr},
    {"2006-01-02T15:04:05.0000000000", "\"0000000000\" is no part of one"},
    {"2006-01-02T15:04:05.009", "\"009\" is no part of one"},
    {"2006-01-02T15:04.000", "\"000\" is no part of one"},
    {"Month 2 2006", "\"Month\" is no part of one"},
    {"Thursday 2 Jan 2006", "\"Thursday\" is no part of one"},
    {"2006-01-02\n15", "\"\\n\" is no part of one"},
    {"2006\xe5\xb9\xb4"
     "01",
     "\"\xe5\xb9\xb4\" is no part of one"},
    {"2006 002", "\"002\" is no part of one"},
    {"2006", "it has no month (01)"},
    {"01-02", "it has no year (2006)"},
    {"2006-01", "it has no day (02)"},
    {"15:04:05", "it has no year (2006)"},
    {"2006-01-02 06", "\"06\" is a second year"},
    {"2006-01-02 Jan", "\"Jan\" is a second month"},
    {"2006-01-02 15:04:05 -07:00 MST", "\"MST\" is a second zone"},
    {"2006-01-02 15:04:05Z -07:00", "\"-07:00\" is a second zone"},
    {"2006-01-02 03:04", "need PM"},
    {"2006-01-02 15:04 PM", "PM needs hours of 12"},
    {"2006-01-02 :04", "minutes need an hour"},
    {"2006-01-02 15::05", "seconds need minutes"},
    {"2006-01-02T15:04:05+07:00", "brings its sign with it"},
    {"200612", "\"2\" stands right behind a number"},
    {"2006 1_2", "\"_2\" stands right behind a number"},
    {std::string(TimeLayout::kLayoutBytesMax - 9, ' ') + "2006-01-02", "200 are allowed"},
};

TEST(TimeLayout, SaysWhichPartIsWrongAndHowARightOneLooks) {
  for (const auto& wrong : kWrong) {
    SCOPED_TRACE(wrong.layout);
    const auto layout = TimeLayout::Parse(wrong.layout);
    ASSERT_EQ(layout.has_value(), wrong.part_of_message == nullptr);
    if (layout.has_value()) continue;
    EXPECT_EQ(layout.error().code, ErrorCode::kInvalidArgument);
    const auto& message = layout.error().message;
    EXPECT_NE(message.find(wrong.part_of_message), std::string::npos) << message;
    EXPECT_NE(message.find("2006-01-02T15:04:05.000Z07:00"), std::string::npos) << message;
    EXPECT_EQ(message.find('\n'), std::string::npos) << message;
  }
  EXPECT_TRUE(TimeLayout::Parse(std::string(TimeLayout::kLayoutBytesMax - 10, ' ') + "2006-01-02"));
}

struct FactCase {
  const char* layout;
  bool has_zone;
  bool has_time;
  bool canonical;
  const char* ten;  // what Format makes of kTen
};

const FactCase kFacts[] = {
    {kIso, true, true, true, "2024-01-15T10:00:00.000Z"},
    {"2006-01-02T15:04:05Z", true, true, true, "2024-01-15T10:00:00Z"},
    {"2006-01-02 15:04:05", false, true, true, "2024-01-15 10:00:00"},
    {"2006-01-02", false, false, true, "2024-01-15"},
    {"2006/01/02T15Z0700", true, true, true, "2024/01/15T10Z"},
    {"20060102T150405Z07", true, true, true, "20240115T100000Z"},
    {"2006-01-02T15:04:05.999Z07:00", true, true, false, "2024-01-15T10:00:00Z"},
    {"2006-01-02T15:04:05-07:00", true, true, false, "2024-01-15T10:00:00+00:00"},
    {"2006-01-02T15:04:05-0700", true, true, false, "2024-01-15T10:00:00+0000"},
    {"2006-01-02T15:04:05 MST", true, true, false, "2024-01-15T10:00:00 UTC"},
    {"2006-1-02", false, false, false, "2024-1-15"},
    {"2006-01-2", false, false, false, "2024-01-15"},
    {"06-01-02", false, false, false, "24-01-15"},
    {"02/01/2006", false, false, false, "15/01/2024"},
    {"2006-02-01", false, false, false, "2024-15-01"},
    {"2006 Jan 02", false, false, false, "2024 Jan 15"},
    {"Mon 2006-01-02", false, false, false, "Mon 2024-01-15"},
    {"2006-01-02 03:04PM", false, true, false, "2024-01-15 10:00AM"},
    {"2006-01-02 05:04:15", false, true, false, "2024-01-15 00:00:10"},
    {"Mon Jan _2 3:4:5 pm 2006", false, true, false, "Mon Jan 15 10:0:0 am 2024"},
};

TEST(TimeLayout, KnowsWhatItsValuesAre) {
  for (const auto& fact : kFacts) {
    SCOPED_TRACE(fact.layout);
    const auto layout = TimeLayout::Parse(fact.layout);
    ASSERT_TRUE(layout.has_value()) << layout.error().message;
    EXPECT_EQ(layout->has_zone(), fact.has_zone);
    EXPECT_EQ(layout->has_time(), fact.has_time);
    EXPECT_EQ(layout->CanonicalUtc(), fact.canonical);
    EXPECT_EQ(layout->Format(kTen), fact.ten);
  }
}

// Layouts and the microseconds that they tell apart.
const std::pair<const char*, int64_t> kPrecisions[] = {
    {"2006-01-02T15:04:05.000000Z07:00", 1},
    {"2006-01-02 15:04:05.999999", 1},
    {"2006-01-02 15:04:05,000000000-0700", 1},
    {"Monday, _2 January 2006 3:4:5.999999999 PM MST", 1},
    {kIso, 1'000},
    {"20060102150405", kSecond},
    {"Mon, 2 Jan 2006 03:04:05 am -07", kSecond},
    {"1/2/2006 15:4", 60 * kSecond},
    {"2006-01-02 15Z07", kHour},
    {"2006-01-02", 24 * kHour},
};

int64_t Floor(int64_t value, int64_t unit) {
  const int64_t rest = value % unit;
  return value - (rest < 0 ? rest + unit : rest);
}

TEST(TimeLayout, ReadsBackWhatItWroteAndKeepsTheOrder) {
  const auto seed = std::random_device()();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 random(seed);
  const int64_t first = -62'167'219'200 * kSecond;
  std::uniform_int_distribution<int64_t> any(first, 253'402'300'799 * kSecond);
  std::uniform_int_distribution<int64_t> recent(-200 * kHour, 200 * kHour);
  for (const auto& [text, unit] : kPrecisions) {
    SCOPED_TRACE(text);
    const auto layout = TimeLayout::Parse(text);
    ASSERT_TRUE(layout.has_value()) << layout.error().message;
    int64_t last = first;
    std::string last_text = layout->Format(first);
    for (int i = 0; i < 500; ++i) {
      const int64_t value = i % 2 == 0 ? any(random) : recent(random);
      const std::string written = layout->Format(value);
      ASSERT_EQ(layout->ParseMicroseconds(written), Floor(value, unit)) << written;
      // DuckDB's calendar is another implementation of the same.
      const auto day = duckdb::Timestamp::ToString(duckdb::timestamp_t(value)).substr(0, 10);
      if (unit == 24 * kHour && value > 0) {
        ASSERT_EQ(written, day);
      }
      if (!layout->CanonicalUtc()) continue;
      ASSERT_EQ(written < last_text, Floor(value, unit) < Floor(last, unit)) << written;
      last = value;
      last_text = written;
    }
  }
}

TEST(TimeLayout, WritesAndReadsAnythingWithoutHarm) {
  const auto layout = TimeLayout::Parse("Mon, 02 Jan 2006 15:04:05.000000 Z07:00");
  EXPECT_EQ(layout->Format(INT64_MAX), "Sun, 10 Jan 294247 04:00:54.775807 Z");
  EXPECT_EQ(layout->Format(INT64_MIN), "Sun, 21 Dec -290308 19:59:05.224192 Z");
  const auto seed = std::random_device()();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 random(seed);
  const std::string written = layout->Format(kTen);
  for (int i = 0; i < 2'000; ++i) {
    std::string text = written.substr(0, random() % (written.size() + 1));
    if (!text.empty()) text[random() % text.size()] = static_cast<char>(random());
    const auto value = layout->ParseMicroseconds(text);
    if (value.has_value()) {
      EXPECT_EQ(layout->ParseMicroseconds(layout->Format(*value)), value) << text;
    }
  }
}

TEST(ParseIsoDate, IsStrict) {
  const std::map<std::string, std::optional<int32_t>> cases = {
      {"1970-01-01", 0},        {"1969-12-31", -1},        {"2024-02-29", 19'782},
      {"0000-01-01", -719'528}, {"9999-12-31", 2'932'896}, {"2023-02-29", kNone},
      {"2024-1-01", kNone},     {"2024-01-1", kNone},      {"2024-13-01", kNone},
      {"2024-00-01", kNone},    {"2024-01-00", kNone},     {"2024-01-01 ", kNone},
      {" 2024-01-01", kNone},   {"20240101", kNone},       {"12024-01-01", kNone},
      {"-024-01-01", kNone},    {"2024/01/01", kNone},     {"", kNone},
  };
  for (const auto& [text, days] : cases) {
    SCOPED_TRACE(text);
    EXPECT_EQ(ParseIsoDate(text), days);
  }
}

}  // namespace
}  // namespace sumac::items
