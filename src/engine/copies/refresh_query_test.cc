#include "engine/copies/refresh_query.h"

#include <gtest/gtest.h>

#include "engine/copies/copy_store.h"

namespace sumac::engine {
namespace {

template <typename T>
std::string Outcome(const Result<T>& result) {
  if (!result)
    return std::string(ErrorCodeName(result.error().code)) + ": " + result.error().message;
  if constexpr (!std::is_void_v<T>) return *result;
  return "ok";
}

struct Case {
  std::string sql;
  std::string expected;
};

TEST(RefreshQueryTest, TheDatasetIsReplacedWhereverItIsNamed) {
  const std::string table = "spice.sumac_loading.load_1";
  const std::vector<Case> cases = {
      {"SELECT * FROM users", "SELECT * FROM " + table + " AS users"},
      {"select id from USERS where id > 1;",
       "SELECT id FROM " + table + " AS USERS WHERE (id > 1)"},
      {"SELECT * FROM \"users\" -- a comment", "SELECT * FROM " + table + " AS users"},
      {"/* ; */ FROM public.users", "SELECT * FROM " + table + " AS users"},
      {"FROM spice.public.users", "SELECT * FROM " + table + " AS users"},
      {"FROM spice.users", "SELECT * FROM " + table + " AS users"},
      {"SELECT u.id FROM users u", "SELECT u.id FROM " + table + " AS u"},
      {"SELECT users.id FROM users", "SELECT users.id FROM " + table + " AS users"},
      {"SELECT id FROM users UNION ALL SELECT id FROM users",
       "(SELECT id FROM " + table + " AS users) UNION ALL (SELECT id FROM " + table + " AS users)"},
  };
  for (const auto& [sql, expected] : cases) {
    EXPECT_EQ(Outcome(RefreshQueryOver(sql, "users", "load_1")), expected);
  }
  EXPECT_EQ(Outcome(RefreshQueryOver("FROM sales.orders", "sales.orders", "load_1")),
            "SELECT * FROM " + table + " AS orders");
}

TEST(RefreshQueryTest, QueriesOnTheDatasetAlonePass) {
  for (const char* sql :
       {"WITH u AS (SELECT * FROM users) SELECT * FROM u",
        "WITH users AS (SELECT * FROM public.users WHERE id > 1) SELECT * FROM users",
        "WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM r WHERE n < 3) "
        "SELECT * FROM users, r",
        "SELECT * FROM users WHERE id IN (SELECT max(id) FROM users)",
        "SELECT *, (SELECT count(*) FROM users AS o WHERE o.id < users.id) FROM users",
        "SELECT a.* FROM users a JOIN users b ON a.id = b.id", "SELECT unnest(tags) FROM users",
        "SELECT * FROM users, unnest(users.tags)", "SELECT * FROM users, range(3)",
        "SELECT * FROM users, (VALUES (1)) v(a)",
        "SELECT * FROM users ORDER BY id LIMIT (SELECT 5)",
        "SELECT users.id, lower(users.name) FROM users",
        "SELECT 'it''s ; FROM other' FROM users"}) {
    EXPECT_EQ(Outcome(CheckRefreshQuery(sql, "users")), "ok") << sql;
  }
}

TEST(RefreshQueryTest, WhatReadsAnythingElseIsRefused) {
  const std::vector<Case> cases = {
      {"SELECT * FROM other", "invalid_argument: it may read 'users' only, not 'other'"},
      {"SELECT * FROM users, other", "invalid_argument: it may read 'users' only, not 'other'"},
      {"SELECT * FROM users WHERE id IN (SELECT id FROM other)",
       "invalid_argument: it may read 'users' only, not 'other'"},
      {"SELECT * FROM sales.users", ""},
      {"SELECT * FROM users, memory.main.secret", ""},
      {"SELECT * FROM users, memory.accelerated.copy_1", ""},
      {"SELECT * FROM users, information_schema.tables", ""},
      {"SELECT * FROM users, duckdb_tables()", ""},
      {"SELECT * FROM users, sumac_copies_1.sumac.copies", ""},
      {"SELECT * FROM users, spice.sumac_loading.load_2", ""},
      {"SELECT * FROM users, '/etc/passwd'", ""},
      {"SELECT * FROM users, 'x.csv' AS f", ""},
      {"SELECT * FROM users, read_csv('/etc/passwd')", ""},
      {"SELECT * FROM users WHERE id = (SELECT content FROM read_text('/etc/passwd'))", ""},
      {"WITH f AS (FROM read_blob('/etc/passwd')) SELECT * FROM users, f", ""},
      {"SELECT * FROM users, glob('/*')", ""},
      {"SELECT * FROM users, query('SELECT 1')", ""},
      {"SELECT * FROM users, query_table('other')", ""},
      {"SELECT * FROM users UNION ALL FROM parquet_scan('x')", ""},
      {"SELECT 1", "invalid_argument: it does not read 'users'"},
      {"SELECT * FROM range(3)", ""},
      {"VALUES (1)", ""},
      {"", ""},
      {";", ""},
      {"-- nothing", ""},
      {"SELECT * FROM users; SELECT 1",
       "invalid_argument: its SQL must be one query, not 2 statements"},
      {"SELECT * FROM users WHERE id = $1", ""},
      {"SELECT * FROM users WHERE", ""},
      {"DELETE FROM users", ""},
      {"DROP TABLE users", ""},
      {"COPY users TO '/tmp/x'", ""},
      {"CREATE TABLE t AS SELECT * FROM users", ""},
      {"DESCRIBE users", ""},
      {"EXPLAIN SELECT * FROM users", ""},
      {"PRAGMA version", ""},
  };
  for (const auto& [sql, expected] : cases) {
    const auto outcome = Outcome(CheckRefreshQuery(sql, "users"));
    EXPECT_EQ(outcome.substr(0, 17), "invalid_argument:") << sql;
    if (!expected.empty()) {
      EXPECT_EQ(outcome, expected) << sql;
    }
  }
}

TEST(RefreshQueryTest, TheConditionOfADelete) {
  const std::string expected = "it must be DELETE FROM users WHERE ...";
  const std::vector<Case> cases = {
      {"DELETE FROM users WHERE id = 1", "(id = 1)"},
      {"delete from Public.USERS where a or b;", "(a OR b)"},
      {"DELETE FROM spice.public.users WHERE name LIKE '%;%' -- x", "(\"name\" ~~ '%;%')"},
      {"DELETE FROM spice.users WHERE id = 1", "(id = 1)"},
      {"DELETE FROM users WHERE users.id = 1", ""},
      {"DELETE FROM users u WHERE u.id = 1", ""},
      {"DELETE FROM users", "invalid_argument: " + expected + ", without subqueries"},
      {"TRUNCATE users", "invalid_argument: " + expected + ", without subqueries"},
      {"DELETE FROM other WHERE id = 1", "invalid_argument: " + expected + ", without subqueries"},
      {"DELETE FROM s.users WHERE id = 1",
       "invalid_argument: " + expected + ", without subqueries"},
      {"DELETE FROM users USING other WHERE true",
       "invalid_argument: " + expected + ", without subqueries"},
      {"DELETE FROM users WHERE true RETURNING *",
       "invalid_argument: " + expected + ", without subqueries"},
      {"DELETE FROM users WHERE id IN (SELECT id FROM users)",
       "invalid_argument: " + expected + ", without subqueries"},
      {"WITH x AS (SELECT 1) DELETE FROM users WHERE true",
       "invalid_argument: " + expected + ", without subqueries"},
      {"DELETE FROM users WHERE id = $1", "invalid_argument: " + expected + ", without parameters"},
      {"DELETE FROM users WHERE id = 1; SELECT 1", "invalid_argument: " + expected},
      {"SELECT 1", "invalid_argument: " + expected},
      {"", "invalid_argument: " + expected},
  };
  for (const auto& [sql, condition] : cases) {
    if (!condition.empty()) {
      EXPECT_EQ(Outcome(DeleteCondition(sql, "users")), condition) << sql;
    }
  }
  EXPECT_EQ(Outcome(DeleteCondition("DELETE FROM users WHERE", "users")).substr(0, 17),
            "invalid_argument:");
  EXPECT_EQ(Outcome(DeleteCondition("DELETE FROM a.b WHERE x", "a.b")), "x");
}

}  // namespace
}  // namespace sumac::engine
