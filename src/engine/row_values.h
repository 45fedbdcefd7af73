// Values of tables whose rows the process makes of what it knows.
#pragma once

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include <duckdb.hpp>

#include "base/clock.h"

namespace sumac::engine {

// DuckDB takes no text that is not UTF-8, and that of clients and services may be anything.
inline duckdb::Value TextValue(const std::string& text) {
  if (duckdb::Value::StringIsValid(text.data(), text.size())) return duckdb::Value(text);
  return duckdb::Value("(not valid UTF-8)");
}

// The same, and NULL for an empty text.
inline duckdb::Value TextOrNull(const std::string& text) {
  return text.empty() ? duckdb::Value(duckdb::LogicalType::VARCHAR) : TextValue(text);
}

// TIMESTAMPTZ
inline duckdb::Value TimeValue(WallTime time) {
  const auto since = std::chrono::floor<std::chrono::microseconds>(time.time_since_epoch());
  return duckdb::Value::TIMESTAMPTZ(duckdb::timestamp_tz_t(since.count()));
}

// MAP(VARCHAR, VARCHAR)
inline duckdb::Value TextMapValue(const std::vector<std::pair<std::string, std::string>>& entries) {
  duckdb::vector<duckdb::Value> keys;
  duckdb::vector<duckdb::Value> values;
  for (const auto& [key, value] : entries) {
    keys.push_back(TextValue(key));
    values.push_back(TextValue(value));
  }
  const auto text = duckdb::LogicalType::VARCHAR;
  return duckdb::Value::MAP(text, text, std::move(keys), std::move(values));
}

}  // namespace sumac::engine
