// DynamoDB's numbers by school arithmetic on digit strings: the slow twin of items/number_text and
// items/decimal38, written from their contracts and sharing no code with them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace sumac::slow_decoder {

// (-1)^negative * digits * 10^exponent. `digits` begins and ends with none of its zeros; zero has
// no digits, exponent 0 and no sign.
struct SlowNumber {
  bool negative = false;
  std::string digits;
  int exponent = 0;
};

// Nothing when `text` is no number, or has more than 64 significant digits or an exponent beyond
// +-10000, which items/ takes for no numbers.
std::optional<SlowNumber> ReadNumber(std::string_view text);

// Plain digits ("-1200"), when it is an integer of at most 38 digits, as DynamoDB's are; HUGEINT
// would hold some of 39.
std::optional<std::string> PlainInteger(const SlowNumber& number);

// Plain digits with exactly `scale` after the point, when that is exact and at most `width` in all.
std::optional<std::string> PlainDecimal(const SlowNumber& number, int width, int scale);

// The nearest one that is finite, and not zero unless the number is. Nothing else; nor when `text`
// is no number. Zero has no sign.
std::optional<double> NearestDouble(std::string_view text);
std::optional<float> NearestFloat(std::string_view text);
// The nearest, when its shortest notation has the same digits.
std::optional<double> SameDouble(std::string_view text);
std::optional<float> SameFloat(std::string_view text);

// True for what RFC 8259 (section 6) calls a number.
bool IsJsonNumber(std::string_view text);

}  // namespace sumac::slow_decoder
