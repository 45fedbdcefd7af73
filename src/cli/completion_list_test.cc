#include "cli/completion_list.h"

#include <gtest/gtest.h>

namespace sumac::cli {
namespace {

TEST(CommonStart, TakesNoNoticeOfCase) {
  EXPECT_EQ(CommonStart({"users"}), "users");
  EXPECT_EQ(CommonStart({"Users", "USERNAMES"}), "User");
  EXPECT_EQ(CommonStart({"a", "b"}), "");
  // No part of a character.
  EXPECT_EQ(CommonStart({"x\u00e9", "x\u00e8"}), "x");
}

TEST(ListedCandidates, FitsTheScreen) {
  EXPECT_EQ(ListedCandidates({"a", "\u4e2d", "ccc", "d"}, 10), "a    \u4e2d\nccc  d\n");
  EXPECT_EQ(ListedCandidates({"a", "b"}, 1), "a\nb\n");
  EXPECT_EQ(ListedCandidates({"a\x1b[2J"}, 80), "a\\x1b[2J\n");
  const std::string many = ListedCandidates(std::vector<std::string>(105, "x"), 300);
  EXPECT_TRUE(many.ends_with("x\nand 5 more\n")) << many;
}

}  // namespace
}  // namespace sumac::cli
