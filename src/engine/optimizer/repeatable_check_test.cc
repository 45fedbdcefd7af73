#include "engine/optimizer/repeatable_check.h"

#include <gtest/gtest.h>

#include "engine/database_fixture.h"

namespace sumac::engine {
namespace {

class RepeatableCheck : public DatabaseFixture {
 protected:
  void SetUp() override {
    Open(false);
    auto source = MakeSource("events_source",
                             "SELECT i AS id, TIMESTAMPTZ '2024-01-01 00:00:00Z' AS ts, [i, i] AS "
                             "list FROM range(3) t(i)");
    ASSERT_TRUE(database_->RegisterTable("events", source).has_value());
    const std::vector<ViewDefinition> views = {
        {"plain", "SELECT id FROM events WHERE id > 0", ""},
        {"recent", "SELECT id FROM events WHERE ts > now() - INTERVAL 1 DAY", ""},
        {"first_of", "SELECT id FROM events LIMIT (extract(minute FROM now())::BIGINT)", ""},
    };
    for (const auto& registered : database_->RegisterViews(views)) {
      ASSERT_TRUE(registered.has_value()) << registered.error().message;
    }
  }

  bool Repeatable(const std::string& sql, QueryParameters parameters = {}) {
    auto stream = session_->Execute(sql, std::move(parameters));
    EXPECT_TRUE(stream.has_value()) << sql << ": " << stream.error().message;
    return stream && (*stream)->Repeatable();
  }
};

TEST_F(RepeatableCheck, KnowsWhatHasTheSameAnswerAgain) {
  for (const char* sql : {
           "SELECT 1",
           "SELECT count(*) FROM events",
           "SELECT id, upper('a' || id) FROM events WHERE id IN (1, 2) ORDER BY id DESC LIMIT 1;",
           "SELECT count(*) FROM events WHERE ts > TIMESTAMPTZ '2024-01-01' - INTERVAL 1 DAY",
           "SELECT age(TIMESTAMP '2024-01-01', TIMESTAMP '2023-01-01')",
           "SELECT unnest(list), row_number() OVER (ORDER BY id) FROM events",
           "SELECT a.id FROM events a JOIN events b USING (id) LEFT JOIN events c ON c.id > a.id",
           "SELECT id FROM events e WHERE id = (SELECT max(id) FROM events f WHERE f.id <= e.id)",
           "WITH e AS MATERIALIZED (SELECT * FROM events) SELECT * FROM e UNION SELECT * FROM e",
           "WITH RECURSIVE r AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM r WHERE i < 3) FROM r",
           "SELECT * FROM (VALUES (1), (2)) v(a), range(3)",
           "SELECT DISTINCT id FROM plain",
           "SELECT list_transform([1, 2], lambda x: x + 1)",
           // A schema changes with the version of the data.
           "DESCRIBE events",
           "SELECT 'now() and random()' AS \"current_date\"",
       }) {
    EXPECT_TRUE(Repeatable(sql)) << sql;
  }
  QueryParameters parameters;
  parameters.positional.push_back(duckdb::Value::BIGINT(1));
  EXPECT_TRUE(Repeatable("SELECT id FROM events WHERE id = $1", std::move(parameters)));
}

TEST_F(RepeatableCheck, KnowsWhatHasNot) {
  for (const char* sql : {
           "SELECT now()",
           "SELECT random()",
           "SELECT uuid()",
           "SELECT current_timestamp",
           "SELECT CURRENT_DATE",
           "SELECT current_time",
           "SELECT localtime",
           "SELECT localtimestamp",
           "SELECT current_localtimestamp()",
           "SELECT today()",
           "SELECT age(TIMESTAMP '2024-01-01')",
           "SELECT age(TIMESTAMPTZ '2024-01-01')",
           "SELECT pg_postmaster_start_time()",
           "SELECT count(*) FROM events WHERE ts > now() - INTERVAL 1 DAY",
           "SELECT (SELECT max(id) FROM events WHERE ts < current_timestamp)",
           // Their values are taken while the query is bound.
           "SELECT id FROM events LIMIT (extract(minute FROM now())::BIGINT)",
           "SELECT * FROM range(extract(minute FROM now())::BIGINT)",
           "SELECT quantile_cont(id, extract(minute FROM localtimestamp) / 60.0) FROM events",
           "SELECT list_transform([1, 2], lambda x: x + random())",
           "SELECT id FROM events ORDER BY random()",
           "SELECT id FROM events USING SAMPLE 2",
           "SELECT * FROM recent",
           "SELECT * FROM first_of",
           "EXPLAIN SELECT 1",
           "EXPLAIN ANALYZE SELECT id FROM events",
           "SELECT count(*) FROM duckdb_tables()",
           "SELECT count(*) FROM information_schema.tables",
           "SHOW TABLES",
           "PRAGMA database_size",
           "SELECT 1; SELECT 2",
           "SET threads = 2",
           "CREATE TEMP TABLE made AS SELECT 1 AS a",
       }) {
    EXPECT_FALSE(Repeatable(sql)) << sql;
  }
}

TEST_F(RepeatableCheck, ForgetsTheQueryBefore) {
  EXPECT_FALSE(Repeatable("SELECT now()"));
  EXPECT_TRUE(Repeatable("SELECT 1"));
  EXPECT_FALSE(session_->Execute("SELECT now() + nothing").has_value());
  EXPECT_TRUE(Repeatable("SELECT 1"));
  EXPECT_FALSE(Repeatable("BEGIN"));
  EXPECT_FALSE(Repeatable("ROLLBACK"));
}

TEST_F(RepeatableCheck, WorksWhereTheEngineIsShutIn) {
  Open(true);
  EXPECT_TRUE(Repeatable("SELECT 1"));
  EXPECT_FALSE(Repeatable("SELECT now()"));
  EXPECT_FALSE(Repeatable("SELECT count(*) FROM duckdb_functions()"));
}

}  // namespace
}  // namespace sumac::engine
