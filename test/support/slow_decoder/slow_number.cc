#include "slow_decoder/slow_number.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <limits>

namespace sumac::slow_decoder {
namespace {

constexpr size_t kDigitsMax = 64;
constexpr int kExponentMax = 10'000;
constexpr int kIntegerDigitsMax = 38;
constexpr std::string_view kDigits = "0123456789";

bool AllDigits(std::string_view text) {
  return text.find_first_not_of(kDigits) == std::string_view::npos;
}

std::string_view WithoutLeadingZeros(std::string_view text) {
  return text.substr(std::min(text.find_first_not_of('0'), text.size()));
}

// The number behind the E.
std::optional<int> ReadExponent(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  if (text.empty() || !AllDigits(text)) return std::nullopt;
  text = WithoutLeadingZeros(text);
  if (text.size() > 6) return std::nullopt;
  const int value = text.empty() ? 0 : std::stoi(std::string(text));
  if (value > kExponentMax) return std::nullopt;
  return negative ? -value : value;
}

void Read(const std::string& text, double& value) {
  value = std::strtod(text.c_str(), nullptr);
}
void Read(const std::string& text, float& value) {
  value = std::strtof(text.c_str(), nullptr);
}

template <typename T>
std::optional<T> Nearest(std::string_view text) {
  const auto number = ReadNumber(text);
  if (!number) return std::nullopt;
  if (number->digits.empty()) return T{0};
  T value = 0;
  Read(std::string(text), value);
  if (value == 0 || std::isinf(value)) return std::nullopt;
  return value;
}

template <typename T>
std::optional<T> Same(std::string_view text) {
  const auto value = Nearest<T>(text);
  if (!value) return std::nullopt;
  const auto number = ReadNumber(text);
  for (int digits = 1; digits <= std::numeric_limits<T>::max_digits10; ++digits) {
    char shortest[40];
    std::snprintf(shortest, sizeof(shortest), "%.*e", digits - 1, static_cast<double>(*value));
    T back = 0;
    Read(shortest, back);
    if (back != *value) continue;
    const auto read = ReadNumber(shortest);
    const bool same = read->digits == number->digits && read->exponent == number->exponent &&
                      read->negative == number->negative;
    return same ? value : std::nullopt;
  }
  return std::nullopt;
}

}  // namespace

std::optional<SlowNumber> ReadNumber(std::string_view text) {
  SlowNumber number;
  number.negative = text.starts_with('-');
  if (number.negative || text.starts_with('+')) text.remove_prefix(1);

  const size_t e = text.find_first_of("eE");
  if (e != std::string_view::npos) {
    const auto exponent = ReadExponent(text.substr(e + 1));
    if (!exponent) return std::nullopt;
    number.exponent = *exponent;
    text = text.substr(0, e);
  }
  const size_t point = text.find('.');
  const auto whole = text.substr(0, point);
  const auto fraction = point == std::string_view::npos ? "" : text.substr(point + 1);
  if (whole.empty() && fraction.empty()) return std::nullopt;
  if (!AllDigits(whole) || !AllDigits(fraction)) return std::nullopt;
  if (fraction.size() > kExponentMax) return std::nullopt;

  number.digits = std::string(whole) + std::string(fraction);
  number.exponent -= static_cast<int>(fraction.size());
  number.digits = WithoutLeadingZeros(number.digits);
  while (number.digits.ends_with('0')) {
    number.digits.pop_back();
    ++number.exponent;
  }
  if (number.digits.size() > kDigitsMax) return std::nullopt;
  if (number.digits.empty()) return SlowNumber{};
  return number;
}

std::optional<std::string> PlainInteger(const SlowNumber& number) {
  return PlainDecimal(number, kIntegerDigitsMax, 0);
}

std::optional<std::string> PlainDecimal(const SlowNumber& number, int width, int scale) {
  const int zeros = number.exponent + scale;
  if (zeros < 0) return std::nullopt;
  if (static_cast<int>(number.digits.size()) + zeros > width && !number.digits.empty()) {
    return std::nullopt;
  }
  std::string unscaled = number.digits;
  if (!unscaled.empty()) unscaled.append(static_cast<size_t>(zeros), '0');
  const auto places = static_cast<size_t>(scale);
  while (unscaled.size() <= places) unscaled.insert(0, "0");
  if (places > 0) unscaled.insert(unscaled.size() - places, ".");
  return (number.negative ? "-" : "") + unscaled;
}

std::optional<double> NearestDouble(std::string_view text) {
  return Nearest<double>(text);
}
std::optional<float> NearestFloat(std::string_view text) {
  return Nearest<float>(text);
}
std::optional<double> SameDouble(std::string_view text) {
  return Same<double>(text);
}
std::optional<float> SameFloat(std::string_view text) {
  return Same<float>(text);
}

bool IsJsonNumber(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  const auto take_digits = [&] {
    const size_t count = std::min(text.find_first_not_of(kDigits), text.size());
    text.remove_prefix(count);
    return count;
  };
  const bool zero_first = text.starts_with('0');
  const size_t whole = take_digits();
  if (whole == 0 || (zero_first && whole > 1)) return false;
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    if (take_digits() == 0) return false;
  }
  if (text.starts_with('e') || text.starts_with('E')) {
    text.remove_prefix(1);
    if (text.starts_with('+') || text.starts_with('-')) text.remove_prefix(1);
    if (take_digits() == 0) return false;
  }
  return text.empty();
}

}  // namespace sumac::slow_decoder
