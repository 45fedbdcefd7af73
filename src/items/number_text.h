// DynamoDB numbers as text: up to 38 significant digits, magnitude 1E-130 to 9.99E+125. No machine
// type holds them all, so what a number needs is judged on its text.
// Source: DynamoDB developer guide, "Data types: Number".
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace sumac::items {

// A number taken apart: (-1)^negative * digits * 10^exponent, without leading or trailing zeros in
// `digits`. Zero has no digits and exponent 0.
struct NumberText {
  static constexpr int kDigitsMax = 64;

  bool negative = false;
  int digit_count = 0;
  int exponent = 0;
  std::array<char, kDigitsMax> digits{};  // '0'..'9', the first digit_count of them

  // Digits before the decimal point when written plainly; 0 for 0.5.
  int IntegerDigits() const;
  // Digits after the decimal point when written plainly; 0 for integers.
  int FractionDigits() const;

  friend bool operator==(const NumberText& a, const NumberText& b);
};

__extension__ using Digits38 = unsigned __int128;

// The common case, read without a look back: a number in plain notation of at most kDigitsMax
// digits, (-1)^negative * digits / 10^fraction_digits.
struct PlainNumber {
  static constexpr int kDigitsMax = 38;
  // So many always fit 64 bits.
  static constexpr int kDigitsAtOnce = 18;

  bool negative = false;
  Digits38 digits = 0;
  int digit_count = 0;  // as written, zeros at either end among them
  int fraction_digits = 0;

  // False when `text` is something else, which may be a number all the same.
  static bool Read(std::string_view text, PlainNumber& number);
};

// Reads plain ("-12.50") or scientific ("1.5E+10") notation. Nothing when `text` is no number, has
// more than kDigitsMax significant digits or an exponent beyond +-10000.
std::optional<NumberText> ParseNumberText(std::string_view text);

// The same for the integers that most numbers are: of at most kDigitsAtOnce digits.
inline bool ReadShortInteger(std::string_view text, int64_t& value) {
  const char* at = text.data();
  const char* const end = at + text.size();
  const bool negative = at < end && *at == '-';
  if (negative) ++at;
  if (at == end || end - at > PlainNumber::kDigitsAtOnce) return false;
  int64_t digits = 0;
  for (; at < end; ++at) {
    const auto digit = static_cast<unsigned char>(*at - '0');
    if (digit > 9) return false;
    digits = digits * 10 + digit;
  }
  value = negative ? -digits : digits;
  return true;
}

// The integer, when `text` is one that fits; "5.0" and "5E2" are integers.
std::optional<int64_t> NumberToInt64(std::string_view text);

// The double, when it and `text` are the same number: written in its shortest form the double gives
// back the digits of `text`.
std::optional<double> NumberToDoubleExactly(std::string_view text);

// The nearest double; nothing when `text` is no number or beyond the range of doubles.
std::optional<double> NumberToNearestDouble(std::string_view text);

// The same for floats.
std::optional<float> NumberToFloatExactly(std::string_view text);
std::optional<float> NumberToNearestFloat(std::string_view text);

// Whether `text` is a number as JSON writes it: no leading zero or '+', digits around the point.
bool IsJsonNumber(std::string_view text);

}  // namespace sumac::items
