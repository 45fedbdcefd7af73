#include "datasets/time_column.h"

#include <fmt/format.h>

#include "engine/sql_text.h"

namespace sumac::datasets {
namespace {

using duckdb::LogicalTypeId;
using spicepod::TimeFormat;

// Clocks of the world differ from UTC by less.
constexpr std::chrono::hours kZonesMost{24};

int64_t Microseconds(WallTime time) {
  return std::chrono::duration_cast<std::chrono::microseconds>(time.time_since_epoch()).count();
}

std::string TimestampText(WallTime time) {
  return duckdb::Timestamp::ToString(duckdb::timestamp_t(Microseconds(time)));
}

std::string DateText(WallTime time) {
  const duckdb::timestamp_t timestamp(Microseconds(time));
  return duckdb::Date::ToString(duckdb::Timestamp::GetDate(timestamp));
}

// Rounded up.
int64_t Quotient(int64_t dividend, int64_t divisor) {
  const int64_t quotient = dividend / divisor;
  return quotient + (dividend % divisor > 0 ? 1 : 0);
}

}  // namespace

Result<TimeColumn> TimeColumn::Create(const std::string& name, const duckdb::LogicalType& type,
                                      TimeFormat format) {
  const std::string quoted = engine::QuotedIdentifier(name);
  switch (type.id()) {
    case LogicalTypeId::TIMESTAMP:
    case LogicalTypeId::TIMESTAMP_SEC:
    case LogicalTypeId::TIMESTAMP_MS:
    case LogicalTypeId::TIMESTAMP_NS:
      return TimeColumn(quoted, Kind::kTimestamp, true);
    case LogicalTypeId::TIMESTAMP_TZ:
      return TimeColumn(quoted, Kind::kTimestampTz, true);
    case LogicalTypeId::DATE:
      return TimeColumn(quoted, Kind::kDate, true);
    case LogicalTypeId::VARCHAR:
      return TimeColumn(quoted, Kind::kText, true);
    default:
      break;
  }
  if (!type.IsNumeric()) {
    return Fail(ErrorCode::kInvalidArgument,
                "time_column '" + name + "' has the type " + type.ToString() +
                    ", which holds no times; name a column of times, texts or numbers");
  }
  if (format != TimeFormat::kUnixSeconds && format != TimeFormat::kUnixMillis) {
    return Fail(ErrorCode::kInvalidArgument,
                "time_column '" + name +
                    "' has numbers; say with time_format whether they are unix_seconds or "
                    "unix_millis");
  }
  return TimeColumn(quoted,
                    format == TimeFormat::kUnixSeconds ? Kind::kSeconds : Kind::kMilliseconds,
                    type.IsIntegral());
}

std::string TimeColumn::NewestMicroseconds() const {
  switch (kind_) {
    case Kind::kTimestamp:
    case Kind::kTimestampTz:
    case Kind::kDate:
      return fmt::format("epoch_us(max({}))", name_);
    case Kind::kSeconds:
      return fmt::format("TRY_CAST(max({})::DOUBLE * 1000000 AS BIGINT)", name_);
    case Kind::kMilliseconds:
      return fmt::format("TRY_CAST(max({})::DOUBLE * 1000 AS BIGINT)", name_);
    case Kind::kText:
      return fmt::format("epoch_us(max(TRY_CAST({} AS TIMESTAMP)))", name_);
  }
  return "NULL";
}

std::string TimeColumn::Literal(WallTime time) const {
  const int64_t microseconds = Microseconds(time);
  switch (kind_) {
    case Kind::kTimestamp:
    case Kind::kText:
      return fmt::format("TIMESTAMP '{}'", TimestampText(time));
    case Kind::kTimestampTz:
      return fmt::format("TIMESTAMPTZ '{}+00'", TimestampText(time));
    case Kind::kDate:
      return fmt::format("DATE '{}'", DateText(time));
    case Kind::kSeconds:
      return whole_ ? std::to_string(Quotient(microseconds, 1'000'000))
                    : fmt::format("{:.6f}", static_cast<double>(microseconds) / 1e6);
    case Kind::kMilliseconds:
      return whole_ ? std::to_string(Quotient(microseconds, 1'000))
                    : fmt::format("{:.3f}", static_cast<double>(microseconds) / 1e3);
  }
  return "NULL";
}

std::string TimeColumn::NotBefore(WallTime time) const {
  if (kind_ != Kind::kText) return fmt::format("{} >= {}", name_, Literal(time));
  // The first condition is one on plain text, which DynamoDB can judge, and lets through all that
  // the second does: texts that begin with a date are in the order of their dates.
  return fmt::format("{} >= '{}' AND TRY_CAST({} AS TIMESTAMP) >= {}", name_,
                     DateText(time - kZonesMost), name_, Literal(time));
}

std::string TimeColumn::Before(WallTime time) const {
  if (kind_ != Kind::kText) return fmt::format("{} < {}", name_, Literal(time));
  return fmt::format("TRY_CAST({} AS TIMESTAMP) < {}", name_, Literal(time));
}

}  // namespace sumac::datasets
