#include "base/snake_case.h"

#include <gtest/gtest.h>

namespace sumac {
namespace {

TEST(SnakeCase, JoinsWords) {
  const struct {
    const char* text;
    const char* snake;
  } cases[] = {
      {"OrderItem", "order_item"},
      {"ORDER_ITEM#", "order_item"},
      {"order-item", "order_item"},
      {"#Profile#", "profile"},
      {"userID2x", "user_id2x"},
      {"a  b", "a_b"},
      {"größe", "gr_e"},
      {"", ""},
      {"☃", ""},
      {"1st", "1st"},
      {"public.users", "public_users"},
  };
  for (const auto& one : cases) EXPECT_EQ(SnakeCase(one.text), one.snake) << one.text;
}

}  // namespace
}  // namespace sumac
