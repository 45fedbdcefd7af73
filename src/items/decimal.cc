#include "items/decimal.h"

#include "items/number_text.h"

namespace sumac::items {

std::optional<duckdb::hugeint_t> NumberToDecimal(std::string_view text, int width, int scale) {
  const auto number = ParseNumberText(text);
  if (!number || number->FractionDigits() > scale) return std::nullopt;
  if (number->digit_count == 0) return duckdb::hugeint_t(0);
  const int zeros = number->exponent + scale;
  if (number->digit_count + zeros > width) return std::nullopt;
  // 38 digits are below 2^127, so nothing here can overflow.
  __extension__ using Wide = unsigned __int128;
  Wide value = 0;
  for (int i = 0; i < number->digit_count; ++i) {
    value = value * 10 + static_cast<Wide>(number->digits[static_cast<size_t>(i)] - '0');
  }
  for (int i = 0; i < zeros; ++i) value *= 10;
  duckdb::hugeint_t result;
  result.lower = static_cast<uint64_t>(value);
  result.upper = static_cast<int64_t>(static_cast<uint64_t>(value >> 64));
  return number->negative ? -result : result;
}

}  // namespace sumac::items
