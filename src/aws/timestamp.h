// Moments as AWS writes them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace sumac::aws {

// RFC 3339: "2026-11-24T18:49:44Z", with a fraction and an offset from UTC where they are written;
// nothing when it is none, or no date of the calendar. What is before 1900 or after 2200 becomes
// the first moment of that year.
std::optional<WallTime> ParseTimestamp(std::string_view text);

// The Date header of HTTP (RFC 9110, 5.6.7), its preferred form: "Tue, 24 Nov 2026 18:49:44 GMT".
std::optional<WallTime> ParseHttpDate(const std::string& text);

// "2026-11-24T18:49:44Z"; fractions of a second are dropped.
std::string FormatTimestamp(WallTime time);

// "2026-11-24T18:49:44.050Z".
std::string FormatTimestampMilliseconds(WallTime time);

}  // namespace sumac::aws
