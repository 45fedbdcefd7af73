// Schemas that are brought up to date while the Runtime serves.
#include <algorithm>
#include <thread>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "datasets/dataset_loader.h"
#include "datasets/runtime.h"
#include "fake_dynamodb/fake_dynamodb.h"

namespace sumac::datasets {
namespace {

using fake_dynamodb::FakeDynamodb;
using fake_dynamodb::Fault;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr char kPlainUser[] = R"({{"id":{{"N":"{0}"}},"name":{{"S":"u{0}"}}}})";
constexpr char kNewUser[] =
    R"({{"id":{{"N":"{0}"}},"name":{{"S":"u{0}"}},"nickname":{{"S":"n{0}"}},"age":{{"N":"{0}.5"}}}})";
constexpr char kAgedUser[] = R"({{"id":{{"N":"{0}"}},"name":{{"S":"u{0}"}},"age":{{"N":"{0}"}}}})";

class SchemaRefreshTest : public testing::Test {
 protected:
  void SetUp() override {
    auto started = FakeDynamodb::Start({});
    ASSERT_TRUE(started.has_value()) << started.error().message;
    fake_ = std::move(*started);
    PutUsers(kPlainUser);
  }

  // The table `users`: 100 items in pages of 10.
  void PutUsers(const std::string& item_format) {
    fake_dynamodb::TableDefinition users{.name = "users", .keys = {{"id", 'N'}}};
    for (int i = 0; i < 100; ++i) users.items.push_back(fmt::format(fmt::runtime(item_format), i));
    users.page_items_max = 10;
    ASSERT_TRUE(fake_->AddTable(users).has_value());
  }

  spicepod::Spicepod MakePod(const std::string& more_params, const std::string& more) const {
    auto loaded = spicepod::ParseSpicepod(
        fmt::format("version: v1\nkind: Spicepod\nname: test\ndatasets:\n"
                    "  - from: dynamodb:users\n    name: users\n    params:\n"
                    "      dynamodb_aws_region: us-west-2\n      endpoint_url: {}\n"
                    "      dynamodb_aws_access_key_id: AKIDFAKE\n"
                    "      dynamodb_aws_secret_access_key: fake/secret+key\n"
                    "      scan_segments: 1\n{}{}",
                    fake_->endpoint_url(), more_params, more),
        "spicepod.yaml");
    EXPECT_TRUE(loaded.has_value()) << loaded.error().message;
    return std::move(loaded->pod);
  }

  void Load(const std::string& more_params = "", const std::string& more = "") {
    RuntimeOptions options;
    options.database.threads = 2;
    options.serving = true;
    options.clock = clock_;
    options.random_seed = 1;
    auto runtime = Runtime::Create(MakePod(more_params, more), options);
    ASSERT_TRUE(runtime.has_value()) << runtime.error().message;
    runtime_ = std::move(*runtime);
    runtime_->Load();
  }

  // "3 columns, 100 rows", or "error: ...".
  std::string Count(const std::string& sql) {
    auto session = runtime_->Connect();
    auto stream = session->Execute(sql);
    if (!stream) return "error: " + stream.error().message;
    uint64_t rows = 0;
    while (true) {
      auto chunk = (*stream)->Next();
      if (!chunk) return "error: " + chunk.error().message;
      if (*chunk == nullptr) break;
      rows += (*chunk)->size();
    }
    return fmt::format("{} columns, {} rows", (*stream)->Columns().size(), rows);
  }

  std::string OneValue(const std::string& sql) {
    auto session = runtime_->Connect();
    auto stream = session->Execute(sql);
    if (!stream) return "error: " + stream.error().message;
    auto chunk = (*stream)->Next();
    return chunk && *chunk ? (*chunk)->GetValue(0, 0).ToString() : "nothing";
  }

  void WaitForRequests(const std::string& operation, size_t count) const {
    while (fake_->RequestCount(operation) < count) std::this_thread::yield();
  }

  DatasetStatus Status() const { return runtime_->Datasets().front(); }
  std::string Metrics() const { return runtime_->metrics().Text(); }

