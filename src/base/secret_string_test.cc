#include "base/secret_string.h"

#include <algorithm>
#include <sstream>
#include <type_traits>

#include <gtest/gtest.h>

namespace sumac {
namespace {

// Short enough to stand inside of the object, and not.
const std::string kTexts[] = {"", "short", std::string(15, 's'), std::string(16, 'm'),
                              std::string(5'000, 'l')};

template <typename T>
concept Printable = requires(std::ostream& out, const T& value) {
  out << value;
};

static_assert(!Printable<SecretString>);
static_assert(!std::is_convertible_v<SecretString, std::string>);
static_assert(!std::is_convertible_v<SecretString, std::string_view>);
static_assert(!std::is_convertible_v<std::string, SecretString>);
static_assert(std::is_nothrow_move_constructible_v<SecretString>);
static_assert(std::is_nothrow_move_assignable_v<SecretString>);

// Whether the bytes that `text` has room for are all zero; it is still a living string.
bool IsWiped(const std::string& text) {
  return text.empty() &&
         std::all_of(text.data(), text.data() + text.capacity(), [](char c) { return c == '\0'; });
}

TEST(SecretStringTest, TakesOverAStringAndWipesIt) {
  for (const auto& text : kTexts) {
    std::string plain = text;
    const SecretString secret(std::move(plain));
    EXPECT_EQ(secret.Reveal(), text);
    EXPECT_TRUE(IsWiped(plain));  // NOLINT(bugprone-use-after-move): that is what is tested
    EXPECT_EQ(secret.empty(), text.empty());
  }
}

TEST(SecretStringTest, MovesLeaveNothingBehind) {
  for (const auto& text : kTexts) {
    SecretString first(text);
    const std::string& left = first.Reveal();
    SecretString second(std::move(first));
    EXPECT_EQ(second.Reveal(), text);
    EXPECT_TRUE(IsWiped(left));

    SecretString third("what was there before, and is long enough for the heap");
    const std::string& left_second = second.Reveal();
    third = std::move(second);
    EXPECT_EQ(third.Reveal(), text);
    EXPECT_TRUE(IsWiped(left_second));
  }
}

TEST(SecretStringTest, AssignmentLeavesNothingOfALongerOne) {
  for (const auto& text : kTexts) {
    SecretString secret(std::string(200, 'x'));
    const SecretString other(text);
    secret = other;
    EXPECT_EQ(secret.Reveal(), text);
    EXPECT_EQ(other.Reveal(), text);
    const std::string& value = secret.Reveal();
    EXPECT_EQ(std::count(value.data(), value.data() + value.capacity(), 'x'), 0);
  }
}

TEST(SecretStringTest, MayBeAssignedToItself) {
  SecretString secret("secret");
  auto& same = secret;
  secret = same;
  EXPECT_EQ(secret.Reveal(), "secret");
  secret = std::move(same);
  EXPECT_EQ(secret.Reveal(), "secret");
}

TEST(SecretStringTest, ComparesByValue) {
  EXPECT_EQ(SecretString("a"), SecretString(std::string("a")));
  EXPECT_NE(SecretString("a"), SecretString("b"));
  EXPECT_EQ(SecretString(), SecretString(""));
}

}  // namespace
}  // namespace sumac
