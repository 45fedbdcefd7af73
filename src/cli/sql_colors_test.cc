#include "cli/sql_colors.h"

#include <gtest/gtest.h>

namespace sumac::cli {
namespace {

// A letter for each byte's color: k, s, n, c, q, p for keywords, strings, numbers, comments,
// quoted names, parameters, '.' for none.
std::string Colors(const std::string& sql) {
  std::string letters;
  for (const auto color : ColorsOfSql(sql)) letters += ".ksncqp"[static_cast<size_t>(color)];
  return letters;
}

TEST(ColorsOfSql, TellsWordsApart) {
  EXPECT_EQ(Colors("SELECT a1, 12.5e3 FROM t"), "kkkkkk.....nnnnnn.kkkk..");
  EXPECT_EQ(Colors("select 'it''s' -- x"), "kkkkkk.sssssss.cccc");
  EXPECT_EQ(Colors("\"a b\"/*c*/E'\\'x'"),
            "qqqqqccccc"
            "ssssss");
  EXPECT_EQ(Colors("t.select"), "........");
  EXPECT_EQ(Colors("$$x$$ $1"), "sssss.pp");
  EXPECT_EQ(Colors("$n=? $"), "pp.p..");
  // Columns are called so.
  EXPECT_EQ(Colors("name, value"), "...........");
}

TEST(ColorsOfSql, TakesWhatIsNotComplete) {
  EXPECT_EQ(Colors("SELECT 'ab\ncd"), "kkkkkk.ssssss");
  EXPECT_EQ(Colors("\"ab"), "qqq");
  EXPECT_EQ(Colors("/* a"), "cccc");
  EXPECT_EQ(Colors("1e"), "n.");
  EXPECT_EQ(Colors(""), "");
}

TEST(ColorsOfSql, LeavesCommandsAlone) {
  EXPECT_EQ(Colors(".mode table"), "...........");
  EXPECT_EQ(Colors(" \\d select"), "..........");
}

}  // namespace
}  // namespace sumac::cli
