// Queries whose results are taken slowly, or not at all, while the copy that they read changes.
#include <filesystem>

#include "engine/copies/copy_fixture.h"

namespace sumac::engine {
namespace {

constexpr char kMany[] = "SELECT i AS id, 'n' || i AS name FROM range(2000000) r(i)";

class SlowReaderTest : public EachStoreFixture {
 protected:
  // Begins to read the whole dataset.
  void BeginToRead() {
    reader_ = database_->Connect();
    auto stream = reader_->Execute("SELECT * FROM t");
    ASSERT_TRUE(stream.has_value()) << stream.error().message;
    stream_ = *std::move(stream);
    auto chunk = stream_->Next();
    ASSERT_TRUE(chunk.has_value()) << chunk.error().message;
    rows_read_ = (*chunk)->size();
  }

  // Reads what is left, and returns how many rows there were in all.
  uint64_t ReadToTheEnd() {
    while (true) {
      auto chunk = stream_->Next();
      EXPECT_TRUE(chunk.has_value()) << chunk.error().message;
      if (!chunk || *chunk == nullptr) return rows_read_;
      rows_read_ += (*chunk)->size();
    }
  }

  void Append(const std::string& select) {
    auto appended = store_->Append(copy_, Source(select), Request());
    ASSERT_TRUE(appended.has_value()) << appended.error().message;
    Register(*std::move(appended));
  }

  void TearDown() override {
    stream_.reset();
    reader_.reset();
    EachStoreFixture::TearDown();
  }

  std::unique_ptr<Session> reader_;
  std::unique_ptr<ResultStream> stream_;
  uint64_t rows_read_ = 0;
};

INSTANTIATE_TEST_SUITE_P(, SlowReaderTest, testing::Bool(), StoreName);

TEST_P(SlowReaderTest, HoldsNobodyUp) {
  Serve(kMany);
  BeginToRead();
  Append("SELECT -1::BIGINT AS id, 'new' AS name");
  EXPECT_EQ(Run("SELECT count(*) AS n, min(id) AS least FROM t"), "n | least\n2000001 | -1");
  auto changed = store_->Delete(copy_, "id >= 10", {});
  ASSERT_TRUE(changed.has_value()) << changed.error().message;
  Register(*std::move(changed));
  EXPECT_EQ(Run("SELECT count(*) AS n FROM t"), "n\n11");
  Serve("SELECT 1::BIGINT AS id, 'one' AS name");
  EXPECT_EQ(Served(), "id | name\n1 | one");
  EXPECT_EQ(ReadToTheEnd(), 2'000'000u);
}

TEST_P(SlowReaderTest, OneThatCameAfterTheLastChangeHoldsNobodyUp) {
  Serve(kMany);
  Serve("SELECT 5::BIGINT AS id", Request("other"));
  BeginToRead();
  // The copies of other datasets change.
  Serve("SELECT 6::BIGINT AS id", Request("other"));
  EXPECT_EQ(Run("SELECT id FROM other"), "id\n6");
  EXPECT_EQ(ReadToTheEnd(), 2'000'000u);
}

// One who went away without reading to the end is none.
TEST_P(SlowReaderTest, IsForgottenWhenItIsGone) {
  Serve(kMany);
  BeginToRead();
  stream_.reset();
  auto changed = store_->Delete(copy_, "id >= 10", {});
  ASSERT_TRUE(changed.has_value()) << changed.error().message;
  Register(*std::move(changed));
  if (GetParam()) {
    std::error_code none;
    const auto bytes = std::filesystem::file_size(Path() + ".wal", none);
    EXPECT_TRUE(none || bytes == 0) << bytes;
  }
  EXPECT_EQ(Run("SELECT count(*) AS n FROM t"), "n\n10");
}

}  // namespace
}  // namespace sumac::engine