  std::shared_ptr<ManualClock> clock_ = std::make_shared<ManualClock>();
  std::unique_ptr<FakeDynamodb> fake_;
  std::unique_ptr<Runtime> runtime_;
};

constexpr char kAccelerated[] = "    acceleration:\n      enabled: true\n";
constexpr char kEverything[] = "SELECT * FROM users";

TEST_F(SchemaRefreshTest, TakesUpNewAttributesAndTypes) {
  PutUsers(kAgedUser);
  Load();
  EXPECT_EQ(Count(kEverything), "3 columns, 100 rows");
  EXPECT_THAT(Metrics(), HasSubstr("dataset_schema_columns{dataset=\"users\"} 3\n"));
  PutUsers(kNewUser);
  const auto change = runtime_->RefreshSchema("users");
  ASSERT_TRUE(change.has_value()) << change.error().message;
  EXPECT_THAT(change->added, ElementsAre("nickname"));
  ASSERT_EQ(change->changed_types.size(), 1);
  EXPECT_EQ(change->changed_types[0].column, "age");
  EXPECT_EQ(change->changed_types[0].from, "BIGINT");
  EXPECT_EQ(change->changed_types[0].to, "DOUBLE");
  EXPECT_EQ(Count(kEverything), "4 columns, 100 rows");
  EXPECT_EQ(OneValue("SELECT nickname FROM users WHERE age = 7.5"), "n7");
  EXPECT_THAT(Metrics(), HasSubstr("dataset_schema_columns{dataset=\"users\"} 4\n"));
  EXPECT_THAT(
      Metrics(),
      HasSubstr("dataset_schema_refreshes_total{dataset=\"users\",result=\"changed\"} 1\n"));

  // What is no longer there stays a column: an item that has it may come again.
  PutUsers(kPlainUser);
  const auto unchanged = runtime_->RefreshSchema("users");
  ASSERT_TRUE(unchanged.has_value());
  EXPECT_TRUE(unchanged->Empty());
  EXPECT_EQ(Count(kEverything), "4 columns, 100 rows");
  EXPECT_THAT(
      Metrics(),
      HasSubstr("dataset_schema_refreshes_total{dataset=\"users\",result=\"unchanged\"} 1\n"));
}

TEST_F(SchemaRefreshTest, TakesUpWhatScansNoticedAndTheSampleMisses) {
  auto database = engine::Database::Open({});
  ASSERT_TRUE(database.has_value());
  auto context = MakeConnectorContext({});
  ASSERT_TRUE(context.has_value());
  const auto pod = MakePod("", "");
  DatasetLoader loader(pod, **database, *std::move(context), std::make_shared<SystemClock>());
  auto first = loader.Load(pod.datasets[0], {}, nullptr);
  ASSERT_TRUE(first.has_value()) << first.error().message;
  items::TypeSummary news;
  news.MarkAsItems();
  news.AddKind(items::TypeSummary::kMap);
  news.Field("rare").AddKind(items::TypeSummary::kBoolean);
  news.Field("name").AddKind(items::TypeSummary::kMap);
  first->observer->Observe(news);
  auto second = loader.Load(pod.datasets[0], *first, nullptr);
  ASSERT_TRUE(second.has_value()) << second.error().message;
  const auto change = CompareColumns(first->source->Columns(), second->source->Columns());
  EXPECT_THAT(change.added, ElementsAre("rare"));
  ASSERT_EQ(change.changed_types.size(), 1);
  EXPECT_EQ(change.changed_types[0].to, "JSON");
  // It has been taken up, so it is news no more; and the next refresh still knows of it.
  EXPECT_TRUE(second->observer->Seen().fields().empty());
  auto third = loader.Load(pod.datasets[0], *second, nullptr);
  ASSERT_TRUE(third.has_value());
  EXPECT_TRUE(CompareColumns(second->source->Columns(), third->source->Columns()).Empty());
  EXPECT_EQ(*third->types, *second->types);
}

TEST_F(SchemaRefreshTest, ScansUnderWayKeepTheirColumns) {
  Load();
  fake_->faults().Next("Scan", Fault::NeverAnswer());
  const size_t scans = fake_->RequestCount("Scan");
  std::string counted;
  std::thread query([&] { counted = Count(kEverything); });
  WaitForRequests("Scan", scans + 1);
  PutUsers(kNewUser);
  const auto change = runtime_->RefreshSchema("users");
  EXPECT_TRUE(change.has_value() && !change->Empty());
  EXPECT_EQ(Count(kEverything), "4 columns, 100 rows");
  fake_->faults().Release();
  query.join();
  EXPECT_EQ(counted, "2 columns, 100 rows");
}

TEST_F(SchemaRefreshTest, ServesAsBeforeWhenItFails) {
  for (const char* acceleration : {"", kAccelerated}) {
    SCOPED_TRACE(acceleration);
    PutUsers(kPlainUser);
    Load("", acceleration);
    PutUsers(kNewUser);
    fake_->faults().Next("Scan", Fault::AccessDenied());
    const auto failed = runtime_->RefreshSchema("users");
    ASSERT_FALSE(failed.has_value());
    EXPECT_EQ(failed.error().code, ErrorCode::kPermissionDenied);
    EXPECT_THAT(failed.error().message, HasSubstr("dataset 'users'"));
    EXPECT_EQ(Status().state, DatasetState::kReady);
    EXPECT_EQ(Count(kEverything), "2 columns, 100 rows");
    EXPECT_THAT(
        Metrics(),
        HasSubstr("dataset_schema_refreshes_total{dataset=\"users\",result=\"failed\"} 1\n"));
    ASSERT_TRUE(runtime_->RefreshSchema("users").has_value());
    EXPECT_EQ(Count(kEverything), "4 columns, 100 rows");
  }
}

TEST_F(SchemaRefreshTest, LoadsWhatFailedToLoad) {
  fake_->faults().Next("DescribeTable", Fault::AccessDenied(), 2);
  Load();
  EXPECT_EQ(Status().state, DatasetState::kError);
  ASSERT_FALSE(runtime_->RefreshSchema("users").has_value());
  EXPECT_EQ(Status().state, DatasetState::kError);
  EXPECT_THAT(Count(kEverything), HasSubstr("error: dataset 'users'"));
  const auto change = runtime_->RefreshSchema("users");
  ASSERT_TRUE(change.has_value()) << change.error().message;
  EXPECT_THAT(change->added, ElementsAre("id", "name"));
  EXPECT_EQ(Status().state, DatasetState::kReady);
  EXPECT_FALSE(Status().error.has_value());
  EXPECT_EQ(Count(kEverything), "2 columns, 100 rows");
}

TEST_F(SchemaRefreshTest, ViewsFollow) {
  fake_->faults().Next("DescribeTable", Fault::AccessDenied());
  Load("", "views:\n  - name: everyone\n    sql: SELECT * FROM users\n");
  EXPECT_FALSE(runtime_->Ready());
  ASSERT_TRUE(runtime_->RefreshSchema("users").has_value());
  EXPECT_TRUE(runtime_->Ready());
  EXPECT_EQ(Count("SELECT * FROM everyone"), "2 columns, 100 rows");
  PutUsers(kNewUser);
  ASSERT_TRUE(runtime_->RefreshSchema("users").has_value());
  EXPECT_EQ(Count("SELECT nickname FROM everyone"), "1 columns, 100 rows");
}

TEST_F(SchemaRefreshTest, NamesTheNearestDataset) {
  Load();
  const auto unknown = runtime_->RefreshSchema("user");
  ASSERT_FALSE(unknown.has_value());
  EXPECT_EQ(unknown.error().code, ErrorCode::kNotFound);
  EXPECT_EQ(unknown.error().message, "there is no dataset 'user'; did you mean 'users'?");
}

TEST_F(SchemaRefreshTest, LoadsAnAcceleratedDatasetAnew) {
  Load("", kAccelerated);
  auto session = runtime_->Connect();
  auto reading = session->Execute("SELECT id FROM users");
  ASSERT_TRUE(reading.has_value());
  PutUsers(kNewUser);
  fake_->faults().Next("Scan", Fault::NeverAnswer());
  const size_t scans = fake_->RequestCount("Scan");
  Result<SchemaChange> change;
  std::thread refresh([&] { change = runtime_->RefreshSchema("users"); });
  WaitForRequests("Scan", scans + 1);
  EXPECT_EQ(Status().state, DatasetState::kRefreshing);
  EXPECT_TRUE(runtime_->Ready());
  EXPECT_EQ(Count(kEverything), "2 columns, 100 rows");
  fake_->faults().Release();
  refresh.join();
  ASSERT_TRUE(change.has_value()) << change.error().message;
  EXPECT_EQ(Status().state, DatasetState::kReady);
  EXPECT_EQ(Count(kEverything), "4 columns, 100 rows");
  auto chunk = (*reading)->Next();
  ASSERT_TRUE(chunk.has_value()) << chunk.error().message;
  EXPECT_EQ((*chunk)->size(), 100);
  reading->reset();
  session.reset();

  // Data is taken up also when the schema stays, and no copy is left behind.
  PutUsers(R"({{"id":{{"N":"{0}"}},"name":{{"S":"new"}}}})");
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(runtime_->RefreshSchema("users").has_value());
  EXPECT_EQ(OneValue("SELECT count(*) FROM users WHERE name = 'new'"), "100");
  EXPECT_EQ(OneValue("SELECT count(*) FROM duckdb_tables() WHERE schema_name = 'accelerated'"),
            "1");
}

TEST_F(SchemaRefreshTest, RefreshesOneAtATime) {
  Load();
  PutUsers(kNewUser);
  std::vector<std::thread> threads;
  std::atomic<int> changed = 0;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      const auto change = runtime_->RefreshSchema("users");
      if (change && !change->Empty()) ++changed;
    });
  }
  for (auto& thread : threads) thread.join();
  // Those that waited found nothing to do, or share what one has found that began after they asked.
  EXPECT_GE(changed, 1);
  const auto change = runtime_->RefreshSchema("users");
  EXPECT_TRUE(change && change->Empty());
}

