// Copies that are refreshed while they serve.
#include <gmock/gmock.h>

#include "datasets/copy_refresh_fixture.h"

namespace sumac::datasets {
namespace {

using fake_dynamodb::Fault;
using std::chrono::seconds;
using testing::HasSubstr;

class CopyRefreshTest : public CopyRefreshFixture {};

TEST_F(CopyRefreshTest, AFullRefreshAtItsInterval) {
  SetItems({Item(1), Item(2)});
  Start("{refresh_check_interval: 10s}");
  EXPECT_EQ(Query("SELECT count(*) FROM events"), "2 ");
  ASSERT_TRUE(Status().copy.has_value());
  EXPECT_EQ(Status().copy->rows, 2u);
  EXPECT_GT(Status().copy->bytes, 0u);
  EXPECT_EQ(Status().next_refresh, clock_->WallNow() + seconds(10));
  SetItems({Item(1), Item(2), Item(3)});
  EXPECT_EQ(Query("SELECT count(*) FROM events"), "2 ");
  const auto version = runtime_->DataVersion();
  clock_->Advance(seconds(10));
  ASSERT_TRUE(Refreshed(version));
  EXPECT_EQ(Query("SELECT count(*) FROM events"), "3 ");
  EXPECT_EQ(Status().copy->read_at, clock_->WallNow());
}

TEST_F(CopyRefreshTest, AFailedRefreshKeepsTheCopyAndIsTriedAgain) {
  SetItems({Item(1)});
  Start("{refresh_check_interval: 1h}");
  fake_->faults().Next("DescribeTable", Fault::AccessDenied());
  clock_->Advance(std::chrono::hours(1));
  ASSERT_TRUE(Eventually([&] { return Status().error.has_value(); }));
  EXPECT_EQ(Status().state, DatasetState::kReady);
  EXPECT_THAT(Status().error->message, HasSubstr("dataset 'events'"));
  EXPECT_EQ(Query("SELECT count(*) FROM events"), "1 ");
  EXPECT_EQ(Status().attempted_at, clock_->WallNow());
  EXPECT_LT(Status().copy->read_at, clock_->WallNow());
  // Access that is denied is not tried again before its time.
  ASSERT_TRUE(Eventually([&] { return Status().next_refresh.has_value(); }));
  EXPECT_GT(*Status().next_refresh, clock_->WallNow() + std::chrono::minutes(59));
  const auto version = runtime_->DataVersion();
  clock_->Advance(std::chrono::hours(1));
  ASSERT_TRUE(Refreshed(version));
  EXPECT_FALSE(Status().error.has_value());
}

TEST_F(CopyRefreshTest, OnDemand) {
  SetItems({Item(1)});
  Start("{enabled: true}");
  EXPECT_EQ(Status().next_refresh, std::nullopt);
  SetItems({Item(1), Item(2), Item(3)});
  auto version = runtime_->DataVersion();
  ASSERT_TRUE(runtime_->RequestRefresh("EVENTS").has_value());
  ASSERT_TRUE(Refreshed(version));
  EXPECT_EQ(Query("SELECT count(*) FROM events"), "3 ");
  version = runtime_->DataVersion();
  RefreshOverrides overrides;
  overrides.refresh_sql = "SELECT * FROM events WHERE id >= 2";
  ASSERT_TRUE(runtime_->RequestRefresh("events", overrides).has_value());
  ASSERT_TRUE(Refreshed(version));
  EXPECT_EQ(Query("SELECT id FROM events ORDER BY id"), "2 3 ");
  overrides.refresh_sql = "SELECT * FROM others";
  EXPECT_EQ(runtime_->RequestRefresh("events", overrides).error().code,
            ErrorCode::kInvalidArgument);
  EXPECT_EQ(runtime_->RequestRefresh("nobody").error().code, ErrorCode::kNotFound);
}

TEST_F(CopyRefreshTest, ByCron) {
  SetItems({Item(1)});
  Start("{refresh_cron: '*/15 * * * *'}");
  EXPECT_EQ(Status().next_refresh, clock_->WallNow() + std::chrono::minutes(15));
}

TEST_F(CopyRefreshTest, RefreshSqlReadsAPartThatDynamoDbFinds) {
  std::vector<std::string> items;
  for (int i = 0; i < 50; ++i) items.push_back(Event(i, "2026-01-01T00:00:00Z", i % 5 ? "a" : "b"));
  // One that the sample does not meet, with a value of another type.
  items.push_back(R"({"id":{"N":"99"},"at":{"N":"5"},"kind":{"S":"b"},"late":{"S":"x"}})");
  SetItems(items);
  Start("{refresh_sql: \"SELECT * FROM events WHERE kind = 'b'\"}", "");
  EXPECT_EQ(Query("SELECT count(*), count(\"at\"), count(late) FROM events"), "11 11 1 ");
  bool pushed = false;
  for (const auto& request : fake_->Requests()) {
    pushed |=
        request.operation == "Scan" && request.body.find("FilterExpression") != std::string::npos;
  }
  EXPECT_TRUE(pushed);
}

TEST_F(CopyRefreshTest, AppendAddsWhatIsNewer) {
  SetItems({Event(1, "2026-01-01T00:00:00Z"), Event(2, "2026-01-02T00:00:00Z")});
  Start("{refresh_mode: append, refresh_check_interval: 10s, refresh_append_overlap: 1h}",
        "    time_column: at\n");
  EXPECT_EQ(Query("SELECT count(*) FROM events"), "2 ");
  // 1 is older than the overlap, 2 has changed within it, 3 is late, 4 new and with a new column.
  SetItems({Event(1, "2026-01-01T00:00:00Z", "unseen"), Event(2, "2026-01-02T00:00:00Z", "changed"),
            Event(3, "2026-01-01T23:30:00Z"),
            Item(4, R"("at":{"S":"2026-01-03T00:00:00+02:00"},"more":{"S":"m"})")});
  auto version = runtime_->DataVersion();
  clock_->Advance(seconds(10));
  ASSERT_TRUE(Refreshed(version));
  EXPECT_EQ(Query("SELECT id, kind, more FROM events ORDER BY id"),
            "1 a NULL 2 changed NULL 3 a NULL 4 NULL m ");
  // A type that has changed makes a new copy.
  SetItems({Event(1, "2026-01-01T00:00:00Z"),
            Item(5, R"("at":{"S":"2026-01-04T00:00:00Z"},"kind":{"L":[{"N":"7"}]})")});
  version = runtime_->DataVersion();
  clock_->Advance(seconds(10));
  ASSERT_TRUE(Refreshed(version));
  EXPECT_EQ(Query("SELECT id, kind FROM events ORDER BY id"), "1 \"a\" 5 [7] ");
}

TEST_F(CopyRefreshTest, AppendKeepsNothingOfATableThatIsNotThereAnyMore) {
  SetItems({Event(1, "2026-01-01T00:00:00Z"), Event(2, "2026-01-02T00:00:00Z")}, "first");
  Start("{refresh_mode: append}", "    time_column: at\n");
  SetItems({Event(3, "2026-01-03T00:00:00Z")}, "first");
  auto version = runtime_->DataVersion();
  ASSERT_TRUE(runtime_->RequestRefresh("events").has_value());
  ASSERT_TRUE(Refreshed(version));
  EXPECT_EQ(Query("SELECT id FROM events ORDER BY id"), "1 2 3 ");
  // Dropped, created anew and filled again.
  SetItems({Event(4, "2026-01-01T00:00:00Z"), Event(5, "2026-01-04T00:00:00Z")}, "second");
  version = runtime_->DataVersion();
  ASSERT_TRUE(runtime_->RequestRefresh("events").has_value());
  ASSERT_TRUE(Refreshed(version));
  EXPECT_EQ(Query("SELECT id FROM events ORDER BY id"), "4 5 ");
}

TEST_F(CopyRefreshTest, AppendLosesNothingAfterARefreshOfAPart) {
  SetItems({Event(1, "2026-01-01T00:00:00Z", "x")});
  Start("{refresh_mode: append}", "    time_column: at\n");
  SetItems({Event(1, "2026-01-01T00:00:00Z", "x"), Event(2, "2026-01-02T00:00:00Z", "y"),
            Event(3, "2026-01-03T00:00:00Z", "x")});
  auto version = runtime_->DataVersion();
  RefreshOverrides overrides;
  overrides.refresh_sql = "SELECT * FROM events WHERE kind = 'x'";
  ASSERT_TRUE(runtime_->RequestRefresh("events", overrides).has_value());
  ASSERT_TRUE(Refreshed(version));
  EXPECT_EQ(Query("SELECT id FROM events ORDER BY id"), "1 3 ");
  version = runtime_->DataVersion();
  ASSERT_TRUE(runtime_->RequestRefresh("events").has_value());
  ASSERT_TRUE(Refreshed(version));
  EXPECT_EQ(Query("SELECT id FROM events ORDER BY id"), "1 2 3 ");
}

TEST_F(CopyRefreshTest, AppendGoesByTimesNotByTheirTexts) {
  // The copy's key; a text with a fraction is before one without, and later.
  SetItems({Event(1, "2026-01-01T10:00:00Z", "old"), Event(2, "2026-01-01T09:00:00Z", "old")});
  Start("{refresh_mode: append, primary_key: id, refresh_append_overlap: 3h}",
        "    time_column: at\n");
  SetItems(
      {Event(1, "2026-01-01T10:00:00.500Z", "new"), Event(2, "2026-01-01T12:00:00+02:00", "new")});
  auto version = runtime_->DataVersion();
  ASSERT_TRUE(runtime_->RequestRefresh("events").has_value());
  ASSERT_TRUE(Refreshed(version));
  EXPECT_EQ(Query("SELECT id, kind FROM events ORDER BY id"), "1 new 2 new ");
}

TEST_F(CopyRefreshTest, ATimeInTheFutureHidesNothing) {
  const auto at = [](int id, const std::string& time) {
    return Item(id, fmt::format(R"("at":{{"N":"{}"}})", time));
  };
  SetItems({at(1, "1768003000"), at(2, "253402300799")});
  Start("{refresh_mode: append}", "    time_column: at\n    time_format: unix_seconds\n");
  SetItems({at(1, "1768003000"), at(2, "253402300799"), at(3, "1768003300")});
  clock_->Advance(seconds(200));
  const auto version = runtime_->DataVersion();
  ASSERT_TRUE(runtime_->RequestRefresh("events").has_value());
  ASSERT_TRUE(Refreshed(version));
  EXPECT_EQ(Query("SELECT id FROM events ORDER BY id"), "1 2 3 ");
}

TEST_F(CopyRefreshTest, TheTimeColumnIsOneOfTheQuery) {
  SetItems({Event(1, "2026-01-01T00:00:00Z"), Event(2, "2026-01-09T12:00:00Z")});
  Start(
      "{refresh_sql: 'SELECT id, \"at\"::TIMESTAMP AS seen FROM events', refresh_data_window: 1d}",
      "    time_column: seen\n");
  EXPECT_EQ(Query("SELECT id FROM events"), "2 ");
}

TEST_F(CopyRefreshTest, AWindowAndARetentionBoundACopy) {
  SetItems({Event(1, "2026-01-01T00:00:00Z"), Event(2, "2026-01-09T12:00:00Z"),
            Event(3, "2026-01-09T23:00:00Z")});
  Start(
      "{refresh_mode: append, refresh_data_window: 2d, retention_check_enabled: true, "
      "retention_period: 1d, retention_check_interval: 1h, retention_sql: \"DELETE FROM events "
      "WHERE kind = 'old'\"}",
      "    time_column: at\n");
  EXPECT_EQ(Query("SELECT id FROM events ORDER BY id"), "2 3 ");
  const auto version = runtime_->DataVersion();
  clock_->Advance(std::chrono::hours(13));
  ASSERT_TRUE(Refreshed(version));
  EXPECT_EQ(Query("SELECT id FROM events ORDER BY id"), "3 ");
  EXPECT_EQ(Status().copy->rows, 1u);
}

TEST_F(CopyRefreshTest, ReadyOnRegistrationAnswersFromTheSourceUntilItIsLoaded) {
  SetItems({Item(1), Item(2)});
  Start("{enabled: true}", "    ready_state: on_registration\n", false);
  EXPECT_TRUE(runtime_->Ready());
  EXPECT_FALSE(Status().copy.has_value());
  EXPECT_EQ(Query("SELECT count(*) FROM events"), "2 ");
  EXPECT_THAT(runtime_->metrics().Text(),
              HasSubstr("accelerated_ready_state_federated_fallback{dataset_name=\"events\"} 1"));
  Start("{enabled: true}", "    ready_state: on_registration\n", true);
  EXPECT_EQ(Query("SELECT count(*) FROM events"), "2 ");
  ASSERT_TRUE(Eventually([&] { return Status().copy.has_value(); }));
}

class StoredCopyTest : public CopyRefreshFixture {
 protected:
  static constexpr char kFile[] =
      "{engine: duckdb, mode: file, refresh_check_interval: 1h, params: {duckdb_file: copies.db}}";
};

TEST_F(StoredCopyTest, OutlivesTheProcess) {
  SetItems({Item(1, R"("m":{"M":{"a":{"N":"1.5"}}},"b":{"B":"AAE="})"), Item(2)});
  Start(kFile);
  const auto answer = Query("SELECT * FROM events ORDER BY id");
  const auto scans = Scans();
  const auto read_at = clock_->WallNow();
  clock_->Advance(std::chrono::minutes(10));
  Start(kFile);
  // Nobody was asked.
  EXPECT_EQ(Scans(), scans);
  EXPECT_TRUE(runtime_->Ready());
  EXPECT_EQ(Query("SELECT * FROM events ORDER BY id"), answer);
  EXPECT_EQ(Status().copy->read_at, read_at);
  EXPECT_EQ(Status().attempted_at, std::nullopt);
  EXPECT_EQ(Status().next_refresh, read_at + std::chrono::hours(1));
  // One that is too old serves at once, and is refreshed behind that.
  SetItems({Item(3)});
  clock_->Advance(std::chrono::hours(2));
  Start(kFile);
  ASSERT_TRUE(Eventually([&] { return Query("SELECT id FROM events") == "3 "; }));
}

TEST_F(StoredCopyTest, OfOtherSettingsIsLoadedAnew) {
  SetItems({Item(1), Item(2)});
  Start(kFile);
  Start(
      "{engine: duckdb, mode: file, refresh_sql: SELECT id FROM events WHERE id = 2, "
      "params: {duckdb_file: copies.db}}");
  EXPECT_EQ(Query("SELECT * FROM events"), "2 ");
  SetItems({Item(5)});
  Start(
      "{engine: duckdb, mode: file_create, refresh_sql: SELECT id FROM events, "
      "params: {duckdb_file: copies.db}}");
  EXPECT_EQ(Query("SELECT * FROM events"), "5 ");
}

TEST_F(StoredCopyTest, OfAQueryThatWasAskedForOnceIsLoadedAnew) {
  SetItems({Item(1), Item(2)});
  Start(kFile);
  const auto version = runtime_->DataVersion();
  RefreshOverrides overrides;
  overrides.refresh_sql = "SELECT * FROM events WHERE id = 2";
  ASSERT_TRUE(runtime_->RequestRefresh("events", overrides).has_value());
  ASSERT_TRUE(Refreshed(version));
  EXPECT_EQ(Query("SELECT id FROM events"), "2 ");
  Start(kFile);
  EXPECT_EQ(Query("SELECT id FROM events ORDER BY id"), "1 2 ");
}

TEST_F(StoredCopyTest, ABrokenFileIsRefusedWithWhatToDo) {
  SetItems({Item(1)});
  std::FILE* file = std::fopen((folder_ / "copies.db").c_str(), "w");
  std::fputs("not a database at all", file);
  std::fclose(file);
  Start(kFile);
  EXPECT_THAT(Query("SELECT * FROM events"), HasSubstr("is not a DuckDB database; move"));
  EXPECT_EQ(Status().state, DatasetState::kError);
}

}  // namespace
}  // namespace sumac::datasets
