#include "engine/copies/copy_fixture.h"

namespace sumac::engine {
namespace {

class CopyAppendTest : public EachStoreFixture {
 protected:
  std::string Append(const std::string& select, const CopyRequest& request = Request()) {
    auto appended = store_->Append(copy_, Source(select), request);
    if (!appended) return Outcome(appended);
    EXPECT_EQ(std::to_string(appended->facts.rows),
              store_->Evaluate(*appended, "count(*)")->ToString());
    Register(*std::move(appended));
    return "ok";
  }

  // Fails, and changes nothing, also for those who open the file.
  std::string Refused(const std::string& select, const CopyRequest& request = Request()) {
    const std::string before = Served();
    const std::string outcome = Append(select, request);
    EXPECT_NE(outcome, "ok");
    EXPECT_EQ(Served(), before);
    if (GetParam()) {
      Reopen();
      Take();
      EXPECT_EQ(Served(), before);
    }
    return outcome;
  }

  static CopyRequest Keyed(KeyConflict on_conflict, const std::string& time_column = "") {
    auto request = Request();
    request.keys = {{{"id"}, on_conflict, time_column}};
    return request;
  }
};

INSTANTIATE_TEST_SUITE_P(, CopyAppendTest, testing::Bool(), StoreName);

constexpr char kTwo[] = "SELECT * FROM (VALUES (1, 'a'), (2, 'b')) v(id, name)";

TEST_P(CopyAppendTest, RowsWithAKnownKeyReplaceItsRow) {
  Serve(kTwo);
  EXPECT_EQ(
      Append("SELECT * FROM (VALUES (2, 'B'), (3, 'c')) v(id, name)", Keyed(KeyConflict::kUpsert)),
      "ok");
  EXPECT_EQ(Served(), "id | name\n1 | a\n2 | B\n3 | c");
}

TEST_P(CopyAppendTest, RowsWithAKnownKeyAreDropped) {
  Serve(kTwo);
  EXPECT_EQ(
      Append("SELECT * FROM (VALUES (2, 'B'), (3, 'c')) v(id, name)", Keyed(KeyConflict::kDrop)),
      "ok");
  EXPECT_EQ(Served(), "id | name\n1 | a\n2 | b\n3 | c");
}

TEST_P(CopyAppendTest, ARowWithAKnownKeyFailsAll) {
  Serve(kTwo);
  EXPECT_EQ(
      Refused("SELECT * FROM (VALUES (2, 'B'), (3, 'c')) v(id, name)", Keyed(KeyConflict::kFail)),
      "invalid_argument: several rows have the key 'id' = 2; take another key, or say with "
      "on_conflict which row stays (upsert: the newest, drop: the first)");
  EXPECT_EQ(Append("SELECT 3 AS id, 'c' AS name", Keyed(KeyConflict::kFail)), "ok");
  EXPECT_EQ(Served(), "id | name\n1 | a\n2 | b\n3 | c");
}

TEST_P(CopyAppendTest, OneOfTheAddedRowsStaysPerKey) {
  constexpr char kAdded[] = "SELECT * FROM (VALUES (2, 'y'), (2, 'z'), (2, 'x')) v(id, name)";
  Serve(kTwo);
  EXPECT_EQ(Append(kAdded, Keyed(KeyConflict::kUpsert)), "ok");
  EXPECT_EQ(Served(), "id | name\n1 | a\n2 | x");
  EXPECT_EQ(Append(kAdded, Keyed(KeyConflict::kUpsert, "name")), "ok");
  EXPECT_EQ(Served(), "id | name\n1 | a\n2 | z");
  EXPECT_EQ(
      Append("SELECT * FROM (VALUES (5, 'y'), (5, 'z')) v(id, name)", Keyed(KeyConflict::kDrop)),
      "ok");
  EXPECT_EQ(Served(), "id | name\n1 | a\n2 | z\n5 | y");
  Refused("SELECT * FROM (VALUES (7, 'y'), (7, 'z')) v(id, name)", Keyed(KeyConflict::kFail));
}

TEST_P(CopyAppendTest, AnOlderRowDoesNotReplaceANewerOne) {
  Serve("SELECT 1 AS id, 20 AS at");
  EXPECT_EQ(Append("SELECT 1 AS id, 10 AS at", Keyed(KeyConflict::kUpsert, "at")), "ok");
  EXPECT_EQ(Served(), "id | at\n1 | 20");
  EXPECT_EQ(Append("SELECT 1 AS id, 30 AS at", Keyed(KeyConflict::kUpsert, "at")), "ok");
  EXPECT_EQ(Served(), "id | at\n1 | 30");
  // One of the same age was read later.
  EXPECT_EQ(Append("SELECT 1 AS id, 30 AS at, 'same' AS note", Keyed(KeyConflict::kUpsert, "at")),
            "ok");
  EXPECT_EQ(Served(), "id | at | note\n1 | 30 | same");
}

TEST_P(CopyAppendTest, KeysHaveValues) {
  Serve(kTwo);
  EXPECT_EQ(Refused("SELECT NULL::INTEGER AS id, 'n' AS name", Keyed(KeyConflict::kUpsert)),
            "invalid_argument: 1 rows have no value for the key 'id'; take another key, or leave "
            "such items out with refresh_sql");
}

TEST_P(CopyAppendTest, WithoutAKeyRowsThatAreThereAreLeftOut) {
  Serve("SELECT * FROM (VALUES (1, 'a'), (1, 'a'), (2, 'b'), (3, NULL)) v(id, name)");
  auto request = Request();
  request.conditions = {"id >= 2"};
  EXPECT_EQ(Append("SELECT * FROM (VALUES (1, 'no'), (2, 'b'), (2, 'b'), (3, NULL), (4, 'd')) "
                   "v(id, name)",
                   request),
            "ok");
  EXPECT_EQ(Served(), "id | name\n1 | a\n1 | a\n2 | b\n2 | b\n3 | NULL\n4 | d");
  EXPECT_EQ(Append("SELECT 1 AS id, 'a' AS name"), "ok");
  EXPECT_EQ(copy_.facts.rows, 6u);
}

TEST_P(CopyAppendTest, NewColumnsAreAdded) {
  auto request = Keyed(KeyConflict::kUpsert);
  request.indexes = {{{"id"}, true}};
  Serve(kTwo, request);
  EXPECT_EQ(Append("SELECT 2 AS id, {'k': [1.5]} AS \"New \"\"one\", 'B' AS name", request), "ok");
  EXPECT_EQ(Served(), "id | name | New \"one\n1 | a | NULL\n2 | B | {'k': [1.5]}");
  // One that is missing is NULL.
  EXPECT_EQ(Append("SELECT 9 AS id", request), "ok");
  EXPECT_EQ(Run("SELECT * FROM t WHERE id = 9"), "id | name | New \"one\n9 | NULL | NULL");
  EXPECT_EQ(Append("SELECT 8 AS id, 'late' AS Name", Request()), "ok");
  EXPECT_EQ(Run("SELECT name FROM t WHERE id = 8"), "name\nlate");
  EXPECT_EQ(Run("SELECT index_count FROM duckdb_tables() WHERE table_name LIKE 'copy%'"),
            "index_count\n1");
}

TEST_P(CopyAppendTest, AColumnOfAnotherTypeIsRefused) {
  Serve(kTwo);
  EXPECT_EQ(Refused("SELECT 'x' AS id, 'B' AS name"),
            "unsupported: column 'id' is VARCHAR now and was INTEGER");
  EXPECT_EQ(Refused("SELECT 3 AS id, ['B'] AS name, 1 AS more").substr(0, 11), "unsupported");
}

TEST_P(CopyAppendTest, WrongConditionsChangeNothing) {
  Serve(kTwo);
  for (const char* wrong : {"nothing = 1", "id = 'x'", "id ="}) {
    auto request = Request();
    request.conditions = {wrong};
    EXPECT_EQ(Refused("SELECT 3 AS id, 'c' AS name", request).substr(0, 16), "invalid_argument");
    request.conditions.clear();
    request.expired = wrong;
    EXPECT_EQ(Refused("SELECT 3 AS id, 'c' AS name", request).substr(0, 16), "invalid_argument");
    EXPECT_EQ(Refused("SELECT 3 AS id, 4 AS wide", request).substr(0, 16), "invalid_argument");
  }
}

TEST_P(CopyAppendTest, ExpiredRowsGo) {
  Serve(kTwo);
  auto request = Request();
  request.expired = "id < 3";
  EXPECT_EQ(Append("SELECT * FROM (VALUES (2, 'y'), (3, 'z')) v(id, name)", request), "ok");
  EXPECT_EQ(Served(), "id | name\n3 | z");
}

TEST_P(CopyAppendTest, KeysAndUniqueIndexesGoTogether) {
  auto request = Keyed(KeyConflict::kUpsert);
  request.indexes = {{{"id"}, true}, {{"name"}, false}};
  Serve(kTwo, request);
  for (int round = 0; round < 4; ++round) {
    EXPECT_EQ(Append("SELECT * FROM (VALUES (2, 'B'), (3, 'c')) v(id, name)", request), "ok")
        << round;
    EXPECT_EQ(Served(), "id | name\n1 | a\n2 | B\n3 | c");
  }
  EXPECT_EQ(Refused("SELECT 1 AS id, 'again' AS name").substr(0, 16), "invalid_argument");
  EXPECT_EQ(Run("SELECT name FROM t WHERE id = 3"), "name\nc");
}

TEST_P(CopyAppendTest, FactsAreThoseOfTheRequest) {
  Serve(kTwo);
  auto request = Request();
  request.facts.identity = "other";
  request.facts.note = "new";
  request.facts.read_at = WallTime(std::chrono::microseconds(1'700'000'000'123'456));
  EXPECT_EQ(Append("SELECT 3 AS id, 'c' AS name", request), "ok");
  EXPECT_EQ(copy_.facts.note, "new");
  if (!GetParam()) return;
  Reopen();
  Take();
  EXPECT_EQ(copy_.facts.identity, "other");
  EXPECT_EQ(copy_.facts.note, "new");
  EXPECT_EQ(copy_.facts.rows, 3u);
  EXPECT_EQ(copy_.facts.read_at, request.facts.read_at);
}

}  // namespace
}  // namespace sumac::engine