TEST_F(SchemaRefreshTest, CanBeCancelledWhileItWaits) {
  Load();
  fake_->faults().Next("DescribeTable", Fault::NeverAnswer());
  const size_t describes = fake_->RequestCount("DescribeTable");
  std::atomic<bool> cancelled = false;
  std::thread first([&] {
    const auto change = runtime_->RefreshSchema("users", &cancelled);
    EXPECT_TRUE(!change && change.error().code == ErrorCode::kCancelled);
  });
  WaitForRequests("DescribeTable", describes + 1);
  std::thread second([&] {
    const auto change = runtime_->RefreshSchema("users", &cancelled);
    EXPECT_TRUE(!change && change.error().code == ErrorCode::kCancelled);
  });
  cancelled = true;
  first.join();
  second.join();
  fake_->faults().Release();
  EXPECT_EQ(Status().state, DatasetState::kReady);
  EXPECT_THAT(Metrics(), Not(HasSubstr("dataset_schema_refreshes_total")));
}

TEST_F(SchemaRefreshTest, RefreshesAtItsInterval) {
  Load("      schema_refresh_interval: 10m\n");
  PutUsers(kNewUser);
  EXPECT_EQ(fake_->RequestCount("DescribeTable"), 1);
  clock_->Advance(std::chrono::minutes(11));
  while (Count(kEverything) != "4 columns, 100 rows") std::this_thread::yield();
  EXPECT_EQ(fake_->RequestCount("DescribeTable"), 2);

  // A refresh that hangs does not keep the process.
  fake_->faults().Next("DescribeTable", Fault::NeverAnswer());
  clock_->Advance(std::chrono::minutes(11));
  WaitForRequests("DescribeTable", 3);
  runtime_.reset();
  fake_->faults().Release();
}

