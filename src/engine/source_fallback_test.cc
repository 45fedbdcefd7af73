#include "engine/source_fallback.h"

#include <gmock/gmock.h>

#include "engine/database_fixture.h"

namespace sumac::engine {
namespace {

using testing::HasSubstr;
using testing::Not;

// The copy has the even numbers below 10, the source all below 100, with more columns.
class SourceFallbackTest : public DatabaseFixture {
 protected:
  void SetUp() override {
    Open();
    copy_ = MakeSource("copied", "SELECT i AS id, i % 4 AS kind FROM range(0, 10, 2) t(i)");
    source_ =
        MakeSource("whole",
                   "SELECT 'n' || i AS name, (i % 4)::INTEGER AS kind, i AS id, i * 2 AS more "
                   "FROM range(100) t(i)");
    Register("t", copy_, source_);
  }

  void Register(const std::string& name, std::shared_ptr<TableSource> copy,
                std::shared_ptr<TableSource> source) {
    ASSERT_TRUE(database_->RegisterTable(name, MakeFallbackSource(copy, source)).has_value());
  }

  std::shared_ptr<TableSource> copy_;
  std::shared_ptr<TableSource> source_;
};

TEST_F(SourceFallbackTest, AnswersFromTheCopyWhatItHas) {
  EXPECT_EQ(Run("SELECT count(*), min(id), max(id) FROM t"),
            "count_star() | min(id) | max(id)\n5 | 0 | 8");
  EXPECT_EQ(Run("SELECT * FROM t WHERE id = 4"), "id | kind\n4 | 0");
  EXPECT_EQ(Run("SELECT id FROM t WHERE kind = 2 ORDER BY id"), "id\n2\n6");
}

TEST_F(SourceFallbackTest, AsksTheSourceForWhatItHasNot) {
  EXPECT_EQ(Run("SELECT * FROM t WHERE id = 5"), "id | kind\n5 | 1");
  EXPECT_EQ(Run("SELECT count(*) FROM t WHERE id > 50"), "count_star()\n49");
  EXPECT_EQ(Run("SELECT kind, count(*) FROM t WHERE kind IN (1, 3) GROUP BY kind ORDER BY kind"),
            "kind | count_star()\n1 | 25\n3 | 25");
  EXPECT_EQ(Run("SELECT id FROM t WHERE id IN (11, 13, 15, 17, 19, 21, 1000) ORDER BY id LIMIT 2"),
            "id\n11\n13");
  EXPECT_EQ(Run("SELECT id FROM t WHERE id > 1000"), "id");
}

TEST_F(SourceFallbackTest, DoesNotMixTheTwo) {
  // Both have rows like that.
  EXPECT_EQ(Run("SELECT id FROM t WHERE id > 6 ORDER BY id"), "id\n8");
  EXPECT_EQ(Run("SELECT id FROM t WHERE id IN (8, 9)"), "id\n8");
}

TEST_F(SourceFallbackTest, LooksAtEachUseOfATableAlone) {
  EXPECT_EQ(Run("SELECT a.id, b.id FROM t a, t b WHERE a.id = 4 AND b.id = 5"), "id | id\n4 | 5");
  EXPECT_EQ(Run("SELECT id FROM t WHERE id = 4 UNION ALL SELECT id FROM t WHERE id = 5 ORDER BY 1"),
            "id\n4\n5");
  EXPECT_EQ(Run("WITH few AS (SELECT * FROM t WHERE id > 90) "
                "SELECT (SELECT count(*) FROM few) AS n, (SELECT max(id) FROM few) AS most"),
            "n | most\n9 | 99");
  EXPECT_EQ(Run("SELECT count(*) FROM (SELECT id FROM t WHERE id < 3 UNION ALL "
                "SELECT id FROM t WHERE id = 77 UNION ALL SELECT id FROM t WHERE id = -1)"),
            "count_star()\n3");
}

TEST_F(SourceFallbackTest, AConditionOfAJoinIsNone) {
  const std::string numbers = "(SELECT unnest([4, 5]) AS id) n";
  EXPECT_EQ(Run("SELECT t.id FROM t JOIN " + numbers + " ON t.id = n.id"), "id\n4");
  EXPECT_EQ(Run("SELECT n.id, t.id FROM " + numbers + " LEFT JOIN t ON t.id = n.id ORDER BY 1"),
            "id | id\n4 | 4\n5 | NULL");
  EXPECT_EQ(Run("SELECT count(*) FROM t WHERE id IN (SELECT 5)"), "count_star()\n0");
}

TEST_F(SourceFallbackTest, WhatIsFoundMeanwhileIsNoCondition) {
  MakeSource("large", "SELECT 1000000 + i AS id FROM range(300000) t(i)");
  Register("l", MakeSource("many", "SELECT i AS id FROM range(200000) t(i)"), source_);
  // By the time that the copies are read, the first rows are found, and they have none of them.
  EXPECT_EQ(Run("SELECT max(id), min(id) FROM (SELECT id FROM (SELECT id FROM memory.main.large "
                "UNION ALL SELECT id FROM t UNION ALL SELECT id FROM l WHERE id > 5) "
                "ORDER BY id DESC LIMIT 3)"),
            "max(id) | min(id)\n1299999 | 1299997");
  EXPECT_EQ(Run("SELECT id FROM (SELECT id FROM t UNION ALL SELECT id FROM l) "
                "ORDER BY id LIMIT 3"),
            "id\n0\n0\n1");
  EXPECT_EQ(Run("SELECT id FROM (SELECT id + 50 AS id FROM t UNION ALL SELECT id FROM t) "
                "ORDER BY id DESC LIMIT 2"),
            "id\n58\n56");
  // The copy of `t` has less than what is found, and its source more.
  Register("middle", MakeSource("some", "SELECT 20 + i AS id FROM range(50) t(i)"), source_);
  EXPECT_EQ(Run("SELECT id FROM (SELECT id FROM middle UNION ALL SELECT id FROM t) "
                "ORDER BY id DESC LIMIT 3"),
            "id\n69\n68\n67");
  EXPECT_EQ(Run("SELECT id FROM (SELECT id FROM middle UNION ALL SELECT id FROM t WHERE id > 5) "
                "ORDER BY id DESC LIMIT 3"),
            "id\n69\n68\n67");
}

// On one thread the branches are read one after the other, so that the rows of the first are found
// when the second begins, and none of its copy's is among the best.
TEST_F(SourceFallbackTest, WhatWasFoundBeforeIsNoCondition) {
  ASSERT_EQ(Run("SET threads = 1").find("error"), std::string::npos);
  Register("middle", MakeSource("some", "SELECT 20 + i AS id FROM range(50) t(i)"), source_);
  EXPECT_EQ(Run("SELECT id FROM (SELECT id FROM middle UNION ALL SELECT id FROM t) "
                "ORDER BY id DESC LIMIT 3"),
            "id\n69\n68\n67");
  EXPECT_EQ(Run("SELECT id FROM (SELECT id FROM t UNION ALL SELECT id FROM middle) "
                "ORDER BY id LIMIT 3"),
            "id\n0\n2\n4");
}

TEST_F(SourceFallbackTest, WhatAJoinKnowsIsNoCondition) {
  MakeSource("others", "SELECT 50 + i AS id FROM range(20) t(i)");
  EXPECT_EQ(Run("SELECT count(*) AS n FROM t JOIN memory.main.others USING (id)"), "n\n0");
  EXPECT_EQ(Run("SELECT count(*) AS n FROM t WHERE id IN (SELECT id FROM memory.main.others)"),
            "n\n0");
}

TEST_F(SourceFallbackTest, IsPlannedAnewAndRunAgain) {
  auto prepared = [this](int id) {
    return Run("SELECT id FROM t WHERE id = $1", QueryParameters{{duckdb::Value::BIGINT(id)}, {}});
  };
  EXPECT_EQ(prepared(4), "id\n4");
  EXPECT_EQ(prepared(5), "id\n5");
  Run("PREPARE one AS SELECT id FROM t WHERE id = $1");
  for (int round = 0; round < 2; ++round) {
    EXPECT_EQ(Run("EXECUTE one(5)"), "id\n5");
    EXPECT_EQ(Run("EXECUTE one(4)"), "id\n4");
  }
  EXPECT_EQ(
      Run("WITH RECURSIVE steps(id) AS (SELECT 90::BIGINT UNION ALL SELECT t.id FROM t, steps "
          "WHERE t.id > 90 AND t.id = steps.id + 3) SELECT max(id) FROM steps"),
      "max(id)\n99");
}

TEST_F(SourceFallbackTest, AsksTheSourceOfAnEmptyCopy) {
  Register("e", MakeSource("nothing", "SELECT 1::BIGINT AS id, 'x' AS own LIMIT 0"), source_);
  EXPECT_EQ(Run("SELECT count(*), sum(id) FROM e"), "count_star() | sum(id)\n100 | 4950");
  EXPECT_EQ(Run("SELECT * FROM e WHERE id = 3"), "id | own\n3 | NULL");
  EXPECT_EQ(Run("SELECT count(own) FROM e"), "count(own)\n0");
  EXPECT_EQ(Run("SELECT rowid FROM e WHERE id = 3").substr(0, 6), "rowid\n");
  EXPECT_EQ(Run("SELECT id FROM e ORDER BY id DESC LIMIT 1"), "id\n99");
}

TEST_F(SourceFallbackTest, CastsWhatHasAnotherTypeInTheSource) {
  EXPECT_EQ(Run("SELECT typeof(kind), kind FROM t WHERE id = 5"),
            "typeof(kind) | kind\nBIGINT | 1");
}

TEST_F(SourceFallbackTest, FailsWhenTheSourceIsNeededAndOutOfReach) {
  Error reason;
  reason.code = ErrorCode::kUnavailable;
  reason.message = "the source is away";
  Register("u", copy_, MakeUnreachableSource(copy_->Columns(), reason));
  EXPECT_EQ(Run("SELECT id FROM u WHERE id = 4"), "id\n4");
  EXPECT_EQ(Run("SELECT count(*) FROM u"), "count_star()\n5");
  EXPECT_EQ(Run("SELECT id FROM u WHERE id = 5"), "error: the source is away");
}

TEST_F(SourceFallbackTest, SaysSoInThePlan) {
  const auto plan = Run("EXPLAIN SELECT id FROM t WHERE id = 5");
  EXPECT_THAT(plan, HasSubstr("ELSE_SOURCE"));
  EXPECT_THAT(plan, HasSubstr("only if the copy"));
  EXPECT_THAT(Run("EXPLAIN SELECT id FROM memory.main.whole UNION ALL SELECT 1"),
              Not(HasSubstr("ELSE_SOURCE")));
}

}  // namespace
}  // namespace sumac::engine
