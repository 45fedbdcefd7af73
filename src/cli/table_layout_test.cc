#include "cli/table_layout.h"

#include <gtest/gtest.h>

namespace sumac::cli {
namespace {

const std::string kTable =
    "+----+------+-----------------------------+-------+\n"
    "| id | name | note                        | count |\n"
    "+----+------+-----------------------------+-------+\n"
    "| 1  | 日本 | a note | that is quite long | 10    |\n"
    "| 2  | é    |                             | 7     |\n"
    "+----+------+-----------------------------+-------+\n";

TEST(TableLayout, ATableThatFitsStays) {
  EXPECT_EQ(FitTable(kTable, 51), kTable);
  EXPECT_EQ(FitTable(kTable, 0), kTable);
  EXPECT_EQ(FitTable("a plan of many words\n", 5), "a plan of many words\n");
}

TEST(TableLayout, LongValuesMakeRoom) {
  EXPECT_EQ(FitTable(kTable, 45),
            "+----+------+-----------------------+-------+\n"
            "| id | name | note                  | count |\n"
            "+----+------+-----------------------+-------+\n"
            "| 1  | 日本 | a note | that is qui… | 10    |\n"
            "| 2  | é    |                       | 7     |\n"
            "+----+------+-----------------------+-------+\n");
}

TEST(TableLayout, ColumnsThatDoNotFitAreNamed) {
  EXPECT_EQ(FitTable(kTable, 20),
            "+----+------+\n"
            "| id | name |\n"
            "+----+------+\n"
            "| 1  | 日本 |\n"
            "| 2  | é    |\n"
            "+----+------+\n"
            "2 columns are not shown: note, count; .mode line shows all\n");
  EXPECT_EQ(FitTable(kTable, 6),
            "+----+\n| id |\n+----+\n| 1  |\n| 2  |\n+----+\n"
            "3 columns are not shown: name, note, count; .mode line shows all\n");
}

TEST(TableLayout, ExpandsRows) {
  EXPECT_EQ(ExpandTable(kTable),
            "-- row 1 --\n"
            "id    | 1\n"
            "name  | 日本\n"
            "note  | a note | that is quite long\n"
            "count | 10\n"
            "-- row 2 --\n"
            "id    | 2\n"
            "name  | é\n"
            "note  |\n"
            "count | 7\n");
  EXPECT_EQ(ExpandTable("+---+\n| a |\n+---+\n+---+\n"), "");
  EXPECT_EQ(ExpandTable("no table"), "no table");
}

}  // namespace
}  // namespace sumac::cli
