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

TEST(ResultFooter, SaysThatAServerHadIt) {
  QueryOutcome outcome{10, 10, 0.0123};
  outcome.from_cache = true;
  EXPECT_EQ(ResultFooter(outcome), "Time: 0.012 seconds. 10 rows (cached).");
  outcome.rows_total = outcome.rows_shown = 0;
  EXPECT_EQ(ResultFooter(outcome), "No results.\nTime: 0.012 seconds (cached).");
  QueryOutcome read{1, 1, 0.5};
  read.read_units = 12.5;
  EXPECT_EQ(ResultFooter(read), "Time: 0.500 seconds. 1 row. 12.5 RCU.");
}

TEST(ResultFooter, SaysWhatItCost) {
  EXPECT_EQ(ResultFooter({10, 10, 0.0123, 2, 128.5, 0.0000160625}),
            "Time: 0.012 seconds. 10 rows. 2 requests, 129 RCU, $0.000016.");
  EXPECT_EQ(ResultFooter({1, 1, 0.0123, 1, 0.5, 0}),
            "Time: 0.012 seconds. 1 row. 1 request, 0.5 RCU.");
  EXPECT_EQ(ResultFooter({1000, 500, 0.5, 1'200, 12'345, std::nullopt}),
            "Time: 0.500 seconds. 500/1000 rows displayed. 1,200 requests, 12,345 RCU.");
  EXPECT_EQ(ResultFooter({0, 0, 0.0001, 1, 0.5, std::nullopt}),
            "No results.\nTime: 0.000 seconds. 1 request, 0.5 RCU.");
}

}  // namespace
}  // namespace sumac::cli
