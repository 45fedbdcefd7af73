#include "datasets/runtime.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fake_dynamodb/fake_dynamodb.h"

namespace sumac::datasets {
namespace {

using fake_dynamodb::FakeDynamodb;
using fake_dynamodb::Fault;
using testing::HasSubstr;

// A fake service with a table of 100 users in pages of 10, and a runtime over it.
class RuntimeTest : public testing::Test {
 protected:
  void SetUp() override {
    auto started = FakeDynamodb::Start({});
    ASSERT_TRUE(started.has_value()) << started.error().message;
    fake_ = std::move(*started);
    fake_dynamodb::TableDefinition users{.name = "users", .keys = {{"id", 'N'}}};
    for (int i = 0; i < 100; ++i) {
      users.items.push_back(fmt::format(
          R"({{"id":{{"N":"{0}"}},"name":{{"S":"u{0}"}},"tags":{{"L":[{{"S":"a"}},{{"S":"b{0}"}}]}}}})",
          i));
    }
    users.page_items_max = 10;
    ASSERT_TRUE(fake_->AddTable(users).has_value());
  }

  // A dataset of the fake with the fake's keys; `more` are further lines of it.
  std::string Dataset(const std::string& table, const std::string& more_params = "",
                      const std::string& more = "") const {
    return fmt::format(
        "  - from: dynamodb:{0}\n    name: {0}\n    params:\n"
        "      dynamodb_aws_region: us-west-2\n      endpoint_url: {1}\n"
        "      dynamodb_aws_access_key_id: AKIDFAKE\n"
        "      dynamodb_aws_secret_access_key: ${{env:SECRET}}\n{2}{3}",
        table, fake_->endpoint_url(), more_params, more);
  }

  // `views` are the lines of the list.
  void Load(const std::string& datasets, const std::string& views = "") {
    auto loaded = spicepod::ParseSpicepod(
        "version: v1\nkind: Spicepod\nname: test\nviews:\n" + views + "datasets:\n" + datasets,
        "spicepod.yaml");
    ASSERT_TRUE(loaded.has_value()) << loaded.error().message;
    RuntimeOptions options;
    options.database.threads = 2;
    options.environment = {{"SECRET", "fake/secret+key"}};
    auto runtime = Runtime::Create(std::move(loaded->pod), options);
    ASSERT_TRUE(runtime.has_value()) << runtime.error().message;
    runtime_ = std::move(*runtime);
    runtime_->Load();
  }

  Result<std::vector<std::string>> Query(const std::string& sql) {
    session_ = runtime_->Connect();
    SUMAC_ASSIGN_OR_RETURN(auto stream, session_->Execute(sql));
    std::vector<std::string> rows;
    while (true) {
      SUMAC_ASSIGN_OR_RETURN(auto chunk, stream->Next());
      if (!chunk) break;
      for (duckdb::idx_t row = 0; row < chunk->size(); ++row) {
        std::string line;
        for (duckdb::idx_t i = 0; i < chunk->ColumnCount(); ++i) {
          line += (i > 0 ? " | " : "") + chunk->GetValue(i, row).ToString();
        }
        rows.push_back(line);
      }
    }
    warnings_ = stream->Warnings();
    return rows;
  }

  std::string One(const std::string& sql) {
    auto rows = Query(sql);
    if (!rows) return "error: " + rows.error().message;
    return rows->size() == 1 ? rows->front() : std::to_string(rows->size()) + " rows";
  }

  std::string LastScan() const {
    const auto requests = fake_->Requests();
    return requests.empty() ? "" : requests.back().body;
  }

