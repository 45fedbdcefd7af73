// When something is due that a cron expression describes. Pure: time comes as an argument.
#pragma once

#include <array>
#include <bitset>
#include <cstddef>
#include <optional>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"

namespace sumac::datasets {

// The seconds of UTC that an expression matches. A value; immutable, so any thread may use it.
class CronSchedule {
 public:
  // `minute hour day-of-month month day-of-week`, with a field of seconds before them when there
  // are six, or one of @hourly, @daily, @midnight, @weekly, @monthly, @yearly and @annually. A
  // field is `*` or a list of numbers and ranges, each with or without a step: `1,10-40/10`, `*/5`,
  // and `5/15`, which counts from 5 to the end. Months and days of the week have names (`JAN`,
  // `mon`); day 0 and 7 are Sunday, and a range of days may end with it (`FRI-SUN`). `?` is `*` for
  // days. When both fields of days say something, a day that matches either will do; one that
  // begins with `*` says nothing of its own: both must match then. Error kInvalidArgument: one line
  // that says which field is wrong and what it takes.
  static Result<CronSchedule> Parse(std::string_view expression);

  // The first time after `after`, and not at it; a whole second. Nothing when there is none
  // (30 February), or it is beyond what WallTime holds.
  std::optional<WallTime> Next(WallTime after) const;

 private:
  enum Field { kSecond, kMinute, kHour, kDayOfMonth, kMonth, kDayOfWeek, kFields };
  struct FieldRule;
  using Values = std::bitset<60>;

  static const std::array<FieldRule, kFields> kRules;
  static Result<Values> ParseField(const FieldRule& rule, std::string_view text);
  bool MatchesDay(unsigned day_of_month, unsigned day_of_week) const;
  // The first of `values_[field]` from `from` on; kNone when there is none.
  size_t FirstFrom(Field field, size_t from) const;

  static constexpr size_t kNone = 60;
  std::array<Values, kFields> values_;
  bool either_day_ = false;
};

}  // namespace sumac::datasets
