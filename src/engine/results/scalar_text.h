// The text of single values, without quotes: exact numbers and ISO 8601 times. The cell writers put
// them into JSON, CSV and tables.
#pragma once

#include <charconv>
#include <cstdint>
#include <string>
#include <string_view>

#include <duckdb.hpp>

namespace sumac::engine {

template <typename Integer>
void AppendInteger(Integer value, std::string& out) {
  char buffer[24];
  const auto result = std::to_chars(buffer, buffer + sizeof(buffer), value);
  out.append(buffer, result.ptr);
}

void AppendBoolean(bool value, std::string& out);
void AppendHugeint(duckdb::hugeint_t value, std::string& out);
void AppendUhugeint(duckdb::uhugeint_t value, std::string& out);

// The shortest digits that read back as the same value, with at least one of '.' and 'e':
// `1.0`, `0.1`, `1e+20`; `NaN`, `inf` and `-inf` otherwise.
void AppendFloat(float value, std::string& out);
void AppendDouble(double value, std::string& out);

// Appends `digits` (an optional sign and decimal digits) with the point before the last `scale`.
void AppendDecimalDigits(std::string_view digits, int scale, std::string& out);

void AppendHex(std::string_view bytes, std::string& out);

// `2024-02-29`; a year outside 0000 to 9999 has a sign, as ISO 8601 asks: `-0043-03-15`.
void AppendDate(duckdb::date_t value, std::string& out);

// `12:34:56`, with three, six or nine digits of a fraction that is not zero.
void AppendTime(duckdb::dtime_t value, std::string& out);
void AppendTimeNanoseconds(duckdb::dtime_ns_t value, std::string& out);
// `12:34:56+02:00`
void AppendTimeWithOffset(duckdb::dtime_tz_t value, std::string& out);

// `2024-02-29T12:34:56.789`, `infinity`, `-infinity`. `ticks` counts `ticks_per_second` since 1970.
void AppendTimestampTicks(int64_t ticks, int64_t ticks_per_second, std::string& out);

// As DuckDB prints and reads it: `1 month 2 days 03:00:00`.
void AppendInterval(duckdb::interval_t value, std::string& out);
void AppendUuid(duckdb::hugeint_t value, std::string& out);
void AppendBits(duckdb::string_t value, std::string& out);

}  // namespace sumac::engine
