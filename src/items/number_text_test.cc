#include "items/number_text.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "items/decimal.h"

namespace sumac::items {
namespace {

struct NumberCase {
  const char* text;
  std::optional<int64_t> int64;
  bool double_exact;
  int integer_digits;
  int fraction_digits;
};

constexpr auto kNone = std::nullopt;

// DynamoDB holds 38 significant digits between 1E-130 and 9.99E+125; none of the machine types
// does.
const NumberCase kNumbers[] = {
    {"0", 0, true, 0, 0},
    {"-0", 0, true, 0, 0},
    {"1", 1, true, 1, 0},
    {"-17", -17, true, 2, 0},
    {"120", 120, true, 3, 0},
    {"5.0", 5, true, 1, 0},
    {"5E2", 500, true, 3, 0},
    {"1e+3", 1000, true, 4, 0},
    {"0.5", kNone, true, 0, 1},
    {"-0.1", kNone, true, 0, 1},
    {"19.99", kNone, true, 2, 2},
    {"0.001", kNone, true, 0, 3},
    {"9223372036854775807", INT64_MAX, false, 19, 0},
    {"-9223372036854775808", INT64_MIN, false, 19, 0},
    {"9223372036854775808", kNone, false, 19, 0},
    {"9007199254740993", 9007199254740993, false, 16, 0},
    {"9007199254740992", 9007199254740992, true, 16, 0},
    {"100000000000000000000", kNone, true, 21, 0},
    {"0.1000000000000000055511151231257827", kNone, false, 0, 34},
    {"12345678901234567890123456789012345678", kNone, false, 38, 0},
    {"1.2345678901234567890123456789012345678", kNone, false, 1, 37},
    {"1E125", kNone, true, 126, 0},
    {"1E-130", kNone, true, 0, 130},
    {"9.9999999999999999999999999999999999999E125", kNone, false, 126, 0},
};

TEST(NumberText, TellsWhichTypesHoldANumber) {
  for (const auto& number : kNumbers) {
    SCOPED_TRACE(number.text);
    EXPECT_EQ(NumberToInt64(number.text), number.int64);
    EXPECT_EQ(NumberToDoubleExactly(number.text).has_value(), number.double_exact);
    const auto parsed = ParseNumberText(number.text);
    ASSERT_TRUE(parsed.has_value());
    EXPECT_EQ(parsed->IntegerDigits(), number.integer_digits);
    EXPECT_EQ(parsed->FractionDigits(), number.fraction_digits);
  }
}

TEST(NumberText, HasNoNegativeZero) {
  for (const char* text : {"-0", "-0.00", "-0E5"}) {
    SCOPED_TRACE(text);
    EXPECT_FALSE(std::signbit(NumberToDoubleExactly(text).value()));
    EXPECT_FALSE(std::signbit(NumberToNearestDouble(text).value()));
    EXPECT_FALSE(std::signbit(NumberToFloatExactly(text).value()));
    EXPECT_FALSE(std::signbit(NumberToNearestFloat(text).value()));
  }
}

TEST(NumberText, RefusesWhatIsNoNumber) {
  for (const char* text : {"", "-", ".", "abc", "1.2.3", "1e", "1e+-3", "0x10", "1 ", " 1", "NaN",
                           "inf", "1e99999", "--1", "1_000"}) {
    SCOPED_TRACE(text);
    EXPECT_FALSE(ParseNumberText(text).has_value());
    EXPECT_FALSE(NumberToInt64(text).has_value());
    EXPECT_FALSE(NumberToDoubleExactly(text).has_value());
    EXPECT_FALSE(NumberToDecimal(text, 38, 2).has_value());
  }
}

// A number as DynamoDB writes or a hostile server may: any count of digits, a point anywhere, and
// now and then something else in it.
std::string RandomNumber(std::mt19937_64& random) {
  const auto below = [&random](uint64_t bound) { return random() % bound; };
  std::string text = below(3) == 0 ? "-" : "";
  const auto digits = below(below(8) == 0 ? 44 : 20);
  for (uint64_t i = 0; i < digits; ++i) text += static_cast<char>('0' + below(10));
  if (below(2) == 0 && !text.empty()) text.insert(1 + below(text.size()), ".");
  if (below(4) == 0) {
    text += below(2) == 0 ? "E" : "e";
    const char* const signs[] = {"", "+", "-"};
    text += signs[below(3)] + std::to_string(below(below(4) == 0 ? 400 : 30));
  }
  if (below(10) == 0 && !text.empty()) {
    text[below(text.size())] = static_cast<char>(below(256));
  }
  return text;
}

// What the readers of common numbers read is what the careful ones say, which look at one byte
// after the other.
TEST(NumberText, FastReadersAgreeWithCarefulOnes) {
  constexpr uint64_t kSeed = 20'261'125;
  SCOPED_TRACE(kSeed);
  std::mt19937_64 random(kSeed);
  int integers = 0;
  int doubles = 0;
  int decimals = 0;
  for (int i = 0; i < 200'000; ++i) {
    const auto text = RandomNumber(random);
    SCOPED_TRACE(text);
    // What follows must not matter.
    const std::string padded =
        text + '"' + std::string(kNumberPaddingBytes, static_cast<char>('0' + random() % 10));
    const char* const end = padded.data() + text.size();
    const auto parsed = ParseNumberText(text);

    int64_t integer = 0;
    const bool is_integer = ReadPlainInteger(padded.data(), integer) == end;
    int64_t expected = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), expected);
    const bool is_plain = text.find_first_of(".eE") == std::string::npos && text.size() < 19;
    const bool careful = read.ec == std::errc() && read.ptr == text.data() + text.size();
    if (is_integer) {
      ASSERT_TRUE(careful);
      ASSERT_EQ(integer, expected);
      ++integers;
    }
    ASSERT_TRUE(is_integer || !careful || !is_plain);

