#include "engine/reference_count.h"

#include <duckdb/parser/parser.hpp>
#include <duckdb/parser/statement/select_statement.hpp>
#include <gtest/gtest.h>

namespace sumac::engine {
namespace {

uint64_t Count(const std::string& sql) {
  duckdb::Parser parser;
  parser.ParseQuery(sql);
  return CountTableReferences(*parser.statements.at(0)->Cast<duckdb::SelectStatement>().node);
}

TEST(CountTableReferences, CountsWhereTablesStand) {
  EXPECT_EQ(Count("SELECT 1"), 0U);
  EXPECT_EQ(Count("SELECT * FROM a"), 1U);
  EXPECT_EQ(Count("SELECT * FROM a, b JOIN c USING (i)"), 3U);
  EXPECT_EQ(Count("SELECT (SELECT max(i) FROM a) FROM b WHERE i IN (SELECT i FROM c)"), 3U);
  EXPECT_EQ(Count("SELECT * FROM (SELECT * FROM a UNION SELECT * FROM b) ORDER BY 1"), 2U);
  EXPECT_EQ(Count("SELECT * FROM a JOIN b ON a.i = (SELECT max(i) FROM c)"), 3U);
  EXPECT_EQ(Count("FROM range(3)"), 1U);
}

TEST(CountTableReferences, PutsNamesOfWithWhereTheyAreUsed) {
  EXPECT_EQ(Count("WITH x AS (FROM a) SELECT * FROM b"), 1U);
  EXPECT_EQ(Count("WITH x AS (FROM a, b) SELECT * FROM x, X AS other"), 4U);
  EXPECT_EQ(Count("WITH x AS (FROM a, b), y AS (FROM x, x AS z) SELECT * FROM y, y AS v"), 8U);
  EXPECT_EQ(Count("WITH x AS MATERIALIZED (FROM a, b) SELECT * FROM x, x AS y, x AS z"), 5U);
  // A table with a schema is none of these names, and an inner name hides an outer one.
  EXPECT_EQ(Count("WITH x AS (FROM a, b) SELECT * FROM main.x"), 1U);
  EXPECT_EQ(Count("WITH x AS (FROM a, b) SELECT * FROM (WITH x AS (FROM a) FROM x), x"), 3U);
  EXPECT_EQ(Count("WITH RECURSIVE x AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM x WHERE i < 9) "
                  "SELECT * FROM x, x AS y"),
            2U);
}

TEST(CountTableReferences, CountsNoFurtherThanItHasTo) {
  std::string sql = "WITH c0 AS (FROM a)";
  for (int i = 1; i < 200; ++i) {
    const auto before = "c" + std::to_string(i - 1);
    sql += ", c" + std::to_string(i) + " AS (FROM " + before + ", " + before + " AS x)";
  }
  EXPECT_GT(Count(sql + " FROM c199"), kTableReferencesMax);
  EXPECT_GT(Count(sql + " FROM c10"), kTableReferencesMax);
  EXPECT_LT(Count(sql + " FROM c9"), kTableReferencesMax);
}

}  // namespace
}  // namespace sumac::engine
