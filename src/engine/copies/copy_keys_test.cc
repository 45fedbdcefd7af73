#include "engine/copies/copy_fixture.h"

namespace sumac::engine {
namespace {

class CopyKeysTest : public EachStoreFixture {
 protected:
  std::string Create(const std::string& rows, const CopyRequest& request) {
    auto copy =
        store_->Create(Source("SELECT * FROM (VALUES " + rows + ") v(id, age, name)"), request);
    if (!copy) return Outcome(copy);
    Publish(*std::move(copy));
    return Served().substr(15);
  }

  static CopyRequest Keyed(CopyKey key) {
    auto request = Request();
    request.keys = {std::move(key)};
    return request;
  }
};

INSTANTIATE_TEST_SUITE_P(, CopyKeysTest, testing::Bool(), StoreName);

constexpr char kRows[] = "(1, 5, 'a'), (2, 9, 'b'), (1, 7, 'c'), (1, 6, 'd'), (2, NULL, 'e')";

TEST_P(CopyKeysTest, OneRowOfEachKeyStays) {
  EXPECT_EQ(Create(kRows, Keyed({{"id"}, KeyConflict::kFail, ""})).substr(0, 16),
            "invalid_argument");
  EXPECT_EQ(Create(kRows, Keyed({{"id"}, KeyConflict::kDrop, ""})), "\n1 | 5 | a\n2 | 9 | b");
  EXPECT_EQ(Create(kRows, Keyed({{"ID"}, KeyConflict::kUpsert, ""})), "\n1 | 6 | d\n2 | NULL | e");
  EXPECT_EQ(Create(kRows, Keyed({{"id"}, KeyConflict::kUpsert, "age"})), "\n1 | 7 | c\n2 | 9 | b");
  EXPECT_EQ(copy_.facts.rows, 2u);
}

TEST_P(CopyKeysTest, SeveralKeysHold) {
  auto request = Keyed({{"id", "name"}, KeyConflict::kFail, ""});
  request.keys.push_back({{"age"}, KeyConflict::kDrop, ""});
  EXPECT_EQ(Create("(1, 5, 'a'), (1, 5, 'b'), (2, 6, 'a')", request), "\n1 | 5 | a\n2 | 6 | a");
  EXPECT_EQ(Create("(1, 5, 'a'), (1, 6, 'a')", request),
            "invalid_argument: several rows have the key '(id, name)' = 1, a; take another key, or "
            "say with on_conflict which row stays (upsert: the newest, drop: the first)");
}

TEST_P(CopyKeysTest, PartsOfKeysHaveValuesAndColumns) {
  EXPECT_EQ(Create(kRows, Keyed({{"id", "age"}, KeyConflict::kDrop, ""})),
            "invalid_argument: 1 rows have no value for the key '(id, age)'; take another key, or "
            "leave such items out with refresh_sql");
  EXPECT_EQ(Create(kRows, Keyed({{"gone"}, KeyConflict::kDrop, ""})).substr(0, 16),
            "invalid_argument");
  EXPECT_EQ(Create(kRows, Keyed({{"id"}, KeyConflict::kUpsert, "gone"})).substr(0, 16),
            "invalid_argument");
}

TEST_P(CopyKeysTest, IndexesFindRows) {
  auto request = Request();
  request.indexes = {{{"id"}, true}, {{"name", "id"}, false}};
  Serve("SELECT i AS id, 'n' || (i % 10) AS name FROM range(20000) r(i)", request);
  const auto check = [&] {
    EXPECT_EQ(Run("SELECT name FROM t WHERE id = 12345"), "name\nn5");
    EXPECT_EQ(Run("SELECT count(*) AS n FROM t WHERE name = 'n3'"), "n\n2000");
    EXPECT_EQ(Run("SELECT count(*) AS n FROM t WHERE id = 20001"), "n\n0");
    EXPECT_EQ(Run("SELECT count(*) AS n FROM t WHERE id IN (1, 5, 19999)"), "n\n3");
  };
  check();
  auto changed = store_->Delete(copy_, "id = 5", {});
  ASSERT_TRUE(changed.has_value()) << changed.error().message;
  Register(*std::move(changed));
  auto appended = store_->Append(copy_, Source("SELECT 5::BIGINT AS id, 'five' AS name"), request);
  ASSERT_TRUE(appended.has_value()) << appended.error().message;
  Register(*std::move(appended));
  EXPECT_EQ(Run("SELECT name FROM t WHERE id = 5"), "name\nfive");
  check();
  if (!GetParam()) return;
  Reopen();
  Take();
  EXPECT_EQ(Run("SELECT name FROM t WHERE id = 5"), "name\nfive");
  check();
  EXPECT_EQ(Run("SELECT count(*) AS n FROM duckdb_indexes()"), "n\n2");
  const auto again =
      store_->Append(copy_, Source("SELECT 7::BIGINT AS id, 'other' AS name"), Request());
  EXPECT_EQ(Outcome(again).substr(0, 16), "invalid_argument");
}

TEST_P(CopyKeysTest, AUniqueIndexHasUniqueValues) {
  auto request = Request();
  request.indexes = {{{"id"}, true}};
  EXPECT_EQ(Create(kRows, request),
            "invalid_argument: several rows have 'id' = 1, for which 'indexes' says unique");
  request.indexes = {{{"age"}, true}};
  EXPECT_EQ(Create("(1, NULL, 'a'), (2, NULL, 'b')", request), "\n1 | NULL | a\n2 | NULL | b");
  request.indexes = {{{"gone"}, false}};
  EXPECT_EQ(Create(kRows, request).substr(0, 16), "invalid_argument");
}

TEST_P(CopyKeysTest, AnIndexOnNestedValuesIsRefused) {
  auto request = Request();
  request.indexes = {{{"list"}, false}};
  const auto copy = store_->Create(Source("SELECT [1] AS list"), request);
  EXPECT_EQ(Outcome(copy).substr(0, 16), "invalid_argument");
}

}  // namespace
}  // namespace sumac::engine
