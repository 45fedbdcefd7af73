// DynamoDB numbers as text: up to 38 significant digits, magnitude 1E-130 to 9.99E+125. No machine
// type holds them all, so what a number needs is judged on its text.
// Source: DynamoDB developer guide, "Data types: Number".
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "items/digit_block.h"

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

// The readers below take what a text begins with, and return where they stopped, or null when it is
// not of their kind; it may be a number all the same. They do not know where the text ends, and may
// stop within a number that has too many digits: only when they stopped at the end of the text have
// they read it. REQUIRES of them: so many readable bytes at `text`. None reads more than 49.
inline constexpr size_t kNumberPaddingBytes = 64;

// A number in plain notation of at most kDigitsMax digits, (-1)^negative * digits /
// 10^fraction_digits.
struct PlainNumber {
  static constexpr int kDigitsMax = 38;

  bool negative = false;
  Digits38 digits = 0;
  int digit_count = 0;  // as written, zeros at either end among them
  int fraction_digits = 0;

  static const char* ReadBeginning(const char* text, PlainNumber& number);
};

// An integer without a point or an exponent.
inline const char* ReadPlainInteger(const char* text, int64_t& value) {
  // So many digits always fit 64 bits without a sign.
  constexpr std::ptrdiff_t kDigitsMax = 19;
  const bool negative = *text == '-';
  const char* const first = text + (negative ? 1 : 0);
  uint64_t digits = 0;
  const char* const end = AppendDigits(first, first + kDigitsMax, digits);
  if (end == first || end - first > kDigitsMax) return nullptr;
  if (digits > uint64_t{INT64_MAX} + (negative ? 1 : 0)) return nullptr;
  value = static_cast<int64_t>(negative ? 0 - digits : digits);
  return end;
}

// A number of so few digits that a double always is the same number.
const char* ReadShortDouble(const char* text, double& value);

// A text that is not followed by enough bytes; longer ones are cut, and are of none of these kinds.
class PaddedNumber {
 public:
  explicit PaddedNumber(std::string_view text) : size_(text.size()) {
    text.copy(text_.data(), kSizeMax);
  }
  const char* begin() const { return text_.data(); }
  // Where a reader ends that has taken all of the text.
  const char* end() const { return size_ <= kSizeMax ? text_.data() + size_ : nullptr; }

 private:
  static constexpr size_t kSizeMax = 63;
  size_t size_;
  std::array<char, kSizeMax + 1 + kNumberPaddingBytes> text_{};
};

// Reads plain ("-12.50") or scientific ("1.5E+10") notation. Nothing when `text` is no number, has
// more than kDigitsMax significant digits or an exponent beyond +-10000.
std::optional<NumberText> ParseNumberText(std::string_view text);

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
