// A layout of dates and times in text, in Go's notation: the reference time Mon Jan 2 15:04:05 MST
// 2006 written the way that values are (`time_format` of Spice).
// Source: Go standard library, package time, "Constants" and "Layout".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "items/time_layout_element.h"

namespace sumac::items {

// Immutable, so it may be shared by threads.
//
// Elements: 2006 06, 01 1 Jan January, 02 2 _2, Mon Monday, 15 03 3, 04 4, 05 5, PM pm (and AM am,
// which mean the same); directly after the seconds `.000` (as many digits as zeros, 1 to 9) or
// `.999` (at most so many, or no fraction), with a comma instead of the point too; the offsets
// Z07:00 Z0700 Z07 (Z stands for UTC) and -07:00 -0700 -07 07:00 0700 (always in digits); and MST,
// for the names that mean UTC everywhere: UTC, GMT and Z. A Z directly after the time of day is
// the zone UTC, as in ISO 8601. Literals are T Z _ space tab and : / , . ' " ( ) [ ] - +.
//
// Stricter than Go, because a text that is read as a time is not kept as it was written: a number
// has all its digits (15 reads no `9`, only 1 2 3 4 5 and _2 read one digit or two), the separator
// of the fraction is that of the layout, a fraction that the layout does not have is not read, a
// weekday must be that of the date, and other zone names than those of UTC are not read. Names of
// months and weekdays are read without regard to ASCII case, as by Go.
class TimeLayout {
 public:
  static constexpr size_t kLayoutBytesMax = 200;

  // Error kInvalidArgument, one line: `layout` has a part that is no element, has an element twice,
  // lacks year, month or day, has hours of 12 without PM or PM without them, minutes without hours
  // or seconds without minutes, or a number of one or two digits (or a fraction) with digits right
  // behind it, which could be read in two ways.
  static Result<TimeLayout> Parse(std::string_view layout);

  // True when values are instants: the layout has an offset, MST, or Z after the time of day.
  bool has_zone() const { return has_zone_; }
  // True when values have at least an hour; else they are days and read as their midnight.
  bool has_time() const { return has_time_; }

  // Reads the whole of `text`: microseconds since 1970-01-01 00:00:00, in UTC when the layout has a
  // zone, else of the value as it stands. Nothing when `text` does not match, names no day or time
  // of day that exists (February 30, 24:00, second 60, an offset of 24 hours), or has digits below
  // the microsecond that are not zero. Proleptic Gregorian calendar, years 0000 to 9999, which
  // DuckDB's TIMESTAMP holds with any offset. Allocates nothing, throws nothing, knows no locale.
  std::optional<int64_t> ParseMicroseconds(std::string_view text) const;

  // Writes `microseconds` in UTC, cutting off what the layout has no place for (towards the past).
  // ParseMicroseconds gives back `microseconds` when the layout has place for all of it and the
  // year is between 0000 and 9999 (with 06: 1969 and 2068).
  std::string Format(int64_t microseconds) const;

  // True when the order of the texts that Format writes for the years 0000 to 9999, by their bytes,
  // is the order of their times: year, month, day, hour, minute, second, fraction in this order
  // without gaps, each of fixed width, all else literals, and no zone but Z. Texts that Format did
  // not write (another offset than Z) are in no order; whoever compares texts must know that there
  // are none, or compare times.
  bool CanonicalUtc() const;

  // Whether a time can be written in one way only: CanonicalUtc, and without an offset that may be
  // another than Z.
  bool WritesOneText() const;

  // Bounds for comparing texts by their bytes without reading them. Of the texts that are read as
  // `microseconds` or later none is before the first, those that are read as `microseconds` or
  // earlier are all before the second. Nothing when the layout does not begin with year, month and
  // day of fixed width, or the bound has no year of four digits.
  std::optional<std::string> LeastTextFrom(int64_t microseconds) const;
  std::optional<std::string> TextBehind(int64_t microseconds) const;

 private:
  explicit TimeLayout(std::vector<TimeElement> elements);
  std::optional<std::string> OrderedStart(int64_t microseconds) const;

  std::vector<TimeElement> elements_;
  bool has_zone_ = false;
  bool has_time_ = false;
  // The first elements, which have the order of the times that they write: so many, and how much
  // time one text of theirs stands for. 0 when there are none.
  size_t ordered_elements_ = 0;
  int64_t ordered_step_ = 0;
  // By how much the time that is written can be another than that in UTC.
  int64_t offset_most_ = 0;
};

// Reads exactly YYYY-MM-DD: days since 1970-01-01. Nothing when `text` is anything else or the day
// does not exist. Proleptic Gregorian calendar, years 0000 to 9999.
std::optional<int32_t> ParseIsoDate(std::string_view text);

}  // namespace sumac::items
