#include "engine/row_table.h"

#include <atomic>

#include <gtest/gtest.h>

#include "engine/database_fixture.h"

namespace sumac::engine {
namespace {

using duckdb::LogicalType;
using duckdb::Value;

class RowTable : public DatabaseFixture {
 protected:
  void SetUp() override { OpenWithTable(false); }

  void OpenWithTable(bool shut_in) {
    Open(shut_in);
    database_->RegisterRowTable(
        "runtime.jobs",
        {{"name", LogicalType::VARCHAR},
         {"done", LogicalType::BIGINT},
         {"ok", LogicalType::BOOLEAN}},
        [this] {
          ++asked_;
          std::vector<TableRow> rows;
          for (int i = 0; i < jobs_; ++i) {
            rows.push_back({Value("job " + std::to_string(i)), Value::BIGINT(i), Value()});
          }
          return rows;
        });
  }

  bool Repeatable(const std::string& sql) {
    auto stream = session_->Execute(sql, {});
    EXPECT_TRUE(stream.has_value()) << sql << ": " << stream.error().message;
    return stream && (*stream)->Repeatable();
  }

  std::atomic<int> jobs_{2};
  std::atomic<int> asked_{0};
};

TEST_F(RowTable, HasTheRowsOfNow) {
  EXPECT_EQ(Run("SELECT * FROM runtime.jobs"),
            "name | done | ok\njob 0 | 0 | NULL\njob 1 | 1 | NULL");
  EXPECT_EQ(asked_, 1);
  jobs_ = 3;
  EXPECT_EQ(Run("SELECT done, upper(name) AS n FROM spice.runtime.jobs WHERE done > 1"),
            "done | n\n2 | JOB 2");
  jobs_ = 0;
  EXPECT_EQ(Run("SELECT name FROM runtime.jobs"), "name");
}

TEST_F(RowTable, IsReadWithoutAColumn) {
  EXPECT_EQ(Run("SELECT count(*) AS n FROM runtime.jobs"), "n\n2");
  EXPECT_EQ(Run("SELECT 1 AS one FROM runtime.jobs"), "one\n1\n1");
}

TEST_F(RowTable, MayBeLongerThanAChunk) {
  jobs_ = 5'000;
  EXPECT_EQ(
      Run("SELECT count(*) AS n, sum(done) AS s, count(DISTINCT name) AS d FROM runtime.jobs"),
      "n | s | d\n5000 | 12497500 | 5000");
}

TEST_F(RowTable, IsPartOfLargerQueries) {
  EXPECT_EQ(Run("SELECT a.name FROM runtime.jobs a JOIN runtime.jobs b ON a.done = b.done + 1"),
            "name\njob 1");
  EXPECT_EQ(asked_, 2);
  EXPECT_EQ(Run("WITH j AS MATERIALIZED (SELECT * FROM runtime.jobs) SELECT count(*) AS n FROM j, "
                "j k"),
            "n\n4");
}

TEST_F(RowTable, IsListedUnderItsSchema) {
  EXPECT_EQ(Run("SHOW TABLES"),
            "table_catalog | table_schema | table_name | table_type\n"
            "spice | runtime | jobs | BASE TABLE");
  EXPECT_EQ(Run("DESCRIBE runtime.jobs"),
            "column_name | data_type | is_nullable\n"
            "name | Utf8 | YES\ndone | Int64 | YES\nok | Boolean | YES");
  EXPECT_EQ(Run("SELECT * FROM jobs").substr(0, 6), "error:");
  EXPECT_EQ(Run("INSERT INTO runtime.jobs VALUES ('x', 1, true)").substr(0, 6), "error:");
}

TEST_F(RowTable, IsNeverRepeatable) {
  ASSERT_TRUE(database_->RegisterViews({{"jobs_view", "SELECT * FROM runtime.jobs", ""}})[0]);
  for (const char* sql : {"SELECT count(*) FROM runtime.jobs", "SELECT * FROM jobs_view",
                          "SELECT 1 WHERE EXISTS (SELECT 1 FROM spice.runtime.jobs)",
                          "SELECT (SELECT max(done) FROM RUNTIME.JOBS) AS m"}) {
    EXPECT_FALSE(Repeatable(sql)) << sql;
  }
}

TEST_F(RowTable, WorksWhereTheEngineIsShutIn) {
  OpenWithTable(true);
  EXPECT_EQ(Run("SELECT name FROM runtime.jobs ORDER BY done DESC LIMIT 1"), "name\njob 1");
  EXPECT_FALSE(Repeatable("SELECT * FROM runtime.jobs"));
  EXPECT_EQ(Run("SELECT * FROM sumac_rows()").substr(0, 6), "error:");
}

}  // namespace
}  // namespace sumac::engine
