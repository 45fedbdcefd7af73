#include "datasets/cron_schedule.h"

#include <algorithm>
#include <cctype>
#include <chrono>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "base/printable_text.h"

namespace sumac::datasets {
namespace {

constexpr size_t kShownTextBytes = 60;
// Some fields together want 29 February on one day of the week, which is up to 40 years away where
// a century has no leap year.
constexpr std::chrono::years kHorizon{41};

std::vector<std::string_view> Split(std::string_view text, std::string_view separators) {
  std::vector<std::string_view> parts;
  while (true) {
    const size_t end = text.find_first_of(separators);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

std::vector<std::string_view> Words(std::string_view text) {
  auto words = Split(text, " \t\r\n");
  words.erase(std::remove(words.begin(), words.end(), std::string_view()), words.end());
  return words;
}

std::string Lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return lower;
}

// At most three digits, which is more than any field takes.
std::optional<unsigned> Number(std::string_view text) {
  if (text.empty() || text.size() > 3) return std::nullopt;
  unsigned number = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    number = number * 10 + static_cast<unsigned>(c - '0');
  }
  return number;
}

// The expression that a name stands for; empty when it is no name.
std::string_view Named(const std::string& name) {
  if (name == "@hourly") return "0 * * * *";
  if (name == "@daily" || name == "@midnight") return "0 0 * * *";
  if (name == "@weekly") return "0 0 * * 0";
  if (name == "@monthly") return "0 0 1 * *";
  if (name == "@yearly" || name == "@annually") return "0 0 1 1 *";
  return {};
}

bool IsEvery(std::string_view field) {
  return field.starts_with('*') || field == "?";
}

}  // namespace

struct CronSchedule::FieldRule {
  const char* name;
  unsigned min;
  unsigned max;
  // Where `*` and a range without an end stop.
  unsigned last;
  // From `min` on, three letters each.
  const char* value_names;
  const char* takes;

