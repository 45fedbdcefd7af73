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

// REQUIRES: `value` has at most 38 digits, which are below 2^127.
void Put(Wide value, bool negative, duckdb::hugeint_t& target) {
  const Wide bits = negative ? -value : value;
  target.lower = static_cast<uint64_t>(bits);
  target.upper = static_cast<int64_t>(static_cast<uint64_t>(bits >> 64));
}

}  // namespace

const char* ReadPlainDecimal(const char* text, int width, int scale, duckdb::hugeint_t& unscaled) {
  PlainNumber plain;
  const char* const end = PlainNumber::ReadBeginning(text, plain);
  if (end == nullptr || plain.fraction_digits > scale) return nullptr;
  const int zeros = scale - plain.fraction_digits;
  if (plain.digits >= kPowersOfTen[static_cast<size_t>(width - zeros)]) return nullptr;
  Put(plain.digits * kPowersOfTen[static_cast<size_t>(zeros)], plain.negative, unscaled);
  return end;
}

std::optional<duckdb::hugeint_t> NumberToDecimal(std::string_view text, int width, int scale) {
  duckdb::hugeint_t unscaled;
  const PaddedNumber padded(text);
  const char* const end = ReadPlainDecimal(padded.begin(), width, scale, unscaled);
  if (end != nullptr && end == padded.end()) return unscaled;
  const auto number = ParseNumberText(text);
  if (!number || number->FractionDigits() > scale) return std::nullopt;
  const int zeros = number->digit_count == 0 ? 0 : number->exponent + scale;
  if (number->digit_count + zeros > width) return std::nullopt;
  Wide value = 0;
  for (int i = 0; i < number->digit_count; ++i) {
    value = value * 10 + static_cast<Wide>(number->digits[static_cast<size_t>(i)] - '0');
  }
  Put(value * kPowersOfTen[static_cast<size_t>(zeros)], number->negative, unscaled);
  return unscaled;
}

}  // namespace sumac::items
