#include "items/number_text.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>
#include <iterator>

namespace sumac::items {
namespace {

constexpr int kExponentMax = 10'000;
// Every decimal of at most so many significant digits survives the way through a double or float.
constexpr int kDoubleDigitsSafe = 15;
constexpr int kFloatDigitsSafe = 6;

bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}

// Reads "E+12" at `at` to the end of `text`; nothing when it is none.
std::optional<int> ParseExponent(std::string_view text, size_t at) {
  if (at == text.size()) return 0;
  if (text[at] != 'e' && text[at] != 'E') return std::nullopt;
  ++at;
  if (at < text.size() && text[at] == '+') {
    ++at;
    if (at < text.size() && text[at] == '-') return std::nullopt;
  }
  int exponent = 0;
  const auto [end, error] = std::from_chars(text.data() + at, text.data() + text.size(), exponent);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  if (std::abs(exponent) > kExponentMax) return std::nullopt;
  return exponent;
}

// Digits with a point among them, or none: (digits) * 10^power. May stop within more than
// kDoubleDigitsSafe digits, or tells that there are more.
const char* ReadDigits(const char* first, uint64_t& sum, std::ptrdiff_t& digit_count, int& power) {
  const DigitBlock block(first);
  // Most are short enough for one block, the point taken out of it.
  if (const size_t whole = block.digits(); whole < DigitBlock::kBytes && first[whole] == '.') {
    const DigitBlock digits = block.WithoutByte(whole);
    if (digits.digits() < DigitBlock::kBytes - 1) [[likely]] {
      sum = digits.Value();
      digit_count = static_cast<std::ptrdiff_t>(digits.digits());
      power = -static_cast<int>(digits.digits() - whole);
      return first + digits.digits() + 1;
    }
  }
  const char* const limit = first + kDoubleDigitsSafe + 1;
  const char* end = AppendDigits(first, limit, sum);
  digit_count = end - first;
  if (*end == '.' && end < limit) {
    const char* const point = end;
    end = AppendDigits(point + 1, limit, sum);
    power = static_cast<int>(point + 1 - end);
    digit_count -= power;
  }
  return end;
}

// What stands behind the E of a number's beginning.
const char* ReadShortExponent(const char* text, int& exponent) {
  const bool negative = *text == '-';
  if (negative || *text == '+') ++text;
  const DigitBlock block(text);
  if (block.digits() == 0 || block.digits() > 4) return nullptr;
  exponent = static_cast<int>(block.Value());
  if (negative) exponent = -exponent;
  return text + block.digits();
}

// `text` as the nearest T. REQUIRES: it is a number.
template <typename T>
bool ReadNearest(std::string_view text, T& value) {
  if (text.front() == '+') text.remove_prefix(1);
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size();
}

template <typename T>
std::optional<T> Nearest(std::string_view text) {
  T value{};
  return ReadNearest(text, value) ? std::optional(value) : std::nullopt;
}

// The T whose shortest form has the digits of `text`; those of at most `digits_safe` always do.
template <typename T>
std::optional<T> Exactly(std::string_view text, int digits_safe) {
  const auto number = ParseNumberText(text);
  if (!number) return std::nullopt;
  const auto value = Nearest<T>(text);
  if (!value) return std::nullopt;
  if (number->digit_count <= digits_safe && std::isnormal(*value)) return value;
  if (number->digit_count == 0) return T{0};

  std::array<char, 40> shortest{};
  const auto written = std::to_chars(shortest.data(), shortest.data() + shortest.size(), *value,
                                     std::chars_format::scientific);
  const auto back = ParseNumberText(
      std::string_view(shortest.data(), static_cast<size_t>(written.ptr - shortest.data())));
  if (!back || !(*back == *number)) return std::nullopt;
  return value;
}

// Zero has no sign.
template <typename T>
std::optional<T> NearestNumber(std::string_view text) {
  const auto number = ParseNumberText(text);
  if (!number) return std::nullopt;
  return number->digit_count == 0 ? T{0} : Nearest<T>(text);
}

}  // namespace

int NumberText::IntegerDigits() const {
  return std::max(0, digit_count + exponent);
}

int NumberText::FractionDigits() const {
  return std::max(0, -exponent);
}

const char* PlainNumber::ReadBeginning(const char* text, PlainNumber& number) {
  number.negative = *text == '-';
  const char* const first = text + (number.negative ? 1 : 0);
  const char* at = first;
  const char* point = nullptr;
  Digits38 all = 0;
  uint64_t part = 0;
  size_t part_digits = 0;
  while (true) {
    const DigitBlock block(at);
    if (part_digits + block.digits() >= std::size(kPowersOfTen64)) {
      all = all * kPowersOfTen64[part_digits] + part;
      part = 0;
      part_digits = 0;
    }
    part = part * kPowersOfTen64[block.digits()] + block.Value();
    part_digits += block.digits();
    at += block.digits();
    if (block.digits() == DigitBlock::kBytes) {
      // Beyond it the sum would not fit, and the padding end.
      if (at - first > kDigitsMax + 1) return nullptr;
      continue;
    }
    if (*at != '.' || point != nullptr) break;
    point = at++;
  }
  number.digits = all == 0 ? part : all * kPowersOfTen64[part_digits] + part;
  number.fraction_digits = point == nullptr ? 0 : static_cast<int>(at - point - 1);
  number.digit_count = static_cast<int>(at - first) - (point == nullptr ? 0 : 1);
  return number.digit_count > 0 && number.digit_count <= kDigitsMax ? at : nullptr;
}