    double number = 0;
    if (ReadShortDouble(padded.data(), number) == end) {
      ASSERT_TRUE(parsed.has_value());
      const double nearest = std::strtod(text.c_str(), nullptr);
      ASSERT_EQ(number, nearest);
      ASSERT_EQ(std::signbit(number), parsed->negative);
      std::array<char, 40> shortest{};
      const auto written = std::to_chars(shortest.data(), shortest.data() + shortest.size(), number,
                                         std::chars_format::scientific);
      const auto back =
          ParseNumberText({shortest.data(), static_cast<size_t>(written.ptr - shortest.data())});
      ASSERT_TRUE(back.has_value() && *back == *parsed);
      ++doubles;
    }

    duckdb::hugeint_t unscaled;
    if (ReadPlainDecimal(padded.data(), 38, 10, unscaled) == end) {
      ASSERT_TRUE(parsed.has_value());
      ASSERT_LE(parsed->FractionDigits(), 10);
      std::string plain(parsed->digits.data(), static_cast<size_t>(parsed->digit_count));
      plain.append(static_cast<size_t>(plain.empty() ? 0 : parsed->exponent + 10), '0');
      const auto sign = parsed->negative ? "-" : "";
      ASSERT_EQ(unscaled.ToString(), plain.empty() ? "0" : sign + plain);
      ++decimals;
    }
  }
  EXPECT_GT(integers, 20'000);
  EXPECT_GT(doubles, 20'000);
  EXPECT_GT(decimals, 20'000);
}

// Digits run on into what follows the text, up to the last byte that may be read.
TEST(NumberText, FastReadersStayWithinThePadding) {
  for (const char filler : {'0', '7', '.', '"', '-', 'E'}) {
    for (const std::string text : {"", "-", "1", "-123456", "12345678", "-1.2345678", "1234567.",
                                   "-123456.", "1E", "1.5E-", "99999999999999999999"}) {
      // Of exactly this size, so that the sanitizer sees a byte too many.
      const std::vector<char> body = [&] {
        std::vector<char> bytes(text.begin(), text.end());
        bytes.resize(text.size() + kNumberPaddingBytes, filler);
        return bytes;
      }();
      SCOPED_TRACE(text + filler);
      int64_t integer = 0;
      double number = 0;
      duckdb::hugeint_t unscaled;
      PlainNumber plain;
      for (const char* const end :
           {ReadPlainInteger(body.data(), integer), ReadShortDouble(body.data(), number),
            ReadPlainDecimal(body.data(), 38, 5, unscaled),
            PlainNumber::ReadBeginning(body.data(), plain)}) {
        if (end == nullptr) continue;
        EXPECT_GE(end, body.data());
        EXPECT_LE(end, body.data() + body.size());
      }
    }
  }
}

struct DecimalCase {
  const char* text;
  int scale;
  const char* unscaled;  // null when it does not fit
};

const DecimalCase kDecimals[] = {
    {"1.5", 2, "150"},
    {"-1.50", 2, "-150"},
    {"0", 5, "0"},
    {"1.505", 2, nullptr},
    {"12345678901234567890123456789012345678", 0, "12345678901234567890123456789012345678"},
    {"-12345678901234567890123456789012345678", 0, "-12345678901234567890123456789012345678"},
    {"99999999999999999999999999999999999999", 0, "99999999999999999999999999999999999999"},
    {"100000000000000000000000000000000000000", 0, nullptr},
    {"0.00000000000000000000000000000000000001", 38, "1"},
    {"1", 38, nullptr},
    {"1E3", 1, "10000"},
};

TEST(Decimal38, IsExactOrNothing) {
  for (const auto& decimal : kDecimals) {
    SCOPED_TRACE(decimal.text);
    const auto value = NumberToDecimal(decimal.text, 38, decimal.scale);
    ASSERT_EQ(value.has_value(), decimal.unscaled != nullptr);
    if (value.has_value()) {
      EXPECT_EQ(value->ToString(), decimal.unscaled);
    }
  }
}

}  // namespace
}  // namespace sumac::items
