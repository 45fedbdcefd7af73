// The elements of a time layout, in the order in which they stand. Internal to items/.
// Source of the notation: Go standard library, package time, "Constants" and "Layout".
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace sumac::items {

struct TimeElement {
  enum class Kind : uint8_t {
    kLiteral,           // `literal`, as it is
    kYear,              // 2006
    kYearOfCentury,     // 06: 69 to 99 are 1969 to 1999, 00 to 68 are 2000 to 2068
    kMonth,             // 01, 1
    kMonthShortName,    // Jan
    kMonthName,         // January
    kDay,               // 02, 2, _2
    kWeekdayShortName,  // Mon
    kWeekdayName,       // Monday
    kHour,              // 15
    kHalfDayHour,       // 03, 3
    kMinute,            // 04, 4
    kSecond,            // 05, 5
    kHalfDayUpper,      // PM
    kHalfDayLower,      // pm
    kFraction,          // .000 or .999, with `literal` as the separator
    kOffset,            // -07:00, Z07:00 and the like
    kZoneName,          // MST
    kUtc,               // a Z that stands for itself behind the time of day
  };
  // How the number of a month, day, hour, minute or second is written.
  enum class Padding : uint8_t {
    kZero,   // two digits
    kNone,   // one digit or two
    kSpace,  // one digit or two; a space may stand before, and Format puts it before one digit
  };
  enum class OffsetForm : uint8_t { kHours, kPlain, kColon };  // +07, +0700, +07:00

  Kind kind = Kind::kLiteral;
  Padding padding = Padding::kZero;
  OffsetForm offset_form = OffsetForm::kColon;
  bool offset_or_z = false;     // Z stands for UTC
  bool fraction_exact = false;  // `fraction_digits` of them; else at most so many, or no fraction
  uint8_t fraction_digits = 0;
  char literal = 0;
};

inline constexpr std::array<std::string_view, 12> kMonthNames = {
    "January", "February", "March",     "April",   "May",      "June",
    "July",    "August",   "September", "October", "November", "December"};
inline constexpr std::array<std::string_view, 7> kWeekdayNames = {
    "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"};
// The size of Jan and Mon.
inline constexpr size_t kShortNameSize = 3;

// Takes a layout apart. The rules and the errors are those of TimeLayout::Parse.
Result<std::vector<TimeElement>> ReadTimeLayout(std::string_view layout);

}  // namespace sumac::items
