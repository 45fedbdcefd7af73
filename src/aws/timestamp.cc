#include "aws/timestamp.h"

#include <algorithm>
#include <charconv>
#include <ctime>

#include <fmt/chrono.h>

namespace sumac::aws {
namespace {

// Takes `digits` digits off the front of `text`.
std::optional<int> TakeNumber(std::string_view& text, size_t digits) {
  if (text.size() < digits) return std::nullopt;
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + digits, value);
  if (error != std::errc() || end != text.data() + digits || text.front() == '-') {
    return std::nullopt;
  }
  text.remove_prefix(digits);
  return value;
}

bool TakeOneOf(std::string_view& text, std::string_view characters) {
  if (text.empty() || characters.find(text.front()) == std::string_view::npos) return false;
  text.remove_prefix(1);
  return true;
}

// The digits behind the point, as far as WallTime has them.
std::optional<std::chrono::nanoseconds> TakeFraction(std::string_view& text) {
  const size_t end = text.find_first_not_of("0123456789");
  if (end == 0 || end == std::string_view::npos) return std::nullopt;
  std::string digits(text.substr(0, 9 < end ? 9 : end));
  digits.resize(9, '0');
  text.remove_prefix(end);
  return std::chrono::nanoseconds(std::stoll(digits));
}

// WallTime counts nanoseconds, which end in 2262; services write 9999-12-31 for "never".
WallTime Bounded(std::chrono::sys_seconds time) {
  using std::chrono::sys_days;
  constexpr std::chrono::sys_seconds kFirst = sys_days(std::chrono::year(1900) / 1 / 1);
  constexpr std::chrono::sys_seconds kLast = sys_days(std::chrono::year(2200) / 1 / 1);
  return std::clamp(time, kFirst, kLast);
}

// The offset from UTC at the end of a timestamp, in seconds.
std::optional<int> ParseOffset(std::string_view text) {
  if (text == "Z" || text == "z") return 0;
  const bool west = text.starts_with('-');
  if (!TakeOneOf(text, "+-")) return std::nullopt;
  const auto hours = TakeNumber(text, 2);
  if (!hours || !TakeOneOf(text, ":")) return std::nullopt;
  const auto minutes = TakeNumber(text, 2);
  if (!minutes || !text.empty() || *hours > 23 || *minutes > 59) return std::nullopt;
  return (*hours * 3600 + *minutes * 60) * (west ? -1 : 1);
}

}  // namespace

std::optional<WallTime> ParseTimestamp(std::string_view text) {
  struct Part {
    int* to;
    size_t digits;
    std::string_view separators;
  };
  int year = 0;
  int month = 0;
  int day = 0;
  int hour = 0;
  int minute = 0;
  int second = 0;
  for (const auto& part : {Part{&year, 4, "-"}, Part{&month, 2, "-"}, Part{&day, 2, "Tt "},
                           Part{&hour, 2, ":"}, Part{&minute, 2, ":"}, Part{&second, 2, ""}}) {
    const auto number = TakeNumber(text, part.digits);
    if (!number || (!part.separators.empty() && !TakeOneOf(text, part.separators))) {
      return std::nullopt;
    }
    *part.to = *number;
  }
  std::chrono::nanoseconds fraction{0};
  if (TakeOneOf(text, ".")) {
    const auto taken = TakeFraction(text);
    if (!taken) return std::nullopt;
    fraction = *taken;
  }
  const auto offset = ParseOffset(text);
  const std::chrono::year_month_day date{std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  // 60 is a leap second.
  if (!offset || !date.ok() || hour > 23 || minute > 59 || second > 60) return std::nullopt;
  return Bounded(std::chrono::sys_days(date) + std::chrono::hours(hour) +
                 std::chrono::minutes(minute) + std::chrono::seconds(second - *offset)) +
         fraction;
}

std::optional<WallTime> ParseHttpDate(const std::string& text) {
  std::tm parts{};
  const char* end = strptime(text.c_str(), "%a, %d %b %Y %H:%M:%S GMT", &parts);
  if (end == nullptr || *end != '\0') return std::nullopt;
  return Bounded(std::chrono::sys_seconds(std::chrono::seconds(timegm(&parts))));
}

std::string FormatTimestamp(WallTime time) {
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}",
                     fmt::gmtime(std::chrono::system_clock::to_time_t(time)));
}

std::string FormatTimestampMilliseconds(WallTime time) {
  const auto since = std::chrono::floor<std::chrono::milliseconds>(time.time_since_epoch());
  const auto seconds = std::chrono::floor<std::chrono::seconds>(since);
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z", fmt::gmtime(std::time_t{seconds.count()}),
                     (since - seconds).count());
}

}  // namespace sumac::aws
