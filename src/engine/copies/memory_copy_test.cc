#include <string>

#include "engine/copies/copy_fixture.h"

namespace sumac::engine {
namespace {

class MemoryCopyTest : public CopyFixture {
 protected:
  void SetUp() override {
    CopyFixture::SetUp();
    store_ = database_->MemoryCopies();
  }

  // `columns` of the segments that hold the ids of copy_.
  std::string IdSegments(const std::string& columns) {
    const auto table =
        Run("SELECT table_name FROM duckdb_tables() WHERE schema_name = 'accelerated' "
            "ORDER BY length(table_name) DESC, table_name DESC LIMIT 1");
    return Run("SELECT " + columns + " FROM pragma_storage_info('memory.accelerated." +
               table.substr(table.find('\n') + 1) +
               "') WHERE column_name = 'id' AND segment_type <> 'VALIDITY'");
  }
};

// As DuckDB keeps its own tables in memory: what is compressed is slower to read, and to load.
TEST_F(MemoryCopyTest, RowsAreNotCompressed) {
  const std::string select = "SELECT i AS id, 'same' AS name FROM range(20000) r(i)";
  for (int round = 0; round < 2; ++round) {
    Serve(select);
    EXPECT_EQ(IdSegments("DISTINCT compression"), "compression\nUncompressed") << round;
  }
  auto appended =
      store_->Append(copy_, Source("SELECT 20000::BIGINT AS id, 'new' AS name"), Request());
  ASSERT_TRUE(appended.has_value()) << appended.error().message;
  Register(*std::move(appended));
  EXPECT_EQ(IdSegments("DISTINCT compression"), "compression\nUncompressed");
  EXPECT_EQ(copy_.facts.rows, 20001u);
}

// Rows that a query under way reads are kept for it, and nobody waits for anybody.
TEST_F(MemoryCopyTest, AQueryUnderWayKeepsRowsThatAreDeleted) {
  Serve("SELECT i AS id FROM range(400000) r(i)");
  auto other = database_->Connect();
  auto stream = other->Execute("SELECT id FROM t");
  ASSERT_TRUE(stream.has_value());
  uint64_t rows = 0;
  auto chunk = (*stream)->Next();
  ASSERT_TRUE(chunk.has_value());
  rows += (*chunk)->size();
  auto changed = store_->Delete(copy_, "id % 1000 > 0", {});
  ASSERT_TRUE(changed.has_value()) << changed.error().message;
  Register(*std::move(changed));
  EXPECT_EQ(Run("SELECT count(*) FROM t"), "count_star()\n400");
  for (chunk = (*stream)->Next(); chunk && *chunk; chunk = (*stream)->Next()) {
    rows += (*chunk)->size();
  }
  ASSERT_TRUE(chunk.has_value()) << chunk.error().message;
  EXPECT_EQ(rows, 400000u);
}

}  // namespace
}  // namespace sumac::engine
