#include "items/number_text.h"

#include <cmath>

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
