#include "cli/query_runner.h"

#include <gtest/gtest.h>

namespace sumac::cli {
namespace {

TEST(ResultFooter, SaysHowLongAndHowMany) {
  EXPECT_EQ(ResultFooter({10, 10, 0.0123}), "Time: 0.012 seconds. 10 rows.");
  EXPECT_EQ(ResultFooter({1, 1, 2.0}), "Time: 2.000 seconds. 1 row.");
  EXPECT_EQ(ResultFooter({1000, 500, 0.5}), "Time: 0.500 seconds. 500/1000 rows displayed.");
  EXPECT_EQ(ResultFooter({0, 0, 0.0001}), "No results.\nTime: 0.000 seconds.");
}

}  // namespace
}  // namespace sumac::cli
