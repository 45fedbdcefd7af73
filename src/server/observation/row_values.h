// Values of the tables that servers make of what they know. Internal to server/.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include <duckdb.hpp>

#include "base/clock.h"

namespace sumac::server {

// NULL for an empty text.
inline duckdb::Value TextOrNothing(const std::string& text) {
  return text.empty() ? duckdb::Value(duckdb::LogicalType::VARCHAR) : duckdb::Value(text);
}

// TIMESTAMPTZ
inline duckdb::Value TimeValue(WallTime time) {
  const auto since = std::chrono::duration_cast<std::chrono::microseconds>(time.time_since_epoch());
  return duckdb::Value::TIMESTAMPTZ(duckdb::timestamp_tz_t(since.count()));
}

// MAP(VARCHAR, VARCHAR)
inline duckdb::Value TextMapValue(const std::vector<std::pair<std::string, std::string>>& entries) {
  duckdb::vector<duckdb::Value> keys;
  duckdb::vector<duckdb::Value> values;
  for (const auto& [key, value] : entries) {
    keys.emplace_back(key);
    values.emplace_back(value);
  }
  const auto text = duckdb::LogicalType::VARCHAR;
  return duckdb::Value::MAP(text, text, std::move(keys), std::move(values));
}

}  // namespace sumac::server
