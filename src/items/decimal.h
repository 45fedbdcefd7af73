// DECIMAL(p, s) from DynamoDB's number text, digit for digit.
#pragma once

#include <optional>
#include <string_view>

#include <duckdb.hpp>

namespace sumac::items {

// The unscaled value (number * 10^scale), when `text` is a number with at most `scale` digits after
// the point and at most `width` digits in all at that scale. REQUIRES: scale <= width <= 38.
std::optional<duckdb::hugeint_t> NumberToDecimal(std::string_view text, int width, int scale);

}  // namespace sumac::items