  std::unique_ptr<FakeDynamodb> fake_;
  std::unique_ptr<Runtime> runtime_;
  std::unique_ptr<engine::Session> session_;
  std::vector<std::string> warnings_;
};

constexpr char kEverything[] =
    "SELECT count(*), sum(id), count(DISTINCT name), sum(len(tags)) FROM users";
constexpr char kEverythingAnswer[] = "100 | 4950 | 100 | 200";

TEST_F(RuntimeTest, ScansEverySegmentOnce) {
  for (const char* segments : {"1", "3", "16", "200"}) {
    Load(Dataset("users", fmt::format("      scan_segments: {}\n", segments)));
    EXPECT_EQ(One(kEverything), kEverythingAnswer) << segments;
  }
}

TEST_F(RuntimeTest, SendsOnlyTheColumnsThatAreUsed) {
  Load(Dataset("users"));
  EXPECT_EQ(One("SELECT max(name) FROM users"), "u99");
  EXPECT_THAT(LastScan(), HasSubstr(R"(:"name")"));
  EXPECT_THAT(LastScan(), Not(HasSubstr(R"(:"tags")")));
  EXPECT_EQ(One("SELECT count(*) FROM users"), "100");
  EXPECT_THAT(LastScan(), HasSubstr("COUNT"));
  EXPECT_EQ(One("SELECT _item FROM users WHERE id = 7"),
            R"({"id":{"N":"7"},"name":{"S":"u7"},"tags":{"L":[{"S":"a"},{"S":"b7"}]}})");
  EXPECT_THAT(LastScan(), Not(HasSubstr("ProjectionExpression")));
}

// A few rows of a large table: the pages under way are wasted, and no more are asked for.
TEST_F(RuntimeTest, AFewRowsCostFewPages) {
  fake_dynamodb::TableDefinition large{.name = "large", .keys = {{"id", 'N'}}};
  for (int i = 0; i < 5'000; ++i) {
    large.items.push_back(fmt::format(R"({{"id":{{"N":"{}"}}}})", i));
  }
  large.page_items_max = 10;
  ASSERT_TRUE(fake_->AddTable(large).has_value());
  Load(Dataset("large", "      scan_segments: 100\n"));
  const size_t before = fake_->RequestCount("Scan");
  const auto rows = Query("SELECT * FROM large LIMIT 10");
  ASSERT_TRUE(rows.has_value());
  EXPECT_EQ(rows->size(), 10u);
  session_.reset();
  // Two or a few more in flight, as many that wait, and one with each of the two workers.
  EXPECT_LE(fake_->RequestCount("Scan") - before, 16u);
}

// Two datasets of one table: the lower bound holds for both.
TEST_F(RuntimeTest, DatasetsOfATableShareItsCapacity) {
  Load(Dataset("users", "      read_capacity: 1000\n") +
       "  - from: dynamodb:users\n    name: few\n    params:\n"
       "      dynamodb_aws_region: us-west-2\n      endpoint_url: " +
       fake_->endpoint_url() +
       "\n      dynamodb_aws_access_key_id: AKIDFAKE\n"
       "      dynamodb_aws_secret_access_key: ${env:SECRET}\n      read_capacity: 40\n");
  for (const char* table : {"users", "few"}) {
    EXPECT_EQ(One(fmt::format("SELECT count(*) FROM {}", table)), "100");
    // 8 RCU, a fifth of a second of 40, are 16 items of which nothing is known.
    EXPECT_THAT(LastScan(), HasSubstr("\"Limit\":"));
  }
}

TEST_F(RuntimeTest, AShareNeedsAThroughput) {
  Load(Dataset("users", "      read_capacity: 50%\n"));
  EXPECT_EQ(One("SELECT count(*) FROM users"),
            "error: dataset 'users': parameter 'read_capacity' is a share, and table 'users' does "
            "not say what its throughput is; give read units a second, such as 500");
}

TEST_F(RuntimeTest, ExplainAnalyzeShowsHowItWasRead) {
  Load(Dataset("users"));
  fake_->faults().Next("Scan", Fault::Throttle(), 2);
  const auto plan = One("EXPLAIN ANALYZE SELECT max(id) FROM users");
  EXPECT_THAT(plan, HasSubstr("Streams: "));
  EXPECT_THAT(plan, HasSubstr("Throttles: 2"));
  EXPECT_THAT(plan, HasSubstr("Capacity wait: "));
}

TEST_F(RuntimeTest, SurvivesWhatGoesWrongOnTheWay) {
  Load(Dataset("users", "      scan_segments: 4\n"));
  const Fault faults[] = {
      Fault::Throttle(),     Fault::InternalServerError(), Fault::ServiceUnavailable(),
      Fault::CutMidBody(),   Fault::CutBeforeAnswer(),     Fault::WrongChecksum(),
      Fault::Gzip(),         Fault::EmptyPage(),           Fault::MemberOrder(1),
      Fault::MemberOrder(4), Fault::PlainText(502)};
  for (const auto& fault : faults) {
    SCOPED_TRACE(static_cast<int>(fault.kind));
    fake_->faults().Clear();
    fake_->faults().Next("Scan", fault, 3);
    EXPECT_EQ(One(kEverything), kEverythingAnswer);
  }
}

TEST_F(RuntimeTest, FailsClearlyWhenPermissionIsTakenAway) {
  Load(Dataset("users", "      scan_segments: 4\n"));
  fake_->faults().Nth("Scan", static_cast<int>(fake_->RequestCount("Scan")) + 3,
                      Fault::AccessDenied());
  const auto failed = Query(kEverything);
  ASSERT_FALSE(failed.has_value());
  EXPECT_EQ(failed.error().code, ErrorCode::kPermissionDenied);
  EXPECT_THAT(failed.error().message, HasSubstr("dataset 'users'"));
  EXPECT_THAT(failed.error().message, HasSubstr("dynamodb:Scan"));
  EXPECT_EQ(One(kEverything), kEverythingAnswer);
}

TEST_F(RuntimeTest, StopsEarlyOnLimit) {
  Load(Dataset("users", "      scan_segments: 2\n"));
  const size_t before = fake_->RequestCount("Scan");
  EXPECT_EQ(One("SELECT id FROM users LIMIT 3"), "3 rows");
  // One page in flight of each segment, and two that wait: far from the ten pages.
  EXPECT_LE(fake_->RequestCount("Scan") - before, 6u);
}

TEST_F(RuntimeTest, AcceleratedDatasetsAnswerFromTheCopy) {
  Load(Dataset("users", "", "    acceleration:\n      enabled: true\n"));
  const size_t before = fake_->RequestCount();
  EXPECT_EQ(One(kEverything), kEverythingAnswer);
  EXPECT_EQ(One("SELECT count(*) FROM users"), "100");
  EXPECT_EQ(fake_->RequestCount(), before);
  EXPECT_TRUE(runtime_->Datasets()[0].acceleration_enabled);
}

TEST_F(RuntimeTest, OneBadDatasetDoesNotHideTheOthers) {
  const std::string users = Dataset("users");
  std::string wrong_key = Dataset("users");
  wrong_key.replace(wrong_key.find("name: users"), 11, "name: wrong_key");
  wrong_key.replace(wrong_key.find("${env:SECRET}"), 13, "not-the-secret");
  std::string no_secret = Dataset("users");
  no_secret.replace(no_secret.find("name: users"), 11, "name: no_secret");
  no_secret.replace(no_secret.find("${env:SECRET}"), 13, "${secrets:missing}");
  Load(Dataset("gone") + wrong_key + users + no_secret +
       "  - from: kafka:topic\n    name: unsupported\n" +
       Dataset("bad_number", "      scan_segments: many\n"));

  EXPECT_EQ(One(kEverything), kEverythingAnswer);
  EXPECT_FALSE(runtime_->Ready());
  const struct {
    const char* dataset;
    std::vector<const char*> says;
  } failures[] = {
      {"gone", {"dataset 'gone'", "us-west-2"}},
      {"wrong_key", {"dataset 'wrong_key'"}},
      {"no_secret", {"dataset 'no_secret'", "dynamodb_aws_secret_access_key", "missing"}},
      {"unsupported", {"dataset 'unsupported'", "kafka", "dynamodb"}},
      {"bad_number", {"dataset 'bad_number'", "scan_segments", "many", "auto"}},
  };
  for (const auto& failure : failures) {
    SCOPED_TRACE(failure.dataset);
    const auto failed = Query(std::string("SELECT * FROM ") + failure.dataset);
    ASSERT_FALSE(failed.has_value());
    for (const char* part : failure.says) EXPECT_THAT(failed.error().message, HasSubstr(part));
    EXPECT_THAT(failed.error().message, Not(HasSubstr("not-the-secret")));
  }
  for (const auto& status : runtime_->Datasets()) {
    EXPECT_EQ(status.state == DatasetState::kReady, status.name == "users") << status.name;
    EXPECT_EQ(status.error.has_value(), status.name != "users") << status.name;
  }
}

TEST_F(RuntimeTest, EmptyTablesHaveTheirKeyColumns) {
  ASSERT_TRUE(fake_->AddTable({.name = "empty", .keys = {{"pk", 'S'}, {"sk", 'N'}}}).has_value());
  Load(Dataset("empty"));
  EXPECT_EQ(One("SELECT count(*) FROM empty"), "0");
  const auto described = Query("DESCRIBE empty");
  ASSERT_TRUE(described.has_value());
  EXPECT_EQ(*described, (std::vector<std::string>{"pk | Utf8 | YES", "sk | Int64 | YES"}));
}

TEST_F(RuntimeTest, WarnsOfValuesThatDoNotFit) {
  fake_dynamodb::TableDefinition drifted{.name = "drifted", .keys = {{"id", 'N'}}};
  for (int i = 0; i < 50; ++i) {
    drifted.items.push_back(
        fmt::format(R"({{"id":{{"N":"{}"}},"v":{{"{}":"{}"}}}})", i, i == 0 ? "S" : "N", i));
  }
  drifted.page_items_max = 5;
  ASSERT_TRUE(fake_->AddTable(drifted).has_value());
  Load(Dataset("drifted", "      schema_infer_max_records: 5\n"));
  const auto type = One("SELECT data_type FROM (DESCRIBE drifted) WHERE column_name = 'v'");
  EXPECT_EQ(One("SELECT count(*) FROM drifted WHERE v IS NULL AND _overflow IS NULL"), "0");
  EXPECT_EQ(One("SELECT count(v) + count(_overflow) FROM drifted"), "50");
  EXPECT_EQ(One("SELECT count(v) FROM drifted"), warnings_.empty() ? "50" : "49");
}

TEST_F(RuntimeTest, WarnsOfAttributesWithoutAColumn) {
  fake_dynamodb::TableDefinition grown{.name = "grown", .keys = {{"id", 'N'}}};
  for (int i = 0; i < 500; ++i) {
    grown.items.push_back(fmt::format(R"({{"id":{{"N":"{0}"}},"{1}":{{"S":"x"}}}})", i,
                                      i == 250 ? R"(new\nline)" : "v"));
  }
  ASSERT_TRUE(fake_->AddTable(grown).has_value());
  // One item has one of the two attributes.
  Load(Dataset("grown", "      schema_infer_max_records: 1\n"));
  ASSERT_TRUE(Query("SELECT * FROM grown").has_value());
  ASSERT_EQ(warnings_.size(), 1u);
  EXPECT_EQ(warnings_[0].find('\n'), std::string::npos);
  EXPECT_THAT(warnings_[0],
              HasSubstr("dataset 'grown': items have attributes without a column ('"));
  EXPECT_THAT(warnings_[0], HasSubstr("); select _overflow to see what is missing"));
  ASSERT_TRUE(Query("SELECT *, _overflow FROM grown").has_value());
  EXPECT_TRUE(warnings_.empty());
  ASSERT_TRUE(Query("SELECT count(*) FROM grown").has_value());
  EXPECT_TRUE(warnings_.empty());
}

TEST_F(RuntimeTest, SchemaInferenceCanReadTheWholeTable) {
  Load(Dataset("users", "      schema_infer_max_records: all\n"));
  EXPECT_GE(fake_->RequestCount("Scan"), 10u);
  EXPECT_EQ(One(kEverything), kEverythingAnswer);
}

TEST_F(RuntimeTest, ViewsReadOnlyTheColumnsThatAreUsed) {
  Load(Dataset("users"),
       "  - {name: over, sql: SELECT * FROM named WHERE id < 50}\n"
       "  - {name: named, sql: \"SELECT users.*, len(tags) AS n FROM users\"}\n");
  EXPECT_TRUE(runtime_->Ready());
  EXPECT_EQ(One("SELECT max(name) FROM named"), "u99");
  EXPECT_THAT(LastScan(), HasSubstr(R"(:"name")"));
  EXPECT_THAT(LastScan(), Not(HasSubstr(R"(:"tags")")));
  EXPECT_THAT(LastScan(), Not(HasSubstr(R"(:"id")")));
  EXPECT_EQ(One("SELECT sum(n) FROM over"), "100");
  EXPECT_THAT(LastScan(), HasSubstr(R"(:"tags")"));
  EXPECT_THAT(LastScan(), Not(HasSubstr(R"(:"name")")));
  EXPECT_EQ(One("SELECT count(*) FROM named"), "100");
  EXPECT_THAT(LastScan(), HasSubstr("COUNT"));
  EXPECT_EQ(One("SELECT n FROM over WHERE name = 'u7'"), "2");
  const size_t before = fake_->RequestCount("Scan");
  EXPECT_EQ(One("SELECT id FROM named LIMIT 3"), "3 rows");
  EXPECT_LT(fake_->RequestCount("Scan") - before, 10u);
}

TEST_F(RuntimeTest, ABadViewFailsAlone) {
  Load(Dataset("users") + Dataset("gone"),
       "  - {name: over_gone, sql: SELECT * FROM gone JOIN users USING (id)}\n"
       "  - {name: wrong, sql: SELECT emial FROM users}\n"
       "  - {name: good, sql: SELECT count(*) AS n FROM users}\n");
  EXPECT_FALSE(runtime_->Ready());
  EXPECT_EQ(runtime_->Datasets().size(), 2u);
  EXPECT_EQ(One("SELECT * FROM good"), "100");
  EXPECT_THAT(One("SELECT * FROM wrong"), HasSubstr("view 'wrong': Referenced column \"emial\""));
  const auto reason = runtime_->Datasets()[1].error.value().message;
  EXPECT_EQ(One("SELECT * FROM over_gone"), "error: view 'over_gone': " + reason);

  Load(Dataset("users"), "  - {name: wrong, sql: SELECT emial FROM users}\n");
  EXPECT_FALSE(runtime_->Ready());
}

TEST_F(RuntimeTest, LoadingStopsWhenCancelled) {
  fake_->faults().Next("DescribeTable", Fault::NeverAnswer(), 10);
  auto loaded = spicepod::ParseSpicepod(
      "version: v1\nkind: Spicepod\nname: test\nviews: [{name: v, sql: FROM users}]\ndatasets:\n" +
          Dataset("users"),
      "spicepod.yaml");
  ASSERT_TRUE(loaded.has_value());
  RuntimeOptions options;
  options.environment = {{"SECRET", "fake/secret+key"}};
  auto runtime = Runtime::Create(std::move(loaded->pod), options);
  ASSERT_TRUE(runtime.has_value());
  const std::atomic<bool> cancelled = true;
  (*runtime)->Load(&cancelled);
  EXPECT_FALSE((*runtime)->Ready());
  const auto failed = (*runtime)->Connect()->Execute("SELECT * FROM v");
  ASSERT_FALSE(failed.has_value());
  EXPECT_EQ(failed.error().message, "view 'v' is still loading; try again in a moment");
  EXPECT_TRUE(failed.error().retryable);
  fake_->faults().Release();
}

}  // namespace
}  // namespace sumac::datasets
