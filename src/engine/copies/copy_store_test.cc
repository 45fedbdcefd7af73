#include "engine/copies/copy_store.h"

#include <atomic>
#include <thread>

#include "engine/copies/copy_fixture.h"

namespace sumac::engine {
namespace {

using CopyStoreTest = EachStoreFixture;

INSTANTIATE_TEST_SUITE_P(, CopyStoreTest, testing::Bool(), StoreName);

TEST_P(CopyStoreTest, WhatIsPublishedIsServed) {
  auto request = Request();
  request.facts.identity = "of this";
  request.facts.note = "a note";
  Serve("SELECT i AS id, 'n' || i AS name FROM range(3) r(i)", request);
  EXPECT_EQ(Served(), "id | name\n0 | n0\n1 | n1\n2 | n2");
  EXPECT_EQ(copy_.facts.rows, 3u);
  EXPECT_EQ(copy_.facts.note, "a note");
  EXPECT_TRUE(copy_.warnings.empty());
  EXPECT_EQ(store_->path(), GetParam() ? Path() : "");
  EXPECT_FALSE(store_->TakeStored("t").has_value());
}

TEST_P(CopyStoreTest, ACopyOfNoRowsIsOne) {
  Serve("SELECT i AS id FROM range(0) r(i)");
  EXPECT_EQ(Served(), "id");
  EXPECT_EQ(copy_.facts.rows, 0u);
  EXPECT_EQ(store_->Evaluate(copy_, "max(id)")->ToString(), "NULL");
  store_->Bytes(copy_);
}

TEST_P(CopyStoreTest, ConditionsAndTheQuerySayWhatIsCopied) {
  const std::string select = "SELECT i AS id, i % 3 AS part FROM range(10) r(i)";
  auto request = Request();
  request.conditions = {"id > 2", "part = 0 OR part = 1"};
  request.expired = "id < 4";
  Serve(select, request);
  EXPECT_EQ(Run("SELECT id FROM t ORDER BY id"), "id\n4\n6\n7\n9");
  request.query = "SELECT T.part, count(*) AS id FROM t GROUP BY 1";
  request.expired.clear();
  Serve(select, request);
  EXPECT_EQ(Served(), "part | id\n0 | 4\n1 | 3");
}

TEST_P(CopyStoreTest, WrongSqlIsRefusedAndChangesNothing) {
  Serve("SELECT 1 AS id");
  const auto source = Source("SELECT 2 AS id");
  for (const char* wrong : {"nothing = 1", "id =", "id = 1) --", "id = 'x'", "1; DROP TABLE t"}) {
    auto request = Request();
    request.conditions = {wrong};
    EXPECT_EQ(Outcome(store_->Create(source, request)).substr(0, 16), "invalid_argument") << wrong;
    request.conditions.clear();
    request.expired = wrong;
    if (std::string(wrong) != "1; DROP TABLE t") {
      EXPECT_EQ(Outcome(store_->Create(source, request)).substr(0, 16), "invalid_argument")
          << wrong;
    }
    EXPECT_EQ(Outcome(store_->Delete(copy_, wrong, {})).substr(0, 16), "invalid_argument") << wrong;
    EXPECT_EQ(Outcome(store_->Evaluate(copy_, wrong)).substr(0, 16), "invalid_argument") << wrong;
  }
  auto request = Request();
  request.query = "SELECT * FROM other";
  EXPECT_EQ(Outcome(store_->Create(source, request)),
            "invalid_argument: it may read 't' only, not 'other'");
  EXPECT_EQ(Served(), "id\n1");
}

TEST_P(CopyStoreTest, ACancelledCopyIsNone) {
  Serve("SELECT 1::BIGINT AS id");
  std::atomic<bool> cancelled = true;
  auto request = Request();
  request.cancelled = &cancelled;
  const auto source = Source("SELECT i AS id FROM range(300000) r(i)");
  EXPECT_EQ(Outcome(store_->Create(source, request)).substr(0, 9), "cancelled");
  EXPECT_EQ(Outcome(store_->Append(copy_, source, request)).substr(0, 9), "cancelled");
  EXPECT_EQ(Served(), "id\n1");
  cancelled = false;
  int called = 0;
  request.between = [&] { ++called; };
  EXPECT_EQ(Outcome(store_->Append(copy_, source, request)), "ok");
  EXPECT_GT(called, 0);
}

TEST_P(CopyStoreTest, DeletesRowsAndCountsTheRest) {
  Serve("SELECT i AS id FROM range(10) r(i)");
  auto changed = store_->Delete(copy_, "id >= 6 OR id = 1", {});
  ASSERT_TRUE(changed.has_value()) << changed.error().message;
  EXPECT_EQ(changed->facts.rows, 5u);
  Register(*std::move(changed));
  EXPECT_EQ(Run("SELECT count(*), sum(id) FROM t"), "count_star() | sum(id)\n5 | 14");
  const auto same = store_->Delete(copy_, "id = 100", {});
  ASSERT_TRUE(same.has_value());
  EXPECT_EQ(same->source, copy_.source);
  EXPECT_EQ(store_->Evaluate(copy_, "max(id)")->ToString(), "5");
}

TEST_P(CopyStoreTest, AQueryUnderWayKeepsTheCopyThatItBeganWith) {
  Serve("SELECT i AS id FROM range(300000) r(i)");
  auto other = database_->Connect();
  auto stream = other->Execute("SELECT id FROM t");
  ASSERT_TRUE(stream.has_value());
  ASSERT_TRUE((*stream)->Next().has_value());
  for (int i = 0; i < 5; ++i) Serve("SELECT -1 AS id");
  EXPECT_EQ(Served(), "id\n-1");
  uint64_t rows = STANDARD_VECTOR_SIZE;
  while (true) {
    auto chunk = (*stream)->Next();
    ASSERT_TRUE(chunk.has_value()) << chunk.error().message;
    if (*chunk == nullptr) break;
    rows += (*chunk)->size();
  }
  EXPECT_EQ(rows, 300'000u);
  stream->reset();
  other.reset();
  database_->Connect();
  EXPECT_EQ(Run("SELECT count(*) AS n FROM duckdb_tables() WHERE table_name LIKE 'copy%'"), "n\n1");
}

// Every version has rows whose sum is zero.
TEST_P(CopyStoreTest, EachAnswerIsOfOneVersion) {
  Serve("SELECT i AS id FROM range(-50, 51) r(i)");
  std::atomic<bool> done = false;
  std::atomic<int> queries = 0;
  std::vector<std::thread> threads;
  std::vector<std::string> failures(3);
  for (auto& failure : failures) {
    threads.emplace_back([&] {
      while (!done && failure.empty()) {
        auto session = database_->Connect();
        auto stream = session->Execute("SELECT sum(id), count(*) FROM t");
        auto chunk = stream ? (*stream)->Next() : Fail(std::move(stream).error());
        if (!chunk) {
          failure = chunk.error().message;
        } else if ((*chunk)->GetValue(0, 0).ToString() != "0") {
          failure = (*chunk)->GetValue(0, 0).ToString();
        }
        ++queries;
      }
    });
  }
  const auto more = Source("SELECT unnest([1000, -1000])::BIGINT AS id");
  const auto all = Source("SELECT i AS id FROM range(-70, 71) r(i)");
  for (int i = 0; (i < 100 || queries < 50) && !HasFailure(); ++i) {
    auto copy = i % 3 == 0   ? store_->Create(all, Request())
                : i % 3 == 1 ? store_->Append(copy_, more, Request())
                             : store_->Delete(copy_, "abs(id) = 1000 OR abs(id) = 3", {});
    EXPECT_TRUE(copy.has_value()) << i << copy.error().message;
    if (!copy) break;
    if (i % 3 == 0) {
      Publish(*std::move(copy));
    } else {
      Register(*std::move(copy));
    }
  }
  done = true;
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(failures, std::vector<std::string>(3));
}

}  // namespace
}  // namespace sumac::engine
