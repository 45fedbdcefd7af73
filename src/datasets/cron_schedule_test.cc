#include "datasets/cron_schedule.h"

#include <cstdio>
#include <ctime>
#include <string>

#include <gtest/gtest.h>

namespace sumac::datasets {
namespace {

// "2024-02-29 12:34:56"
WallTime At(const std::string& text) {
  std::tm parts{};
  EXPECT_EQ(std::sscanf(text.c_str(), "%d-%d-%d %d:%d:%d", &parts.tm_year, &parts.tm_mon,
                        &parts.tm_mday, &parts.tm_hour, &parts.tm_min, &parts.tm_sec),
            6)
      << text;
  parts.tm_year -= 1900;
  parts.tm_mon -= 1;
  return std::chrono::system_clock::from_time_t(timegm(&parts));
}

std::string Text(std::optional<WallTime> time) {
  if (!time) return "never";
  const std::time_t seconds = std::chrono::system_clock::to_time_t(*time);
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", &parts);
  return text;
}

TEST(CronSchedule, SaysWhatComesNext) {
  struct Case {
    const char* expression;
    const char* after;
    const char* next;
  };
  const Case cases[] = {
      {"* * * * *", "2024-01-01 00:00:00", "2024-01-01 00:01:00"},
      {"* * * * *", "2024-01-01 00:00:59", "2024-01-01 00:01:00"},
      {"* * * * * *", "2024-01-01 00:00:59", "2024-01-01 00:01:00"},
      {"30 * * * * *", "2024-01-01 00:00:00", "2024-01-01 00:00:30"},
      {"30 * * * * *", "2024-01-01 00:00:30", "2024-01-01 00:01:30"},
      {"0 0 0 1 1 ?", "2024-01-01 00:00:00", "2025-01-01 00:00:00"},
      {"*/5 * * * *", "2024-01-01 10:03:20", "2024-01-01 10:05:00"},
      {"*/5 * * * *", "2024-01-01 10:55:00", "2024-01-01 11:00:00"},
      {"10-40/10 * * * *", "2024-01-01 10:20:00", "2024-01-01 10:30:00"},
      {"10-40/10 * * * *", "2024-01-01 10:40:00", "2024-01-01 11:10:00"},
      {"5/15 * * * *", "2024-01-01 10:35:00", "2024-01-01 10:50:00"},
      {"5/15 * * * *", "2024-01-01 10:50:00", "2024-01-01 11:05:00"},
      {"1,3-5,50 2 * * *", "2024-01-01 02:05:00", "2024-01-01 02:50:00"},
      {"1,3-5,50 2 * * *", "2024-01-01 02:50:00", "2024-01-02 02:01:00"},
      // The minutes before the next hour's first do not count from the last hour's.
      {"30 10,12 * * *", "2024-01-01 10:45:00", "2024-01-01 12:30:00"},
      {"15 30 10,12 * * *", "2024-01-01 10:30:20", "2024-01-01 12:30:15"},
      {"10 20,40 9 * * *", "2024-01-01 09:20:30", "2024-01-01 09:40:10"},
      // Ends of months and years, and leap days.
      {"59 23 31 12 *", "2024-12-31 23:59:00", "2025-12-31 23:59:00"},
      {"0 0 * * *", "2024-12-31 12:00:00", "2025-01-01 00:00:00"},
      {"0 0 31 * *", "2024-01-31 00:00:00", "2024-03-31 00:00:00"},
      {"0 0 29 2 *", "2024-02-29 00:00:00", "2028-02-29 00:00:00"},
      {"0 0 29 2 *", "2096-02-29 00:00:00", "2104-02-29 00:00:00"},
      {"0 0 28-31 2 *", "2023-02-28 00:00:00", "2024-02-28 00:00:00"},
      {"0 12 * 2 *", "2024-02-28 12:00:00", "2024-02-29 12:00:00"},
      {"0 12 * 2 *", "2023-02-28 12:00:00", "2024-02-01 12:00:00"},
      {"0 0 30 2 *", "2024-01-01 00:00:00", "never"},
      {"0 0 31 4,6,9,11 *", "2024-01-01 00:00:00", "never"},
      // Names and days of the week; 2024-01-01 was a Monday.
      {"0 0 1 JAN,jul *", "2024-01-01 00:00:00", "2024-07-01 00:00:00"},
      {"0 0 1 mar-May *", "2024-05-01 00:00:00", "2025-03-01 00:00:00"},
      {"0 9 * * MON-FRI", "2024-01-05 09:00:00", "2024-01-08 09:00:00"},
      {"0 9 * * 1-5", "2024-01-01 08:00:00", "2024-01-01 09:00:00"},
      {"0 0 * * 0", "2024-01-01 00:00:00", "2024-01-07 00:00:00"},
      {"0 0 * * 7", "2024-01-01 00:00:00", "2024-01-07 00:00:00"},
      {"0 0 * * sun", "2024-01-07 00:00:00", "2024-01-14 00:00:00"},
      {"0 0 * * FRI-SUN", "2024-01-06 00:00:00", "2024-01-07 00:00:00"},
      {"0 0 * * 6-7", "2024-01-07 00:00:00", "2024-01-13 00:00:00"},
      {"0 0 * * */2", "2024-01-01 00:00:00", "2024-01-02 00:00:00"},
      {"0 0 * * 1/3", "2024-01-04 00:00:00", "2024-01-08 00:00:00"},
      // Either kind of day, unless one of them is a star.
      {"0 0 13 * 5", "2024-01-01 00:00:00", "2024-01-05 00:00:00"},
      {"0 0 13 * 5", "2024-01-12 00:00:00", "2024-01-13 00:00:00"},
      {"0 0 ? * 5", "2024-01-12 00:00:00", "2024-01-19 00:00:00"},
      {"0 0 13 * ?", "2024-01-12 00:00:00", "2024-01-13 00:00:00"},
      {"0 0 */2 * 5", "2024-01-01 00:00:00", "2024-01-05 00:00:00"},
      {"0 0 */2 * 5", "2024-01-05 00:00:00", "2024-01-19 00:00:00"},
      {"0 0 30 2 1", "2024-03-01 00:00:00", "2025-02-03 00:00:00"},
      {"0 0 */30 2 2", "2024-03-01 00:00:00", "2028-02-01 00:00:00"},
      {"0 0 29 2 */7", "2088-03-01 00:00:00", "2128-02-29 00:00:00"},
      {"@hourly", "2024-01-01 10:03:20", "2024-01-01 11:00:00"},
      {"@daily", "2024-01-01 10:03:20", "2024-01-02 00:00:00"},
      {"@Midnight", "2024-01-01 10:03:20", "2024-01-02 00:00:00"},
      {"@weekly", "2024-01-01 10:03:20", "2024-01-07 00:00:00"},
      {"@monthly", "2024-01-01 10:03:20", "2024-02-01 00:00:00"},
      {"@yearly", "2024-01-01 10:03:20", "2025-01-01 00:00:00"},
      {"  @annually ", "2024-01-01 00:00:00", "2025-01-01 00:00:00"},
      {" 0\t0  1 1 * ", "2024-01-01 00:00:00", "2025-01-01 00:00:00"},
      // Before 1970.
      {"0 0 * * *", "1969-12-30 12:00:00", "1969-12-31 00:00:00"},
  };
  for (const auto& c : cases) {
    const auto schedule = CronSchedule::Parse(c.expression);
    ASSERT_TRUE(schedule.has_value()) << c.expression << ": " << schedule.error().message;
    EXPECT_EQ(Text(schedule->Next(At(c.after))), c.next) << c.expression << " after " << c.after;
  }
}

TEST(CronSchedule, FractionsOfASecondAreAfterIt) {
  const auto schedule = *CronSchedule::Parse("* * * * * *");
  const auto time = At("2024-01-01 00:00:00");
  EXPECT_EQ(schedule.Next(time + std::chrono::nanoseconds(1)), time + std::chrono::seconds(1));
  EXPECT_EQ(schedule.Next(time - std::chrono::nanoseconds(1)), time);
}

TEST(CronSchedule, EndsWithTime) {
  const auto schedule = *CronSchedule::Parse("@yearly");
  EXPECT_EQ(schedule.Next(WallTime::max()), std::nullopt);
  EXPECT_EQ(schedule.Next(WallTime::max() - std::chrono::hours(1)), std::nullopt);
}

TEST(CronSchedule, SaysWhichFieldIsWrong) {
  struct Case {
    const char* expression;
    const char* message;  // part of it
  };
  const Case cases[] = {
      {"", "it has 0 fields; it takes 5 (minute, hour, day of month, month, day of week), or 6"},
      {"5", "it has 1 field;"},
      {"* * * *", "it has 4 fields;"},
      {"* * * * * * *", "it has 7 fields;"},
      {"@reboot", "a name is @hourly, @daily, "},
      {"60 * * * *",
       "minute takes 0 to 59, in lists, ranges and steps such as *, */5 and 1-5, "
       "not '60'"},
      {"60 * * * * *", "second takes 0 to 59, "},
      {"* 24 * * *", "hour takes 0 to 23, "},
      {"* * 0 * *", "day of month takes 1 to 31, "},
      {"* * 32 * *", "not '32'"},
      {"* * * 13 *", "month takes 1 to 12 or JAN to DEC, "},
      {"* * * ANJ *", "not 'ANJ'"},
      {"* * * 0 *", "not '0'"},
      {"* * * * 8", "day of week takes 0 to 7 (0 and 7 are Sunday) or SUN to SAT, "},
      {"* * * * monday", "not 'monday'"},
      {"*/0 * * * *", "not '*/0'"},
      {"*/90 * * * *", "not '*/90'"},
      {"*/ * * * *", "not '*/'"},
      {"5-1 * * * *", "not '5-1'"},
      {"1- * * * *", "not '1-'"},
      {"-1 * * * *", "not '-1'"},
      {"1,,2 * * * *", "not ''"},
      {"1,2,99999999999999999999 * * * *", "not '99999999999999999999'"},
      {"? * * * *", "minute takes 0 to 59, "},
      {"*5 * * * *", "not '*5'"},
      {"JAN * * * *", "not 'JAN'"},
      {"* * 1W * *", "not '1W'"},
  };
  for (const auto& c : cases) {
    const auto schedule = CronSchedule::Parse(c.expression);
    ASSERT_FALSE(schedule.has_value()) << c.expression;
    EXPECT_EQ(schedule.error().code, ErrorCode::kInvalidArgument);
    const std::string& message = schedule.error().message;
    EXPECT_NE(message.find(c.message), std::string::npos) << message;
    EXPECT_NE(message.find("the cron expression '"), std::string::npos) << message;
    EXPECT_EQ(message.find('\n'), std::string::npos) << message;
  }
}

}  // namespace
}  // namespace sumac::datasets
