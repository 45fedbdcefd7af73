#include <gmock/gmock.h>

#include "engine/database_fixture.h"

namespace sumac::engine {
namespace {

class StatementShapeTest : public DatabaseFixture {
 protected:
  // "a INTEGER, b VARCHAR <- $1 BIGINT", or "error: ..."
  std::string Shape(const std::string& sql, const QueryParameters& parameters = {}) {
    const auto shape = session_->Describe(sql, parameters);
    if (!shape) return "error: " + shape.error().message;
    std::string text;
    for (const auto& [name, type] : shape->columns) {
      text += (text.empty() ? "" : ", ") + name + ' ' + type.ToString();
    }
    std::string separator = " <- ";
    for (const auto& [name, type] : shape->parameters) {
      text += separator + '$' + name + ' ' + type.ToString();
      separator = ", ";
    }
    return text;
  }
};

TEST_F(StatementShapeTest, APlanIsThatOfOneQuery) {
  MakeUsers();
  QueryParameters parameters;
  parameters.positional.push_back(duckdb::Value::BIGINT(1));
  const auto plan = session_->Explain("SELECT name FROM users WHERE id = $1", parameters);
  ASSERT_TRUE(plan.has_value()) << plan.error().message;
  EXPECT_THAT(*plan, testing::HasSubstr("users"));
  parameters = {};
  parameters.named.emplace("id", duckdb::Value::BIGINT(1));
  EXPECT_TRUE(session_->Explain("SELECT name FROM users WHERE id = $id", parameters).has_value());
  for (const char* sql : {"SELECT 1; SELECT 2", "", "EXPLAIN SELECT 1", "CREATE TABLE t(a INT)",
                          "SELECT gone FROM users", "SELEC"}) {
    EXPECT_EQ(session_->Explain(sql).error().code, ErrorCode::kInvalidArgument) << sql;
  }
}

// DuckDB 1.4.4 would write to where nothing is.
TEST_F(StatementShapeTest, OffsetsOfWindowsAreInRange) {
  for (const char* window :
       {"lag(i, -9223372036854775808) OVER ()", "lead(i, -9223372036854775807 - 1) OVER ()",
        "1 + lead(i, -9223372036854775808, 7) OVER ()"}) {
    const auto refused = session_->Execute("SELECT " + std::string(window) + " FROM range(3) t(i)");
    ASSERT_FALSE(refused.has_value()) << window;
    EXPECT_EQ(refused.error().code, ErrorCode::kInvalidArgument);
  }
  EXPECT_TRUE(session_->Execute("SELECT lag(i, 2) OVER () FROM range(3) t(i)").has_value());
}

TEST_F(StatementShapeTest, IsFoundWithoutRunning) {
  MakeUsers();
  EXPECT_EQ(Shape("SELECT id, name, home FROM users"),
            "id BIGINT, name VARCHAR, home STRUCT(city VARCHAR, zip BIGINT)");
  EXPECT_EQ(Shape("SELECT 1 AS a; SELECT 'x' AS b"), "b VARCHAR");
  EXPECT_EQ(Shape("SHOW TABLES"),
            "table_catalog VARCHAR, table_schema VARCHAR, table_name VARCHAR, table_type VARCHAR");
  EXPECT_EQ(Shape("DESCRIBE users"), "column_name VARCHAR, data_type VARCHAR, is_nullable VARCHAR");
  EXPECT_EQ(Shape("EXPLAIN SELECT * FROM users"), "explain_key VARCHAR, explain_value VARCHAR");
  EXPECT_EQ(Shape("SELECT error('not run')"), Shape("SELECT error('not run')"));
  EXPECT_EQ(Shape("SELECT * FROM nothing").substr(0, 6), "error:");
  EXPECT_EQ(Shape("SELEC"), "error: syntax error at or near \"SELEC\"");
  EXPECT_EQ(Shape(" "), "error: The statement is empty.");
}

TEST_F(StatementShapeTest, HasTheParametersInTheirOrder) {
  MakeUsers();
  EXPECT_EQ(Shape("SELECT id FROM users WHERE name = $2 AND id > $1"),
            "id BIGINT <- $1 BIGINT, $2 VARCHAR");
  EXPECT_EQ(Shape("SELECT id FROM users WHERE name = ? AND id > ?"),
            "id BIGINT <- $1 VARCHAR, $2 BIGINT");
  EXPECT_EQ(Shape("SELECT id FROM users WHERE name = $name AND id > $low AND id < $high"),
            "id BIGINT <- $name VARCHAR, $low BIGINT, $high BIGINT");
  EXPECT_EQ(Shape("SELECT $1 AS v"), "unknown UNKNOWN <- $1 UNKNOWN");
}

TEST_F(StatementShapeTest, TakesTheTypesOfValues) {
  QueryParameters parameters;
  parameters.positional = {duckdb::Value::INTEGER(1), duckdb::Value("x")};
  EXPECT_EQ(Shape("SELECT $1 AS a, $2 AS b", parameters),
            "a INTEGER, b VARCHAR <- $1 INTEGER, "
            "$2 VARCHAR");
}

TEST_F(StatementShapeTest, LeavesTheSessionUsable) {
  MakeUsers();
  Shape("SELECT * FROM nothing");
  Shape("SELECT $1 AS v");
  EXPECT_EQ(Run("SELECT count(*) AS n FROM users"), "n\n3");
}

TEST_F(StatementShapeTest, IsShutIn) {
  Open(true);
  EXPECT_EQ(Shape("SELECT 1 AS a"), "a INTEGER");
  for (const char* sql : {"CREATE TABLE t(i INTEGER)", "SET threads = 1", "PRAGMA version",
                          "SELECT * FROM read_csv('x.csv')", "INSTALL json"}) {
    EXPECT_EQ(Shape(sql).substr(0, 6), "error:") << sql;
  }
}

}  // namespace
}  // namespace sumac::engine
