// Copies with their source behind them: `on_zero_results: use_source`.
#include <gmock/gmock.h>

#include "datasets/copy_refresh_fixture.h"

namespace sumac::datasets {
namespace {

using fake_dynamodb::Fault;
using testing::HasSubstr;

class CopyFallbackTest : public CopyRefreshFixture {
 protected:
  // The copy has the items of kind 'a', the table also others.
  static constexpr char kPart[] =
      "{on_zero_results: use_source, refresh_sql: \"SELECT * FROM events WHERE kind = 'a'\"}";
  static constexpr char kStoredPart[] =
      "{on_zero_results: use_source, engine: duckdb, mode: file, params: {duckdb_file: copies.db}, "
      "refresh_sql: \"SELECT * FROM events WHERE kind = 'a'\"}";

  void SetUp() override {
    CopyRefreshFixture::SetUp();
    SetItems({Event(1, "2026-01-01T00:00:00Z"), Event(2, "2026-01-02T00:00:00Z"),
              Event(3, "2026-01-03T00:00:00Z", "b"), Event(4, "2026-01-04T00:00:00Z", "b")});
  }
  size_t Requests() { return fake_->RequestCount(); }
};

TEST_F(CopyFallbackTest, TheSourceIsAskedOnlyForWhatTheCopyHasNot) {
  Start(kPart);
  auto before = Requests();
  EXPECT_EQ(Query("SELECT count(*) FROM events"), "2 ");
  EXPECT_EQ(Query("SELECT id FROM events WHERE id = 1"), "1 ");
  EXPECT_EQ(Query("SELECT id FROM events WHERE kind IN ('a', 'b') ORDER BY id"), "1 2 ");
  EXPECT_EQ(Requests(), before);
  // By its key, as a query on the table itself.
  EXPECT_EQ(Query("SELECT id, kind FROM events WHERE id = 3"), "3 b ");
  EXPECT_EQ(Requests(), before + 1);
  EXPECT_EQ(fake_->Requests().back().operation, "GetItem");
  EXPECT_EQ(Query("SELECT id FROM events WHERE kind = 'b' ORDER BY id"), "3 4 ");
  EXPECT_THAT(fake_->Requests().back().body, HasSubstr("FilterExpression"));
  before = Requests();
  EXPECT_EQ(Query("SELECT id FROM events WHERE id = 9"), "");
  EXPECT_EQ(Requests(), before + 1);
}

TEST_F(CopyFallbackTest, WhatTheSourceHasGotSinceIsFound) {
  Start(kPart);
  SetItems({Event(1, "2026-01-01T00:00:00Z", "changed"), Event(7, "2026-01-09T00:00:00Z", "new")});
  EXPECT_EQ(Query("SELECT kind FROM events WHERE id = 1"), "a ");
  EXPECT_EQ(Query("SELECT kind FROM events WHERE id = 7"), "new ");
}

TEST_F(CopyFallbackTest, AlsoAfterARefreshAndARetention) {
  Start(
      "{on_zero_results: use_source, retention_check_enabled: true, retention_period: 8d, "
      "retention_check_interval: 1h}",
      "    time_column: at\n");
  EXPECT_EQ(Query("SELECT id FROM events ORDER BY id"), "2 3 4 ");
  EXPECT_EQ(Query("SELECT id FROM events WHERE id = 1"), "1 ");
  const auto version = runtime_->DataVersion();
  clock_->Advance(std::chrono::hours(25));
  ASSERT_TRUE(Refreshed(version));
  EXPECT_EQ(Query("SELECT id FROM events ORDER BY id"), "4 ");
  EXPECT_EQ(Query("SELECT id FROM events WHERE id = 3"), "3 ");
  SetItems({Event(5, "2026-01-10T00:00:00Z")});
  const auto retained = runtime_->DataVersion();
  ASSERT_TRUE(runtime_->RequestRefresh("events").has_value());
  ASSERT_TRUE(Refreshed(retained));
  EXPECT_EQ(Query("SELECT id FROM events"), "5 ");
  EXPECT_EQ(Query("SELECT id FROM events WHERE id = 4"), "");
}

TEST_F(CopyFallbackTest, AnEmptyCopyIsItsSource) {
  Start("{on_zero_results: use_source, refresh_sql: \"SELECT id FROM events WHERE kind = 'no'\"}");
  EXPECT_EQ(Query("SELECT count(*), max(id) FROM events"), "4 4 ");
  EXPECT_EQ(Query("SELECT * FROM events WHERE id = 2"), "2 ");
}

TEST_F(CopyFallbackTest, AJoinAndAViewAskTheSourceToo) {
  Start(kPart);
  EXPECT_EQ(Query("SELECT x.id, y.id FROM events x, events y WHERE x.id = 1 AND y.id = 4"), "1 4 ");
  EXPECT_EQ(Query("SELECT count(*) FROM (SELECT * FROM events WHERE kind = 'b')"), "2 ");
}

TEST_F(CopyFallbackTest, AStoredCopyFindsItsSourceAtTheStart) {
  Start(kStoredPart);
  const auto scans = Scans();
  Start(kStoredPart);
  // It looks at the table and at a sample, and loads nothing.
  const auto sampled = Scans();
  EXPECT_LE(sampled, scans + 1);
  EXPECT_EQ(Query("SELECT id FROM events WHERE id = 1"), "1 ");
  EXPECT_EQ(Query("SELECT id FROM events WHERE id = 3"), "3 ");
  EXPECT_EQ(Scans(), sampled);
}

TEST_F(CopyFallbackTest, AStoredCopyServesWithoutItsSource) {
  Start(kStoredPart);
  fake_->faults().Next("DescribeTable", Fault::AccessDenied());
  Start(kStoredPart, "", false);
  EXPECT_TRUE(runtime_->Ready());
  ASSERT_TRUE(Status().error.has_value());
  EXPECT_THAT(Status().error->message, HasSubstr("dataset 'events'"));
  EXPECT_EQ(Query("SELECT id FROM events WHERE id = 1"), "1 ");
  EXPECT_THAT(Query("SELECT id FROM events WHERE id = 3"),
              testing::AllOf(HasSubstr("dataset 'events'"), HasSubstr("could not be reached"),
                             HasSubstr("on_zero_results: use_source")));
  // A serving process finds it by a refresh.
  fake_->faults().Next("DescribeTable", Fault::Throttle());
  Start(kStoredPart);
  ASSERT_TRUE(Eventually([&] { return Query("SELECT id FROM events WHERE id = 3") == "3 "; }));
}

TEST_F(CopyFallbackTest, TheSourceIsHeldToWhatAQueryMayCost) {
  Start(kPart, "      allow_full_scan: \"false\"\n");
  EXPECT_EQ(Query("SELECT count(*) FROM events"), "2 ");
  EXPECT_EQ(Query("SELECT id FROM events WHERE id = 3"), "3 ");
  const auto scans = Scans();
  EXPECT_THAT(Query("SELECT id FROM events WHERE kind = 'b'"),
              testing::AllOf(HasSubstr("dataset 'events'"), HasSubstr("allow_full_scan")));
  EXPECT_EQ(Scans(), scans);
}

TEST_F(CopyFallbackTest, AStoredCopyOfAnotherTableIsNotMixedWithThis) {
  SetItems({Event(1, "2026-01-01T00:00:00Z")}, "first");
  Start(kStoredPart);
  SetItems({Event(1, "2026-01-01T00:00:00Z", "b"), Event(2, "2026-01-01T00:00:00Z")}, "second");
  Start(kStoredPart, "", false);
  EXPECT_EQ(Query("SELECT id FROM events WHERE id = 1"), "1 ");
  EXPECT_THAT(Query("SELECT id FROM events WHERE id = 2"), HasSubstr("another table"));
  Start(kStoredPart);
  ASSERT_TRUE(Eventually([&] { return Query("SELECT id FROM events WHERE id = 2") == "2 "; }));
  EXPECT_EQ(Query("SELECT kind FROM events WHERE id = 1"), "b ");
}

TEST_F(CopyFallbackTest, ALimitBoundsWhatTheSourceMayCost) {
  Start("{on_zero_results: use_source, refresh_sql: \"SELECT id FROM events WHERE kind = 'no'\"}",
        "      allow_full_scan: \"false\"\n");
  EXPECT_EQ(Query("SELECT count(*) FROM (SELECT id FROM events LIMIT 2)"), "2 ");
  EXPECT_THAT(Query("SELECT max(kind) FROM (SELECT * FROM events ORDER BY id)"),
              HasSubstr("error: "));
}

TEST_F(CopyFallbackTest, NeedsTheColumnsOfTheDataset) {
  Start("{on_zero_results: use_source, refresh_sql: SELECT id AS number FROM events}");
  EXPECT_THAT(Query("SELECT * FROM events"),
              testing::AllOf(HasSubstr("dataset 'events'"), HasSubstr("as they are")));
  for (const char* query :
       {"SELECT id, upper(kind) AS kind FROM events", "SELECT kind AS more, id FROM events",
        "SELECT DISTINCT kind FROM events", "SELECT max(id) AS id FROM events",
        "SELECT * REPLACE (id + 1 AS id) FROM events", "SELECT id FROM events GROUP BY id",
        "SELECT * FROM (SELECT * FROM events)", "SELECT _item FROM events",
        "WITH events AS (SELECT 1 AS id) SELECT * FROM events"}) {
    Start(fmt::format("{{on_zero_results: use_source, refresh_sql: \"{}\"}}", query));
    EXPECT_THAT(Query("SELECT * FROM events"), HasSubstr("error: ")) << query;
  }
  for (const char* query : {"SELECT e.id, Kind AS kind FROM public.events AS e",
                            "SELECT * EXCLUDE (kind) FROM events ORDER BY id LIMIT 3"}) {
    Start(fmt::format("{{on_zero_results: use_source, refresh_sql: \"{}\"}}", query));
    EXPECT_EQ(Query("SELECT count(id) FROM events WHERE id = 1"), "1 ") << query;
  }
  Start("{on_zero_results: use_source, refresh_sql: 'SELECT kind, id FROM events WHERE id < 3'}");
  EXPECT_EQ(Query("SELECT * FROM events WHERE id = 4"), "b 4 ");
}

}  // namespace
}  // namespace sumac::datasets
