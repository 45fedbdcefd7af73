#include "engine/results/table_writer.h"

#include "engine/results/display_width.h"
#include "engine/results/rendered_query.h"

namespace sumac::engine {
namespace {

TEST(DisplayWidth, CountsTerminalColumns) {
  const std::pair<std::string, size_t> cases[] = {
      {"", 0},        {"abc", 3},        {"gr\u00fc\u00df", 4}, {"\u4e2d\u6587", 4},
      {"e\u0301", 1}, {"\U0001F600", 2}, {"\u00e9\u4e2da", 4},
  };
  for (const auto& [text, width] : cases) EXPECT_EQ(DisplayWidth(text), width) << text;
}

TEST(TableWriter, AlignsWideText) {
  EXPECT_EQ(RenderQuery("SELECT * FROM (VALUES (1, '\u4e2d\u6587'), (2, 'a' || chr(10) || 'b'), "
                        "(3, 'e\u0301')) t(n, \"w\u00e9\") ORDER BY n",
                        ResultFormat::kTable)
                .text,
            "+---+------+\n"
            "| n | w\u00e9   |\n"
            "+---+------+\n"
            "| 1 | \u4e2d\u6587 |\n"
            "| 2 | a\\nb |\n"
            "| 3 | e\u0301    |\n"
            "+---+------+\n");
}

TEST(TableWriter, ShowsPlansAsTheyAreDrawn) {
  const char* explain =
      "SELECT 'physical_plan' AS explain_key, 'a' || chr(10) || ' b' || chr(27) AS explain_value";
  ResultWriterOptions options;
  options.plans_as_text = true;
  EXPECT_EQ(RenderQuery(explain, ResultFormat::kTable, options).text, "a\n b\\x1b\n");
  EXPECT_EQ(
      RenderQuery("SELECT 1 AS explain_key", ResultFormat::kTable, options).text,
      "+-------------+\n| explain_key |\n+-------------+\n| 1           |\n+-------------+\n");
  EXPECT_EQ(RenderQuery(explain, ResultFormat::kTable).text.substr(0, 4), "+---");
}

TEST(TableWriter, StopsAtItsRows) {
  ResultWriterOptions options;
  options.table_rows_max = 3;
  const auto table = RenderQuery("SELECT i FROM range(5000) t(i)", ResultFormat::kTable, options);
  EXPECT_EQ(table.text, "+---+\n| i |\n+---+\n| 0 |\n| 1 |\n| 2 |\n+---+\n");
  EXPECT_EQ(table.rows_shown, 3u);
  EXPECT_EQ(table.rows_total, 5000u);
}

TEST(TableWriter, StopsAtItsBytes) {
  ResultWriterOptions options;
  options.table_rows_max = 100000;
  options.table_bytes_max = 100000;
  const auto table = RenderQuery(
      "SELECT CASE WHEN i = 50 THEN repeat('x', 5000) ELSE 'y' END AS v "
      "FROM range(100) t(i)",
      ResultFormat::kTable, options);
  EXPECT_EQ(table.rows_shown, 50u);
  EXPECT_EQ(table.rows_total, 100u);
  EXPECT_LT(table.text.size(), 2000u);
}

TEST(TableWriter, CutsLongCells) {
  ResultWriterOptions options;
  options.table_cell_bytes_max = 4;
  EXPECT_EQ(RenderQuery("SELECT 'abcdefgh' AS v", ResultFormat::kTable, options).text,
            "+-------+\n| v     |\n+-------+\n| abcd\u2026 |\n+-------+\n");
}

}  // namespace
}  // namespace sumac::engine
