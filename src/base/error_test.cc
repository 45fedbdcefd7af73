#include "base/error.h"

#include <concepts>
#include <ostream>
#include <set>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/secret_string.h"

namespace sumac {
namespace {

TEST(ErrorTest, EveryCodeHasItsOwnName) {
  std::set<std::string_view> names;
  for (int code = 0; code <= static_cast<int>(ErrorCode::kInternal); ++code) {
    const auto name = ErrorCodeName(static_cast<ErrorCode>(code));
    EXPECT_TRUE(names.insert(name).second) << name;
    EXPECT_EQ(name.find_first_not_of("abcdefghijklmnopqrstuvwxyz_"), std::string_view::npos);
  }
}

TEST(ErrorTest, BlameFollowsFromTheConstructor) {
  EXPECT_EQ(UserError(ErrorCode::kNotFound, "x").blame, Blame::kUser);
  EXPECT_EQ(InternalError("x").blame, Blame::kSumac);
  EXPECT_EQ(CancelledError().code, ErrorCode::kCancelled);
  EXPECT_FALSE(CancelledError().retryable);
}

TEST(ErrorTest, ContextStandsBefore) {
  EXPECT_EQ(UserError(ErrorCode::kNotFound, "inner").WithContext("outer").message, "outer: inner");
}

template <typename T>
concept Streamable = requires(std::ostream& out, const T& value) {
  out << value;
};

// The compiler keeps a secret out of messages and logs.
TEST(SecretStringTest, CannotBePrinted) {
  static_assert(!Streamable<SecretString>);
  static_assert(!fmt::is_formattable<SecretString>::value);
  static_assert(!std::convertible_to<SecretString, std::string>);
  static_assert(!std::convertible_to<SecretString, std::string_view>);
  static_assert(!std::convertible_to<std::string, SecretString>);
  EXPECT_EQ(SecretString("x").Reveal(), "x");
  EXPECT_TRUE(SecretString().empty());
}

}  // namespace
}  // namespace sumac