TEST_F(SchemaRefreshTest, RetriesWhatFailedToLoadAtItsInterval) {
  fake_->faults().Next("DescribeTable", Fault::AccessDenied());
  Load("      schema_refresh_interval: 10m\n");
  EXPECT_FALSE(runtime_->Ready());
  clock_->Advance(std::chrono::minutes(11));
  while (!runtime_->Ready()) std::this_thread::yield();
  EXPECT_EQ(Count(kEverything), "2 columns, 100 rows");
}

TEST_F(SchemaRefreshTest, CountsWhatScansCost) {
  Load();
  EXPECT_EQ(Count(kEverything), "2 columns, 100 rows");
  // The last page of a scan is the empty one that ends it, when the items end with a full page.
  EXPECT_THAT(Metrics(), HasSubstr("dataset_dynamodb_items_total{name=\"users\"} 100\n"));
  EXPECT_THAT(Metrics(), HasSubstr("dataset_dynamodb_pages_total{name=\"users\"} 1"));
  EXPECT_THAT(Metrics(), HasSubstr("dataset_dynamodb_consumed_read_units_total{name=\"users\"} "));
  EXPECT_THAT(Metrics(), HasSubstr("dataset_dynamodb_response_bytes_total{name=\"users\"} "));
  EXPECT_THAT(Metrics(), HasSubstr("dataset_dynamodb_wire_bytes_total{name=\"users\"} "));
}

TEST_F(SchemaRefreshTest, CountsValuesThatDoNotFit) {
  PutUsers(kAgedUser);
  Load();
  PutUsers(kNewUser);
  EXPECT_EQ(OneValue("SELECT count(age) FROM users"), "0");
  EXPECT_THAT(Metrics(),
              HasSubstr("dataset_type_mismatches_total{column=\"age\",dataset=\"users\"} 100\n"));
  ASSERT_TRUE(runtime_->RefreshSchema("users").has_value());
  EXPECT_EQ(OneValue("SELECT count(age) FROM users"), "100");
  EXPECT_THAT(Metrics(),
              HasSubstr("dataset_type_mismatches_total{column=\"age\",dataset=\"users\"} 100\n"));
}

}  // namespace
}  // namespace sumac::datasets
