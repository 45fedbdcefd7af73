#include "aws/timestamp.h"

#include <gtest/gtest.h>

#include "aws/signing_clock.h"

namespace sumac::aws {
namespace {

using std::chrono::seconds;

// Seconds since 1970; nothing for text that is no moment.
std::optional<int64_t> Seconds(std::optional<WallTime> time) {
  if (!time) return std::nullopt;
  return std::chrono::duration_cast<seconds>(time->time_since_epoch()).count();
}

struct Case {
  std::string text;
  std::optional<int64_t> expected;
};

TEST(TimestampTest, KeepsFractions) {
  const WallTime whole{seconds(1'795'546'184)};
  EXPECT_EQ(ParseTimestamp("2026-11-24T18:49:44.05Z"), whole + std::chrono::milliseconds(50));
  EXPECT_EQ(ParseTimestamp("2026-11-24T20:49:44.123456789012+02:00"),
            whole + std::chrono::nanoseconds(123'456'789));
}

TEST(TimestampTest, ReadsRfc3339) {
  constexpr int64_t k2200 = 7'258'118'400;
  const Case cases[] = {
      {"1970-01-01T00:00:00Z", 0},
      {"2026-11-24T18:49:44Z", 1'795'546'184},
      {"2026-11-24t18:49:44z", 1'795'546'184},
      {"2026-11-24 18:49:44Z", 1'795'546'184},
      {"2026-11-24T18:49:44.9Z", 1'795'546'184},
      {"2026-11-24T18:49:44.123456789012Z", 1'795'546'184},
      {"2026-11-24T18:49:44+00:00", 1'795'546'184},
      {"2026-11-24T20:49:44+02:00", 1'795'546'184},
      {"2026-11-24T13:19:44.5-05:30", 1'795'546'184},
      {"2024-02-29T00:00:00Z", 1'709'164'800},
      {"2000-02-29T00:00:00Z", 951'782'400},
      {"2016-12-31T23:59:60Z", 1'483'228'800},
      {"1969-12-31T23:59:59Z", -1},
      // Bounds, so that nothing overflows.
      {"9999-12-31T23:59:59Z", k2200},
      {"9999-12-31T23:59:59-23:59", k2200},
      {"2262-04-12T00:00:00Z", k2200},
      {"0001-01-01T00:00:00Z", -2'208'988'800},
      {"0000-01-01T00:00:00+23:59", -2'208'988'800},
      // No dates of the calendar.
      {"2026-02-29T00:00:00Z", std::nullopt},
      {"2100-02-29T00:00:00Z", std::nullopt},
      {"2026-04-31T00:00:00Z", std::nullopt},
      {"2026-00-01T00:00:00Z", std::nullopt},
      {"2026-13-01T00:00:00Z", std::nullopt},
      {"2026-01-00T00:00:00Z", std::nullopt},
      {"2026-01-32T00:00:00Z", std::nullopt},
      {"2026-01-01T24:00:00Z", std::nullopt},
      {"2026-01-01T00:60:00Z", std::nullopt},
      {"2026-01-01T00:00:61Z", std::nullopt},
      {"2026-01-01T00:00:00+24:00", std::nullopt},
      {"2026-01-01T00:00:00+00:60", std::nullopt},
      // Other forms.
      {"", std::nullopt},
      {"2026-11-24", std::nullopt},
      {"2026-11-24T18:49:44", std::nullopt},
      {"2026-11-24T18:49Z", std::nullopt},
      {"2026-11-24T18:49:44.Z", std::nullopt},
      {"2026-11-24T18:49:44.5", std::nullopt},
      {"2026-11-24T18:49:44,5Z", std::nullopt},
      {"2026-11-24T18:49:44ZZ", std::nullopt},
      {" 2026-11-24T18:49:44Z", std::nullopt},
      {"2026-11-24T18:49:44 Z", std::nullopt},
      {"2026-11-24T18:49:44+0200", std::nullopt},
      {"2026-11-24T18:49:44+2:00", std::nullopt},
      {"2026-11-24T18:49:44+", std::nullopt},
      {"20261124T184944Z", std::nullopt},
      {"-026-11-24T18:49:44Z", std::nullopt},
      {"2026--1-24T18:49:44Z", std::nullopt},
      {"2026-1-24T18:49:44Z", std::nullopt},
      {"02026-11-24T18:49:44Z", std::nullopt},
      {"2026/11/24T18:49:44Z", std::nullopt},
      {"1795546184", std::nullopt},
      {"tomorrow", std::nullopt},
  };
  for (const auto& [text, expected] : cases)
    EXPECT_EQ(Seconds(ParseTimestamp(text)), expected) << text;
  // Not every text ends with a NUL.
  EXPECT_FALSE(ParseTimestamp(std::string_view("2026-11-24T18:49:44Z").substr(0, 19)));
}

TEST(TimestampTest, ReadsHttpDates) {
  const Case cases[] = {
      {"Tue, 24 Nov 2026 18:49:44 GMT", 1'795'546'184},
      {"Thu, 01 Jan 1970 00:00:00 GMT", 0},
      {"Fri, 31 Dec 9999 23:59:59 GMT", 7'258'118'400},
      {"Tue, 24 Nov 2026 18:49:44", std::nullopt},
      {"Tue, 24 Nov 2026 18:49:44 GMT x", std::nullopt},
      {"2026-11-24T18:49:44Z", std::nullopt},
      {"", std::nullopt},
  };
  for (const auto& [text, expected] : cases)
    EXPECT_EQ(Seconds(ParseHttpDate(text)), expected) << text;
}

TEST(TimestampTest, WritesWhatItReads) {
  for (const char* text :
       {"1970-01-01T00:00:00Z", "2024-02-29T23:59:59Z", "2199-12-31T00:00:01Z"}) {
    EXPECT_EQ(FormatTimestamp(*ParseTimestamp(text)), text);
  }
  EXPECT_EQ(FormatTimestamp(*ParseTimestamp("2026-11-24T18:49:44.999+01:00")),
            "2026-11-24T17:49:44Z");
  EXPECT_EQ(FormatTimestampMilliseconds(*ParseTimestamp("2026-11-24T18:49:44.0509Z")),
            "2026-11-24T18:49:44.050Z");
}

TEST(SigningClockTest, TakesAServicesTimeWhenOursIsWrong) {
  struct Correction {
    std::string date;
    std::optional<seconds> offset;  // absent: nothing to correct
  };
  for (const auto& [date, offset] :
       {Correction{"Tue, 14 Nov 2023 22:13:20 GMT", std::nullopt},
        Correction{"Tue, 14 Nov 2023 22:14:20 GMT", std::nullopt},
        Correction{"Tue, 14 Nov 2023 22:12:20 GMT", std::nullopt},
        Correction{"Tue, 14 Nov 2023 22:14:21 GMT", seconds(61)},
        Correction{"Tue, 14 Nov 2023 22:12:19 GMT", seconds(-61)},
        Correction{"Wed, 15 Nov 2023 22:13:20 GMT", seconds(86'400)},
        Correction{"Fri, 31 Dec 9999 23:59:59 GMT", seconds(7'258'118'400 - 1'700'000'000)},
        Correction{"", std::nullopt}, Correction{"soon", std::nullopt}}) {
    const auto machine = std::make_shared<ManualClock>(WallTime{seconds(1'700'000'000)});
    SigningClock clock(machine);
    EXPECT_EQ(clock.Correct(date, clock.WallNow()), offset.has_value()) << date;
    EXPECT_EQ(clock.WallNow() - machine->WallNow(), offset.value_or(seconds(0))) << date;
    EXPECT_EQ(clock.MonotonicNow(), machine->MonotonicNow());
    // The same answer again has nothing to add.
    EXPECT_FALSE(clock.Correct(date, clock.WallNow())) << date;
  }
}

TEST(SigningClockTest, MayBeCorrectedAgain) {
  const auto machine = std::make_shared<ManualClock>(WallTime{seconds(1'700'000'000)});
  SigningClock clock(machine);
  EXPECT_TRUE(clock.Correct("Tue, 14 Nov 2023 23:13:20 GMT", clock.WallNow()));
  machine->Advance(seconds(3'600));
  EXPECT_EQ(clock.WallNow(), WallTime{seconds(1'700'007'200)});
  // Somebody set the machine's clock.
  EXPECT_TRUE(clock.Correct("Tue, 14 Nov 2023 23:13:20 GMT", clock.WallNow()));
  EXPECT_EQ(clock.WallNow(), machine->WallNow());
}

TEST(SigningClockTest, KnowsTheErrorsOfAWrongClock) {
  for (const char* code : {"InvalidSignatureException", "SignatureDoesNotMatch", "RequestExpired",
                           "RequestTimeTooSkewed", "RequestInTheFuture", "AuthFailure"}) {
    EXPECT_TRUE(MayBeClockSkew(code)) << code;
  }
  for (const char* code : {"", "AccessDenied", "ExpiredTokenException", "requestexpired"}) {
    EXPECT_FALSE(MayBeClockSkew(code)) << code;
  }
}

// Requests that were signed before another one corrected the clock are worth another try as well.
TEST(SigningClockTest, WhatWasSignedBeforeTheCorrectionIsTriedAgain) {
  SigningClock clock(std::make_shared<ManualClock>(WallTime{std::chrono::seconds(1'700'000'000)}));
  const char* theirs = "Tue, 14 Nov 2023 23:13:20 GMT";
  const WallTime signed_at = clock.WallNow();
  EXPECT_TRUE(clock.Correct(theirs, signed_at));
  const WallTime corrected = clock.WallNow();
  EXPECT_TRUE(clock.Correct(theirs, signed_at));
  EXPECT_EQ(clock.WallNow(), corrected);
  EXPECT_FALSE(clock.Correct(theirs, corrected));
}

}  // namespace
}  // namespace sumac::aws
