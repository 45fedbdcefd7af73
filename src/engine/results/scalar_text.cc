#include "engine/results/scalar_text.h"

#include <cmath>
#include <iterator>
#include <limits>

#include <duckdb/common/types/bit.hpp>
#include <duckdb/common/types/date.hpp>
#include <duckdb/common/types/hugeint.hpp>
#include <duckdb/common/types/interval.hpp>
#include <duckdb/common/types/uhugeint.hpp>
#include <duckdb/common/types/uuid.hpp>
#include <fmt/format.h>

namespace sumac::engine {
namespace {

constexpr int64_t kSecondsPerDay = 86400;
constexpr int64_t kNanosecondsPerSecond = 1000000000;

// Plain notation in the range people read, exponents outside of it.
constexpr double kPlainFrom = 1e-4;
constexpr double kPlainBelow = 1e16;

template <typename Float>
void AppendFloating(Float value, std::string& out) {
  if (std::isnan(value)) {
    out += "NaN";
    return;
  }
  if (std::isinf(value)) {
    out += value > 0 ? "inf" : "-inf";
    return;
  }
  const double magnitude = std::fabs(static_cast<double>(value));
  const bool plain = magnitude == 0 || (magnitude >= kPlainFrom && magnitude < kPlainBelow);
  char buffer[64];
  const auto result =
      std::to_chars(buffer, buffer + sizeof(buffer), value,
                    plain ? std::chars_format::fixed : std::chars_format::scientific);
  const std::string_view text(buffer, static_cast<size_t>(result.ptr - buffer));
  out += text;
  if (plain && text.find('.') == std::string_view::npos) out += ".0";
}

void AppendClock(int64_t seconds, int64_t nanoseconds, std::string& out) {
  fmt::format_to(std::back_inserter(out), "{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60,
                 seconds % 60);
  if (nanoseconds == 0) return;
  if (nanoseconds % 1000000 == 0) {
    fmt::format_to(std::back_inserter(out), ".{:03}", nanoseconds / 1000000);
  } else if (nanoseconds % 1000 == 0) {
    fmt::format_to(std::back_inserter(out), ".{:06}", nanoseconds / 1000);
  } else {
    fmt::format_to(std::back_inserter(out), ".{:09}", nanoseconds);
  }
}

}  // namespace

void AppendBoolean(bool value, std::string& out) {
  out += value ? "true" : "false";
}

void AppendHugeint(duckdb::hugeint_t value, std::string& out) {
  out += duckdb::Hugeint::ToString(value);
}

void AppendUhugeint(duckdb::uhugeint_t value, std::string& out) {
  out += duckdb::Uhugeint::ToString(value);
}

void AppendFloat(float value, std::string& out) {
  AppendFloating(value, out);
}
void AppendDouble(double value, std::string& out) {
  AppendFloating(value, out);
}

// DuckDB's own text of DECIMAL(2, 2) is `.05`, which is not JSON.
void AppendDecimalDigits(std::string_view digits, int scale, std::string& out) {
  if (digits.starts_with('-')) {
    out += '-';
    digits.remove_prefix(1);
  }
  const auto fraction = static_cast<size_t>(scale);
  if (fraction == 0) {
    out += digits;
  } else if (digits.size() > fraction) {
    out += digits.substr(0, digits.size() - fraction);
    out += '.';
    out += digits.substr(digits.size() - fraction);
  } else {
    out += "0.";
    out.append(fraction - digits.size(), '0');
    out += digits;
  }
}

void AppendHex(std::string_view bytes, std::string& out) {
  constexpr char kDigits[] = "0123456789abcdef";
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    out += kDigits[byte >> 4];
    out += kDigits[byte & 0xf];
  }
}

void AppendDate(duckdb::date_t value, std::string& out) {
  if (!duckdb::Date::IsFinite(value)) {
    out += value == duckdb::date_t::infinity() ? "infinity" : "-infinity";
    return;
  }
  int32_t year, month, day;
  duckdb::Date::Convert(value, year, month, day);
  if (year < 0) {
    fmt::format_to(std::back_inserter(out), "-{:04}", -static_cast<int64_t>(year));
  } else {
    fmt::format_to(std::back_inserter(out), "{}{:04}", year > 9999 ? "+" : "", year);
  }
  fmt::format_to(std::back_inserter(out), "-{:02}-{:02}", month, day);
}

void AppendTime(duckdb::dtime_t value, std::string& out) {
  AppendClock(value.micros / 1000000, value.micros % 1000000 * 1000, out);
}

void AppendTimeNanoseconds(duckdb::dtime_ns_t value, std::string& out) {
  // The member's name is inherited; it counts nanoseconds.
  AppendClock(value.micros / kNanosecondsPerSecond, value.micros % kNanosecondsPerSecond, out);
}

void AppendTimeWithOffset(duckdb::dtime_tz_t value, std::string& out) {
  AppendTime(value.time(), out);
  const int32_t offset = value.offset();
  const int32_t seconds = offset < 0 ? -offset : offset;
  fmt::format_to(std::back_inserter(out), "{}{:02}:{:02}", offset < 0 ? '-' : '+', seconds / 3600,
                 seconds / 60 % 60);
  if (seconds % 60 != 0) fmt::format_to(std::back_inserter(out), ":{:02}", seconds % 60);
}

void AppendTimestampTicks(int64_t ticks, int64_t ticks_per_second, std::string& out) {
  constexpr int64_t kInfinity = std::numeric_limits<int64_t>::max();
  if (ticks == kInfinity || ticks == -kInfinity) {
    out += ticks > 0 ? "infinity" : "-infinity";
    return;
  }
  const int64_t ticks_per_day = ticks_per_second * kSecondsPerDay;
  int64_t days = ticks / ticks_per_day;
  int64_t rest = ticks % ticks_per_day;
  if (rest < 0) {
    rest += ticks_per_day;
    --days;
  }
  if (days <= std::numeric_limits<int32_t>::min() || days >= std::numeric_limits<int32_t>::max()) {
    AppendInteger(ticks, out);  // no calendar goes there; the number is still exact
    return;
  }
  AppendDate(duckdb::date_t(static_cast<int32_t>(days)), out);
  out += 'T';
  AppendClock(rest / ticks_per_second,
              rest % ticks_per_second * (kNanosecondsPerSecond / ticks_per_second), out);
}

void AppendInterval(duckdb::interval_t value, std::string& out) {
  out += duckdb::Interval::ToString(value);
}

void AppendUuid(duckdb::hugeint_t value, std::string& out) {
  char buffer[duckdb::BaseUUID::STRING_SIZE];
  duckdb::BaseUUID::ToString(value, buffer);
  out.append(buffer, sizeof(buffer));
}

void AppendBits(duckdb::string_t value, std::string& out) {
  out += duckdb::Bit::ToString(value);
}

}  // namespace sumac::engine
