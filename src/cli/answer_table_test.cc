#include "cli/answer_table.h"

#include <gtest/gtest.h>

namespace sumac::cli {
namespace {

constexpr std::string_view kTable = "+---+\n| a |\n+---+\n| 1 |\n| 2 |\n| 3 |\n+---+\n";

TEST(AnswerTable, CutsAndCountsRows) {
  for (const size_t part : {1, 5, 100}) {
    AnswerTable table(2);
    std::string shown;
    for (size_t at = 0; at < kTable.size(); at += part)
      shown += table.Take(kTable.substr(at, part));
    EXPECT_EQ(shown, "+---+\n| a |\n+---+\n| 1 |\n| 2 |\n+---+\n");
    EXPECT_EQ(table.rows_total(), 3u);
    EXPECT_EQ(table.rows_shown(), 2u);
  }
  AnswerTable whole(3);
  EXPECT_EQ(whole.Take(kTable), kTable);
  EXPECT_EQ(whole.rows_shown(), 3u);
}

TEST(AnswerTable, ShowsAPlanWhole) {
  AnswerTable table(1);
  EXPECT_EQ(table.Take(" a plan\n| of lines\n"), " a plan\n| of lines\n");
  EXPECT_EQ(table.rows_total(), 1u);
}

}  // namespace
}  // namespace sumac::cli