  std::optional<unsigned> Value(std::string_view text) const {
    if (const auto number = Number(text)) return number;
    const std::string name_text = Lower(text);
    if (name_text.size() != 3) return std::nullopt;
    const size_t at = std::string_view(value_names).find(name_text);
    if (at == std::string_view::npos || at % 3 != 0) return std::nullopt;
    return min + static_cast<unsigned>(at / 3);
  }
  bool Takes(unsigned value) const { return value >= min && value <= max; }
};

const std::array<CronSchedule::FieldRule, CronSchedule::kFields> CronSchedule::kRules = {{
    {"second", 0, 59, 59, "", "0 to 59"},
    {"minute", 0, 59, 59, "", "0 to 59"},
    {"hour", 0, 23, 23, "", "0 to 23"},
    {"day of month", 1, 31, 31, "", "1 to 31"},
    {"month", 1, 12, 12, "janfebmaraprmayjunjulaugsepoctnovdec", "1 to 12 or JAN to DEC"},
    {"day of week", 0, 7, 6, "sunmontuewedthufrisat", "0 to 7 (0 and 7 are Sunday) or SUN to SAT"},
}};

Result<CronSchedule::Values> CronSchedule::ParseField(const FieldRule& rule,
                                                      std::string_view text) {
  const auto wrong = [&](std::string_view part) {
    return Fail(ErrorCode::kInvalidArgument,
                fmt::format("{} takes {}, in lists, ranges and steps such as *, */5 and 1-5, not "
                            "'{}'",
                            rule.name, rule.takes, PrintableText(part, kShownTextBytes)));
  };
  const bool is_day = rule.name == kRules[kDayOfMonth].name || rule.name == kRules[kDayOfWeek].name;
  Values values;
  for (const std::string_view part : Split(text, ",")) {
    const size_t slash = part.find('/');
    const std::string_view range = part.substr(0, slash);
    unsigned step = 1;
    if (slash != std::string_view::npos) {
      const auto number = Number(part.substr(slash + 1));
      // A longer step, as of 90 minutes, would begin anew each hour, which nobody means.
      if (!number || *number == 0 || *number > rule.max) return wrong(part);
      step = *number;
    }
    unsigned first = rule.min;
    unsigned last = rule.last;
    if (range != "*" && !(range == "?" && is_day)) {
      const size_t dash = range.find('-');
      const auto begin = rule.Value(range.substr(0, dash));
      if (!begin || !rule.Takes(*begin)) return wrong(part);
      first = *begin;
      if (dash != std::string_view::npos) {
        auto end = rule.Value(range.substr(dash + 1));
        if (end && *end == 0 && rule.max == 7) end = 7;
        if (!end || !rule.Takes(*end) || *end < first) return wrong(part);
        last = *end;
      } else if (slash == std::string_view::npos) {
        last = first;
      }
    }
    for (unsigned value = first; value <= last; value += step) values.set(value);
  }
  return values;
}

Result<CronSchedule> CronSchedule::Parse(std::string_view expression) {
  const auto invalid = [&](std::string_view why) {
    return Fail(ErrorCode::kInvalidArgument,
                fmt::format("the cron expression '{}' is wrong: {}",
                            PrintableText(expression, kShownTextBytes), why));
  };
  auto words = Words(expression);
  if (words.size() == 1 && words[0].starts_with('@')) {
    words = Words(Named(Lower(words[0])));
    if (words.empty()) {
      return invalid(
          "a name is @hourly, @daily, @midnight, @weekly, @monthly, @yearly or @annually");
    }
  }
  if (words.size() == 5) words.insert(words.begin(), "0");
  if (words.size() != kFields) {
    return invalid(fmt::format(
        "it has {} field{}; it takes 5 (minute, hour, day of month, month, day of week), or 6 with "
        "the second before them",
        words.size(), words.size() == 1 ? "" : "s"));
  }
  CronSchedule schedule;
  for (size_t i = 0; i < kFields; ++i) {
    auto values = ParseField(kRules[i], words[i]);
    if (!values) return invalid(values.error().message);
    schedule.values_[i] = *values;
  }
  auto& days = schedule.values_[kDayOfWeek];
  if (days.test(7)) days.set(0);
  schedule.either_day_ = !IsEvery(words[kDayOfMonth]) && !IsEvery(words[kDayOfWeek]);
  return schedule;
}

bool CronSchedule::MatchesDay(unsigned day_of_month, unsigned day_of_week) const {
  const bool in_month = values_[kDayOfMonth].test(day_of_month);
  const bool in_week = values_[kDayOfWeek].test(day_of_week);
  return either_day_ ? in_month || in_week : in_month && in_week;
}

size_t CronSchedule::FirstFrom(Field field, size_t from) const {
  while (from < kNone && !values_[field].test(from)) ++from;
  return from;
}

std::optional<WallTime> CronSchedule::Next(WallTime after) const {
  using std::chrono::days;
  using std::chrono::seconds;
  const auto latest = std::chrono::floor<seconds>(WallTime::max());
  const auto last_second = std::chrono::floor<seconds>(after);
  if (last_second >= latest) return std::nullopt;
  const auto start = last_second + seconds(1);
  auto day = std::chrono::floor<days>(start);
  // Of the first day, only the rest counts.
  const std::chrono::hh_mm_ss<seconds> rest(start - day);
  auto hour_from = static_cast<size_t>(rest.hours().count());
  auto minute_from = static_cast<size_t>(rest.minutes().count());
  auto second_from = static_cast<size_t>(rest.seconds().count());
  const auto end = day + std::chrono::duration_cast<days>(kHorizon);
  for (; day < end; day += days(1), hour_from = minute_from = second_from = 0) {
    const std::chrono::year_month_day date(day);
    if (!values_[kMonth].test(static_cast<unsigned>(date.month()))) continue;
    const unsigned weekday = std::chrono::weekday(day).c_encoding();
    if (!MatchesDay(static_cast<unsigned>(date.day()), weekday)) continue;
    for (size_t hour = FirstFrom(kHour, hour_from); hour != kNone;
         hour = FirstFrom(kHour, hour + 1)) {
      if (hour != hour_from) minute_from = second_from = 0;
      for (size_t minute = FirstFrom(kMinute, minute_from); minute != kNone;
           minute = FirstFrom(kMinute, minute + 1)) {
        if (minute != minute_from) second_from = 0;
        const size_t second = FirstFrom(kSecond, second_from);
        if (second == kNone) continue;
        const auto time = std::chrono::sys_seconds(day) + std::chrono::hours(hour) +
                          std::chrono::minutes(minute) + seconds(second);
        if (time > latest) return std::nullopt;
        return WallTime(time);
      }
    }
  }
  return std::nullopt;
}

}  // namespace sumac::datasets
