// DECIMAL(p, s) from DynamoDB's number text, digit for digit.
#pragma once

#include <optional>
#include <string_view>

#include <duckdb.hpp>

namespace sumac::items {

// The unscaled value (number * 10^scale), when `text` is a number with at most `scale` digits after
// the point and at most `width` digits in all at that scale. REQUIRES: scale <= width <= 38.
std::optional<duckdb::hugeint_t> NumberToDecimal(std::string_view text, int width, int scale);

// The same of what `text` begins with; see PlainNumber for what is read, where it ends and what is
// required.
const char* ReadPlainDecimal(const char* text, int width, int scale, duckdb::hugeint_t& unscaled);

}  // namespace sumac::items
