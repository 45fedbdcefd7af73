// DECIMAL(38, s) from DynamoDB's number text, digit for digit.
#pragma once

#include <optional>
#include <string_view>

#include <duckdb.hpp>

namespace sumac::items {

// The unscaled value (number * 10^scale), when `text` is a number with at most `scale` digits after
// the point and at most 38 digits in all at that scale.
std::optional<duckdb::hugeint_t> NumberToDecimal38(std::string_view text, int scale);

}  // namespace sumac::items