bool operator==(const NumberText& a, const NumberText& b) {
  return a.negative == b.negative && a.digit_count == b.digit_count && a.exponent == b.exponent &&
         std::memcmp(a.digits.data(), b.digits.data(), static_cast<size_t>(a.digit_count)) == 0;
}

std::optional<NumberText> ParseNumberText(std::string_view text) {
  NumberText number;
  size_t at = 0;
  if (at < text.size() && (text[at] == '-' || text[at] == '+')) {
    number.negative = text[at] == '-';
    ++at;
  }
  const size_t first = at;
  size_t points = 0;
  int fraction_digits = 0;
  int digits = 0;
  int zeros_left_out = 0;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (IsDigit(c)) {
      fraction_digits += points > 0 ? 1 : 0;
      if (digits == 0 && c == '0') continue;
      if (digits < NumberText::kDigitsMax) {
        number.digits[static_cast<size_t>(digits++)] = c;
      } else if (c == '0') {
        ++zeros_left_out;
      } else {
        return std::nullopt;
      }
    } else if (c == '.' && points == 0) {
      ++points;
    } else {
      break;
    }
  }
  const bool any_digit = at - first > points;
  // A digit behind zeros that were left out would have been one too many.
  int zeros_at_end = zeros_left_out;
  for (; digits > 0 && number.digits[static_cast<size_t>(digits - 1)] == '0'; --digits) {
    ++zeros_at_end;
  }
  number.digit_count = digits;
  if (!any_digit || fraction_digits > kExponentMax) return std::nullopt;
  const auto exponent = ParseExponent(text, at);
  if (!exponent) return std::nullopt;
  if (number.digit_count == 0) {
    number.negative = false;
    return number;
  }
  number.exponent = *exponent - fraction_digits + zeros_at_end;
  return number;
}

std::optional<int64_t> NumberToInt64(std::string_view text) {
  int64_t value = 0;
  const PaddedNumber padded(text);
  if (const char* end = ReadPlainInteger(padded.begin(), value); end && end == padded.end()) {
    return value;
  }
  const auto number = ParseNumberText(text);
  if (!number || number->exponent < 0 || number->IntegerDigits() > 19) return std::nullopt;
  std::array<char, 24> plain{};
  size_t size = 0;
  if (number->negative) plain[size++] = '-';
  for (int i = 0; i < number->digit_count; ++i)
    plain[size++] = number->digits[static_cast<size_t>(i)];
  for (int i = 0; i < number->exponent; ++i) plain[size++] = '0';
  if (number->digit_count == 0) plain[size++] = '0';
  const auto [plain_end, plain_error] = std::from_chars(plain.data(), plain.data() + size, value);
  if (plain_error != std::errc() || plain_end != plain.data() + size) return std::nullopt;
  return value;
}

const char* ReadShortDouble(const char* text, double& value) {
  static constexpr double kPowersOfTen[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                            1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                            1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
  // A product or quotient of two doubles that are exact is the nearest double (Clinger, "How to
  // read floating point numbers accurately", 1990).
  constexpr int kPowerMax = static_cast<int>(std::size(kPowersOfTen)) - 1;
  const bool negative = *text == '-';
  const char* const first = text + (negative ? 1 : 0);
  uint64_t sum = 0;
  std::ptrdiff_t digit_count = 0;
  int power = 0;
  const char* end = ReadDigits(first, sum, digit_count, power);
  if (digit_count == 0 || digit_count > kDoubleDigitsSafe) return nullptr;
  if (*end == 'E' || *end == 'e') {
    int exponent = 0;
    end = ReadShortExponent(end + 1, exponent);
    if (end == nullptr) return nullptr;
    power += exponent;
  }
  const auto digits = static_cast<double>(sum);
  if (power >= -kPowerMax && power <= 0) {
    value = digits / kPowersOfTen[-power];
  } else if (power > 0 && power <= kPowerMax) {
    value = digits * kPowersOfTen[power];
  } else if (sum != 0) {
    // Of numbers that are less than normal even few digits may be lost.
    const std::string_view all(text, static_cast<size_t>(end - text));
    return ReadNearest(all, value) && std::isnormal(value) ? end : nullptr;
  } else {
    value = 0;
  }
  // Zero has no sign.
  if (negative && sum != 0) value = -value;
  return end;
}

std::optional<double> NumberToDoubleExactly(std::string_view text) {
  double value = 0;
  const PaddedNumber padded(text);
  if (const char* end = ReadShortDouble(padded.begin(), value); end && end == padded.end()) {
    return value;
  }
  return Exactly<double>(text, kDoubleDigitsSafe);
}

std::optional<double> NumberToNearestDouble(std::string_view text) {
  double value = 0;
  const PaddedNumber padded(text);
  if (const char* end = ReadShortDouble(padded.begin(), value); end && end == padded.end()) {
    return value;
  }
  return NearestNumber<double>(text);
}

std::optional<float> NumberToFloatExactly(std::string_view text) {
  return Exactly<float>(text, kFloatDigitsSafe);
}

std::optional<float> NumberToNearestFloat(std::string_view text) {
  return NearestNumber<float>(text);
}

bool IsJsonNumber(std::string_view text) {
  size_t at = text.starts_with('-') ? 1 : 0;
  if (at >= text.size() || !IsDigit(text[at])) return false;
  if (text[at] == '0' && at + 1 < text.size() && IsDigit(text[at + 1])) return false;
  const size_t point = text.find('.');
  const bool digit_follows =
      point == std::string_view::npos || (point + 1 < text.size() && IsDigit(text[point + 1]));
  return digit_follows && ParseNumberText(text).has_value();
}

}  // namespace sumac::items
