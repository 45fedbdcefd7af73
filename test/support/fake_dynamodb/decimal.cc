#include "fake_dynamodb/decimal.h"

#include <algorithm>
#include <charconv>

namespace sumac::fake_dynamodb {
namespace {

constexpr size_t kDigitsMax = 38;
constexpr int kExponentMax = 126;   // of 0.DIGITS: 9.9E+125 is 0.99E+126
constexpr int kExponentMin = -129;  // 1E-130 is 0.1E-129
// Written longer than this, it is none; keeps the exponent far from overflow.
constexpr size_t kTextMax = 1000;

bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}

}  // namespace

std::optional<Decimal> Decimal::Parse(std::string_view text) {
  if (text.size() > kTextMax) return std::nullopt;
  Decimal number;
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) {
    number.negative_ = text[0] == '-';
    text.remove_prefix(1);
  }
  std::optional<int> places;  // before the point
  size_t length = 0;
  for (; length < text.size(); ++length) {
    const char c = text[length];
    if (c == '.' && !places) {
      places = static_cast<int>(number.digits_.size());
    } else if (IsDigit(c)) {
      number.digits_ += c;
    } else {
      break;
    }
  }
  if (number.digits_.empty()) return std::nullopt;
  number.exponent_ = places.value_or(static_cast<int>(number.digits_.size()));
  text.remove_prefix(length);
  if (!text.empty()) {
    if (text[0] != 'e' && text[0] != 'E') return std::nullopt;
    text.remove_prefix(text.size() > 1 && text[1] == '+' ? 2 : 1);
    int exponent = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), exponent);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    if (exponent > 10'000 || exponent < -10'000) return std::nullopt;
    number.exponent_ += exponent;
  }
  auto& digits = number.digits_;
  const auto leading = std::min(digits.find_first_not_of('0'), digits.size());
  digits.erase(0, leading);
  number.exponent_ -= static_cast<int>(leading);
  digits.resize(digits.find_last_not_of('0') + 1);
  if (digits.empty()) return Decimal();
  if (digits.size() > kDigitsMax || number.exponent_ > kExponentMax ||
      number.exponent_ < kExponentMin) {
    return std::nullopt;
  }
  return number;
}

std::string Decimal::Canonical() const {
  if (digits_.empty()) return "0";
  std::string text = negative_ ? "-" : "";
  const auto count = static_cast<int>(digits_.size());
  if (exponent_ <= 0) {
    return text + "0." + std::string(static_cast<size_t>(-exponent_), '0') + digits_;
  }
  if (exponent_ >= count) {
    return text + digits_ + std::string(static_cast<size_t>(exponent_ - count), '0');
  }
  const auto places = static_cast<size_t>(exponent_);
  return text + digits_.substr(0, places) + "." + digits_.substr(places);
}

int Compare(const Decimal& a, const Decimal& b) {
  const int sign = a.Sign();
  if (sign != b.Sign()) return sign < b.Sign() ? -1 : 1;
  if (sign == 0) return 0;
  if (a.exponent_ != b.exponent_) return a.exponent_ < b.exponent_ ? -sign : sign;
  return sign * a.digits_.compare(b.digits_);
}

}  // namespace sumac::fake_dynamodb
