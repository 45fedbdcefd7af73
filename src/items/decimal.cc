#include "items/decimal.h"

#include <array>

#include "items/number_text.h"

namespace sumac::items {
namespace {

using Wide = Digits38;

constexpr int kWidthMax = 38;

constexpr std::array<Wide, kWidthMax + 1> PowersOfTen() {
  std::array<Wide, kWidthMax + 1> powers{1};
  for (size_t i = 1; i < powers.size(); ++i) powers[i] = powers[i - 1] * 10;
  return powers;
}
constexpr auto kPowersOfTen = PowersOfTen();

duckdb::hugeint_t ToHugeint(Wide value, bool negative) {
  duckdb::hugeint_t result;
  result.lower = static_cast<uint64_t>(value);
  result.upper = static_cast<int64_t>(static_cast<uint64_t>(value >> 64));
  return negative ? -result : result;
}

}  // namespace

std::optional<duckdb::hugeint_t> NumberToDecimal(std::string_view text, int width, int scale) {
  PlainNumber plain;
  if (PlainNumber::Read(text, plain) && plain.fraction_digits <= scale) {
    const int zeros = scale - plain.fraction_digits;
    if (plain.digits >= kPowersOfTen[static_cast<size_t>(width - zeros)]) return std::nullopt;
    return ToHugeint(plain.digits * kPowersOfTen[static_cast<size_t>(zeros)], plain.negative);
  }
  const auto number = ParseNumberText(text);
  if (!number || number->FractionDigits() > scale) return std::nullopt;
  if (number->digit_count == 0) return duckdb::hugeint_t(0);
  const int zeros = number->exponent + scale;
  if (number->digit_count + zeros > width) return std::nullopt;
  // 38 digits are below 2^127, so nothing here can overflow.
  Wide value = 0;
  for (int i = 0; i < number->digit_count; ++i) {
    value = value * 10 + static_cast<Wide>(number->digits[static_cast<size_t>(i)] - '0');
  }
  return ToHugeint(value * kPowersOfTen[static_cast<size_t>(zeros)], number->negative);
}

}  // namespace sumac::items
