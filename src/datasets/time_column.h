// The column of a dataset that tells when a row is from, in SQL conditions. Pure.
#pragma once

#include <string>

#include <duckdb.hpp>

#include "base/clock.h"
#include "base/result.h"
#include "spicepod/spicepod.h"

namespace sumac::datasets {

// A value. The conditions are written so that as much as possible of them goes to DynamoDB.
class TimeColumn {
 public:
  // `format` says what numbers mean; texts are ISO 8601 whatever it says, in UTC unless they say
  // otherwise. Errors kInvalidArgument: times in columns of this type need another format, or there
  // are none.
  static Result<TimeColumn> Create(const std::string& name, const duckdb::LogicalType& type,
                                   spicepod::TimeFormat format);

  // The newest time of a table as BIGINT microseconds since 1970, an aggregate; NULL without one.
  std::string NewestMicroseconds() const;
  // True for rows from `time` on; not for those without a time that can be read.
  std::string NotBefore(WallTime time) const;
  // True for rows from before `time`.
  std::string Before(WallTime time) const;

 private:
  enum class Kind { kTimestamp, kTimestampTz, kDate, kSeconds, kMilliseconds, kText };

  TimeColumn(std::string quoted_name, Kind kind, bool whole)
      : name_(std::move(quoted_name)), kind_(kind), whole_(whole) {}

  // The first value that is not before `time`, as a literal.
  std::string Literal(WallTime time) const;

  std::string name_;
  Kind kind_;
  bool whole_;  // numbers without a fraction
};

}  // namespace sumac::datasets
