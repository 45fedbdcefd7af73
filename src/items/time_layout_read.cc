// The reading half of TimeLayout.
#include <algorithm>
#include <array>
#include <chrono>

#include "items/time_layout.h"

namespace sumac::items {
namespace {

using Kind = TimeElement::Kind;
using Padding = TimeElement::Padding;
using OffsetForm = TimeElement::OffsetForm;

constexpr int64_t kMicrosecondsPerSecond = 1'000'000;
constexpr int kMicrosecondDigits = 6;
// The first year that a year of two digits means.
constexpr int kCenturyPivot = 1969;
constexpr std::array<std::string_view, 3> kUtcNames = {"UTC", "GMT", "Z"};

bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}
char LowerCase(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::optional<int32_t> DaysOf(int year, int month, int day) {
  const std::chrono::year_month_day date{std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok()) return std::nullopt;
  return static_cast<int32_t>(std::chrono::sys_days(date).time_since_epoch().count());
}

// The text that is left to read. Every function returns false, or a negative number, when it does
// not begin with what is asked for.
class Input {
 public:
  explicit Input(std::string_view text) : rest_(text) {}

  bool AtEnd() const { return rest_.empty(); }

  bool Skip(char c) {
    if (rest_.empty() || rest_[0] != c) return false;
    rest_.remove_prefix(1);
    return true;
  }

  bool NextIsDigit() const { return !rest_.empty() && IsDigit(rest_[0]); }

  // Exactly `count` digits; at most 9.
  int Digits(size_t count) {
    if (rest_.size() < count) return -1;
    int value = 0;
    for (size_t i = 0; i < count; ++i) {
      if (!IsDigit(rest_[i])) return -1;
      value = value * 10 + (rest_[i] - '0');
    }
    rest_.remove_prefix(count);
    return value;
  }

  int Number(Padding padding) {
    if (padding == Padding::kZero) return Digits(2);
    if (padding == Padding::kSpace) Skip(' ');
    const bool two = rest_.size() >= 2 && IsDigit(rest_[1]);
    return Digits(two ? 2 : 1);
  }

  bool SkipName(std::string_view name) {
    if (rest_.size() < name.size()) return false;
    for (size_t i = 0; i < name.size(); ++i) {
      if (LowerCase(rest_[i]) != LowerCase(name[i])) return false;
    }
    rest_.remove_prefix(name.size());
    return true;
  }

  // The index of the name; only its first `size` letters are written.
  template <size_t N>
  int Name(const std::array<std::string_view, N>& names, size_t size = std::string_view::npos) {
    for (size_t i = 0; i < N; ++i) {
      if (SkipName(names[i].substr(0, size))) return static_cast<int>(i);
    }
    return -1;
  }

  bool SkipExactly(std::string_view text) {
    if (!rest_.starts_with(text)) return false;
    rest_.remove_prefix(text.size());
    return true;
  }

 private:
  std::string_view rest_;
};

// What has been read of a value.
struct Parts {
  int year = 0;
  int month = 0;
  int day = 0;
  int weekday = -1;
  int hour = 0;
  int minute = 0;
  int second = 0;
  int half_day = -1;  // 0 before noon, 1 after
  int64_t microsecond = 0;
  int offset_minutes = 0;
};

bool ReadFraction(const TimeElement& element, Input& input, int64_t& microsecond) {
  if (!element.fraction_exact && !input.Skip(element.literal)) return true;
  if (element.fraction_exact && !input.Skip(element.literal)) return false;
  int digits = 0;
  int64_t value = 0;
  for (; digits < element.fraction_digits && input.NextIsDigit(); ++digits) {
    const int digit = input.Digits(1);
    if (digits < kMicrosecondDigits) {
      value = value * 10 + digit;
    } else if (digit != 0) {
      return false;
    }
  }
  if (digits == 0 || (element.fraction_exact && digits != element.fraction_digits)) return false;
  for (int i = digits; i < kMicrosecondDigits; ++i) value *= 10;
  microsecond = value;
  return true;
}

bool ReadOffset(const TimeElement& element, Input& input, int& offset_minutes) {
  if (element.offset_or_z && input.Skip('Z')) return true;
  const bool west = input.Skip('-');
  if (!west && !input.Skip('+')) return false;
  const int hours = input.Digits(2);
  if (hours < 0 || hours > 23) return false;
  int minutes = 0;
  if (element.offset_form != OffsetForm::kHours) {
    if (element.offset_form == OffsetForm::kColon && !input.Skip(':')) return false;
    minutes = input.Digits(2);
    if (minutes < 0 || minutes > 59) return false;
  }
  offset_minutes = (hours * 60 + minutes) * (west ? -1 : 1);
  return true;
}

bool ReadYearOfCentury(Input& input, int& year) {
  const int value = input.Digits(2);
  if (value < 0) return false;
  year = value + (value >= kCenturyPivot % 100 ? 1900 : 2000);
  return true;
}

bool ReadElement(const TimeElement& element, Input& input, Parts& parts) {
  // Negative stands for "is not there", and 0 for the months and days that are counted from 1.
  switch (element.kind) {
    case Kind::kLiteral:
    case Kind::kUtc:
      return input.Skip(element.literal);
    case Kind::kYear:
      return (parts.year = input.Digits(4)) >= 0;
    case Kind::kYearOfCentury:
      return ReadYearOfCentury(input, parts.year);
    case Kind::kMonth:
      return (parts.month = input.Number(element.padding)) >= 1;
    case Kind::kMonthShortName:
      return (parts.month = input.Name(kMonthNames, kShortNameSize) + 1) >= 1;
    case Kind::kMonthName:
      return (parts.month = input.Name(kMonthNames) + 1) >= 1;
    case Kind::kDay:
      return (parts.day = input.Number(element.padding)) >= 1;
    case Kind::kWeekdayShortName:
      return (parts.weekday = input.Name(kWeekdayNames, kShortNameSize)) >= 0;
    case Kind::kWeekdayName:
      return (parts.weekday = input.Name(kWeekdayNames)) >= 0;
    case Kind::kHour:
      return (parts.hour = input.Digits(2)) >= 0 && parts.hour <= 23;
    case Kind::kHalfDayHour:
      return (parts.hour = input.Number(element.padding)) >= 1 && parts.hour <= 12;
    case Kind::kMinute:
      return (parts.minute = input.Number(element.padding)) >= 0 && parts.minute <= 59;
    case Kind::kSecond:
      return (parts.second = input.Number(element.padding)) >= 0 && parts.second <= 59;
    case Kind::kHalfDayUpper:
      parts.half_day = input.SkipExactly("AM") ? 0 : input.SkipExactly("PM") ? 1 : -1;
      return parts.half_day >= 0;
    case Kind::kHalfDayLower:
      parts.half_day = input.SkipExactly("am") ? 0 : input.SkipExactly("pm") ? 1 : -1;
      return parts.half_day >= 0;
    case Kind::kFraction:
      return ReadFraction(element, input, parts.microsecond);
    case Kind::kOffset:
      return ReadOffset(element, input, parts.offset_minutes);
    case Kind::kZoneName:
      return std::any_of(kUtcNames.begin(), kUtcNames.end(),
                         [&](auto name) { return input.SkipExactly(name); });
  }
  return false;
}

std::optional<int64_t> MicrosecondsOf(const Parts& parts) {
  const auto days = DaysOf(parts.year, parts.month, parts.day);
  if (!days) return std::nullopt;
  if (parts.weekday >= 0) {
    const std::chrono::weekday weekday{std::chrono::sys_days(std::chrono::days(*days))};
    if (static_cast<int>(weekday.c_encoding()) != parts.weekday) return std::nullopt;
  }
  int hour = parts.hour;
  if (parts.half_day >= 0) hour = hour % 12 + 12 * parts.half_day;
  const int64_t minutes = int64_t{*days} * 1440 + hour * 60 + parts.minute - parts.offset_minutes;
  return (minutes * 60 + parts.second) * kMicrosecondsPerSecond + parts.microsecond;
}

}  // namespace

std::optional<int64_t> TimeLayout::ParseMicroseconds(std::string_view text) const {
  Input input(text);
  Parts parts;
  for (const auto& element : elements_) {
    if (!ReadElement(element, input, parts)) return std::nullopt;
  }
  if (!input.AtEnd()) return std::nullopt;
  return MicrosecondsOf(parts);
}

std::optional<int32_t> ParseIsoDate(std::string_view text) {
  Input input(text);
  const int year = input.Digits(4);
  if (year < 0 || !input.Skip('-')) return std::nullopt;
  const int month = input.Digits(2);
  if (month < 1 || !input.Skip('-')) return std::nullopt;
  const int day = input.Digits(2);
  if (day < 1 || !input.AtEnd()) return std::nullopt;
  return DaysOf(year, month, day);
}

}  // namespace sumac::items
