// What copies give back of the room that rows took which are not there any more.
#include "engine/copies/copy_fixture.h"

namespace sumac::engine {
namespace {

class CopyRoomTest : public EachStoreFixture {
 protected:
  // The rows that the table of copy_ holds, with those that were deleted.
  uint64_t RowsHeld() {
    const auto held =
        Run("SELECT max(estimated_size) AS n FROM duckdb_tables() WHERE table_name LIKE 'copy_%'");
    return std::stoull(held.substr(held.find('\n') + 1));
  }

  void Delete(const std::string& condition, const std::vector<CopyIndex>& indexes = {}) {
    auto changed = store_->Delete(copy_, condition, indexes);
    ASSERT_TRUE(changed.has_value()) << changed.error().message;
    Register(*std::move(changed));
    store_->DropUnused();
  }

  // Replaces all rows.
  void Replace(const std::string& select, const std::vector<CopyIndex>& indexes) {
    auto request = Request();
    request.keys = {CopyKey{{"id"}, KeyConflict::kUpsert, "", false}};
    request.indexes = indexes;
    auto appended = store_->Append(copy_, Source(select), request);
    ASSERT_TRUE(appended.has_value()) << appended.error().message;
    Register(*std::move(appended));
    store_->DropUnused();
  }
};

INSTANTIATE_TEST_SUITE_P(, CopyRoomTest, testing::Bool(), StoreName);

constexpr char kRows[] = "SELECT i AS id, 'n' || i AS name FROM range(40000) r(i)";

TEST_P(CopyRoomTest, RowsThatAreReplacedDoNotPileUp) {
  Serve(kRows);
  for (int round = 0; round < 8 && !HasFailure(); ++round) {
    Replace(kRows, {});
    EXPECT_LE(RowsHeld(), 250'000u) << round;
  }
  EXPECT_EQ(Run("SELECT count(*) AS n, sum(id) AS s FROM t"), "n | s\n40000 | 799980000");
}

TEST_P(CopyRoomTest, NorDoThoseOfACopyWithIndexes) {
  const std::vector<CopyIndex> indexes = {{{"id"}, true}, {{"name"}, false}};
  auto request = Request();
  request.indexes = indexes;
  Serve(kRows, request);
  for (int round = 0; round < 8 && !HasFailure(); ++round) {
    Replace(kRows, indexes);
    EXPECT_LE(RowsHeld(), 250'000u) << round;
  }
  EXPECT_EQ(Run("SELECT count(*) AS n FROM duckdb_indexes()"), "n\n2");
  EXPECT_EQ(Run("SELECT id FROM t WHERE name = 'n777'"), "id\n777");
}

TEST_P(CopyRoomTest, WhatIsDeletedIsGivenBackByTheNextChange) {
  const std::vector<CopyIndex> indexes = {{{"id"}, true}};
  auto request = Request();
  request.indexes = indexes;
  Serve("SELECT i AS id FROM range(300000) r(i)", request);
  Delete("id >= 1000", indexes);
  const auto* before = copy_.source.get();
  Delete("id = -1", indexes);
  EXPECT_NE(copy_.source.get(), before);
  EXPECT_EQ(RowsHeld(), 1000u);
  EXPECT_EQ(Run("SELECT count(*) AS n, sum(id) AS s FROM t"), "n | s\n1000 | 499500");
  EXPECT_EQ(Run("SELECT count(*) AS n FROM duckdb_indexes()"), "n\n1");
  // Nothing to give back.
  const auto* after = copy_.source.get();
  Delete("id = -1", indexes);
  EXPECT_EQ(copy_.source.get(), after);
  if (!GetParam()) return;
  Reopen();
  Take();
  EXPECT_EQ(Run("SELECT count(*) AS n, sum(id) AS s FROM t"), "n | s\n1000 | 499500");
}

// A reader from before keeps what it reads, and does not keep others from moving.
TEST_P(CopyRoomTest, AReaderDoesNotHoldItUp) {
  Serve("SELECT i AS id FROM range(2000000) r(i)");
  auto other = database_->Connect();
  auto stream = other->Execute("SELECT id FROM t");
  ASSERT_TRUE(stream.has_value());
  ASSERT_TRUE((*stream)->Next().has_value());
  uint64_t rows = STANDARD_VECTOR_SIZE;
  Delete("id >= 1000");
  Delete("id = 5");
  EXPECT_EQ(Run("SELECT count(*) AS n, sum(id) AS s FROM t"), "n | s\n999 | 499495");
  while (true) {
    auto chunk = (*stream)->Next();
    ASSERT_TRUE(chunk.has_value()) << chunk.error().message;
    if (*chunk == nullptr) break;
    rows += (*chunk)->size();
  }
  EXPECT_EQ(rows, 2'000'000u);
  stream->reset();
  Delete("id = 7");
  EXPECT_LE(RowsHeld(), 1000u);
}

}  // namespace
}  // namespace sumac::engine
