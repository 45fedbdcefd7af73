#include "items/time_layout.h"

#include <array>
#include <chrono>

#include <fmt/format.h>

namespace sumac::items {
namespace {

using Kind = TimeElement::Kind;
using Padding = TimeElement::Padding;
using OffsetForm = TimeElement::OffsetForm;

constexpr int64_t kMicrosecondsPerSecond = 1'000'000;
constexpr int64_t kMicrosecondsPerDay = 86'400 * kMicrosecondsPerSecond;
constexpr int64_t kYearsPerCycle = 400;
constexpr int64_t kDaysPerCycle = 146'097;

// A time taken apart for writing.
struct Moment {
  int64_t year = 0;
  unsigned month = 0;
  unsigned day = 0;
  unsigned weekday = 0;
  int64_t hour = 0;
  int64_t minute = 0;
  int64_t second = 0;
  int64_t microsecond = 0;
};

Moment MomentOf(int64_t microseconds) {
  int64_t days = microseconds / kMicrosecondsPerDay;
  int64_t rest = microseconds % kMicrosecondsPerDay;
  if (rest < 0) {
    rest += kMicrosecondsPerDay;
    --days;
  }
  // The standard's calendar ends before that of a TIMESTAMP, but repeats after 400 years, weekdays
  // included.
  int64_t cycles = days / kDaysPerCycle;
  if (days % kDaysPerCycle < 0) --cycles;
  Moment moment;
  const std::chrono::sys_days date{std::chrono::days(days - cycles * kDaysPerCycle)};
  const std::chrono::year_month_day calendar(date);
  moment.year = static_cast<int64_t>(static_cast<int>(calendar.year())) + cycles * kYearsPerCycle;
  moment.month = static_cast<unsigned>(calendar.month());
  moment.day = static_cast<unsigned>(calendar.day());
  moment.weekday = std::chrono::weekday(date).c_encoding();
  moment.microsecond = rest % kMicrosecondsPerSecond;
  rest /= kMicrosecondsPerSecond;
  moment.second = rest % 60;
  moment.minute = rest / 60 % 60;
  moment.hour = rest / 3600;
  return moment;
}

template <typename T>
std::string NumberText(T value, Padding padding) {
  if (padding == Padding::kNone) return fmt::format("{}", value);
  return padding == Padding::kZero ? fmt::format("{:02}", value) : fmt::format("{:2}", value);
}

std::string FractionText(const TimeElement& element, int64_t microsecond) {
  std::string digits = fmt::format("{:06}000", microsecond);
  digits.resize(element.fraction_digits);
  if (!element.fraction_exact) {
    while (!digits.empty() && digits.back() == '0') digits.pop_back();
    if (digits.empty()) return digits;
  }
  return element.literal + digits;
}

std::string OffsetText(const TimeElement& element) {
  if (element.offset_or_z) return "Z";
  if (element.offset_form == OffsetForm::kHours) return "+00";
  return element.offset_form == OffsetForm::kPlain ? "+0000" : "+00:00";
}

std::string ElementText(const TimeElement& element, const Moment& moment) {
  const auto half_day_hour = moment.hour % 12 == 0 ? 12 : moment.hour % 12;
  switch (element.kind) {
    case Kind::kLiteral:
    case Kind::kUtc:
      return {element.literal};
    case Kind::kYear:
      return fmt::format("{:04}", moment.year);
    case Kind::kYearOfCentury:
      return fmt::format("{:02}", (moment.year % 100 + 100) % 100);
    case Kind::kMonth:
      return NumberText(moment.month, element.padding);
    case Kind::kMonthShortName:
      return std::string(kMonthNames[moment.month - 1].substr(0, kShortNameSize));
    case Kind::kMonthName:
      return std::string(kMonthNames[moment.month - 1]);
    case Kind::kDay:
      return NumberText(moment.day, element.padding);
    case Kind::kWeekdayShortName:
      return std::string(kWeekdayNames[moment.weekday].substr(0, kShortNameSize));
    case Kind::kWeekdayName:
      return std::string(kWeekdayNames[moment.weekday]);
    case Kind::kHour:
      return NumberText(moment.hour, element.padding);
    case Kind::kHalfDayHour:
      return NumberText(half_day_hour, element.padding);
    case Kind::kMinute:
      return NumberText(moment.minute, element.padding);
    case Kind::kSecond:
      return NumberText(moment.second, element.padding);
    case Kind::kHalfDayUpper:
      return moment.hour < 12 ? "AM" : "PM";
    case Kind::kHalfDayLower:
      return moment.hour < 12 ? "am" : "pm";
    case Kind::kFraction:
      return FractionText(element, moment.microsecond);
    case Kind::kOffset:
      return OffsetText(element);
    case Kind::kZoneName:
      return "UTC";
  }
  return {};
}

int64_t Floor(int64_t microseconds, int64_t step) {
  const int64_t rest = microseconds % step;
  return microseconds - rest - (rest < 0 ? step : 0);
}

}  // namespace

TimeLayout::TimeLayout(std::vector<TimeElement> elements) : elements_(std::move(elements)) {
  for (const auto& element : elements_) {
    has_zone_ |= element.kind == Kind::kOffset || element.kind == Kind::kZoneName ||
                 element.kind == Kind::kUtc;
    has_time_ |= element.kind == Kind::kHour || element.kind == Kind::kHalfDayHour;
    if (element.kind == Kind::kOffset) offset_most_ = kMicrosecondsPerDay;
  }
  struct Ordered {
    Kind kind;
    int64_t step;
  };
  constexpr std::array kOrder = {Ordered{Kind::kYear, 0},
                                 Ordered{Kind::kMonth, 0},
                                 Ordered{Kind::kDay, kMicrosecondsPerDay},
                                 Ordered{Kind::kHour, 3600 * kMicrosecondsPerSecond},
                                 Ordered{Kind::kMinute, 60 * kMicrosecondsPerSecond},
                                 Ordered{Kind::kSecond, kMicrosecondsPerSecond}};
  size_t next = 0;
  for (size_t i = 0; i < elements_.size() && next < kOrder.size(); ++i) {
    if (elements_[i].kind == Kind::kLiteral) continue;
    if (elements_[i].kind != kOrder[next].kind || elements_[i].padding != Padding::kZero) break;
    ordered_step_ = kOrder[next].step;
    ordered_elements_ = i + 1;
    ++next;
  }
}

Result<TimeLayout> TimeLayout::Parse(std::string_view layout) {
  SUMAC_ASSIGN_OR_RETURN(auto elements, ReadTimeLayout(layout));
  return TimeLayout(std::move(elements));
}

std::string TimeLayout::Format(int64_t microseconds) const {
  const Moment moment = MomentOf(microseconds);
  std::string out;
  for (const auto& element : elements_) out += ElementText(element, moment);
  return out;
}

bool TimeLayout::CanonicalUtc() const {
  constexpr std::array kOrder = {Kind::kYear,   Kind::kMonth,  Kind::kDay,     Kind::kHour,
                                 Kind::kMinute, Kind::kSecond, Kind::kFraction};
  size_t next = 0;
  for (const auto& element : elements_) {
    if (element.kind == Kind::kLiteral || element.kind == Kind::kUtc) continue;
    if (element.kind == Kind::kOffset && element.offset_or_z) continue;
    if (next == kOrder.size() || element.kind != kOrder[next++]) return false;
    if (element.padding != Padding::kZero) return false;
    if (element.kind == Kind::kFraction && !element.fraction_exact) return false;
  }
  return true;
}

bool TimeLayout::WritesOneText() const {
  return CanonicalUtc() && offset_most_ == 0;
}

std::optional<std::string> TimeLayout::OrderedStart(int64_t microseconds) const {
  const Moment moment = MomentOf(microseconds);
  if (moment.year < 0 || moment.year > 9999) return std::nullopt;
  std::string out;
  for (size_t i = 0; i < ordered_elements_; ++i) out += ElementText(elements_[i], moment);
  return out;
}

std::optional<std::string> TimeLayout::LeastTextFrom(int64_t microseconds) const {
  if (ordered_step_ == 0) return std::nullopt;
  return OrderedStart(Floor(microseconds - offset_most_, ordered_step_));
}

std::optional<std::string> TimeLayout::TextBehind(int64_t microseconds) const {
  if (ordered_step_ == 0) return std::nullopt;
  return OrderedStart(Floor(microseconds + offset_most_, ordered_step_) + ordered_step_);
}

}  // namespace sumac::items
