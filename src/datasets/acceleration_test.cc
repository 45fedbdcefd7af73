// Accelerated datasets are read once and whole.
#include <thread>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "datasets/runtime.h"
#include "fake_dynamodb/fake_dynamodb.h"

namespace sumac::datasets {
namespace {

using fake_dynamodb::FakeDynamodb;
using fake_dynamodb::Fault;
using testing::HasSubstr;

class AccelerationTest : public testing::Test {
 protected:
  void SetUp() override { fake_ = FakeDynamodb::Start({}).value(); }

  // 2,000 items; the one with the id 1,500 brings what no other has.
  void AddUsers() {
    fake_dynamodb::TableDefinition users{.name = "users", .keys = {{"id", 'N'}}};
    for (int i = 0; i < 2'000; ++i) {
      users.items.push_back(
          i == 1'500 ? R"({"id":{"N":"1500"},"n":{"N":"12345678901234567890"},"late":{"S":"x"}})"
                     : fmt::format(R"({{"id":{{"N":"{0}"}},"n":{{"N":"{0}"}}}})", i));
    }
    users.page_items_max = 100;
    ASSERT_TRUE(fake_->AddTable(users).has_value());
  }

  void Make(const std::string& table, const std::string& acceleration) {
    const auto text = fmt::format(
        "version: v1\nkind: Spicepod\nname: test\ndatasets:\n"
        "  - from: dynamodb:{0}\n    name: {0}\n    params:\n"
        "      dynamodb_aws_region: us-west-2\n      endpoint_url: {1}\n"
        "      schema_infer_max_records: 10\n"
        "      dynamodb_aws_access_key_id: AKIDFAKE\n"
        "      dynamodb_aws_secret_access_key: ${{env:SECRET}}\n"
        "    acceleration: {2}\n",
        table, fake_->endpoint_url(), acceleration);
    auto loaded = spicepod::ParseSpicepod(text, "spicepod.yaml");
    ASSERT_TRUE(loaded.has_value()) << loaded.error().message;
    RuntimeOptions options;
    options.database.threads = 2;
    options.environment = {{"SECRET", "fake/secret+key"}};
    runtime_ = Runtime::Create(std::move(loaded->pod), options).value();
  }

  std::string Query(const std::string& sql) {
    auto session = runtime_->Connect();
    auto stream = session->Execute(sql);
    if (!stream) return "error: " + stream.error().message;
    std::string text;
    while (true) {
      auto chunk = (*stream)->Next();
      if (!chunk) return "error: " + chunk.error().message;
      if (!*chunk) return text;
      for (duckdb::idx_t row = 0; row < (*chunk)->size(); ++row) {
        for (duckdb::idx_t i = 0; i < (*chunk)->ColumnCount(); ++i) {
          text += (*chunk)->GetValue(i, row).ToString() + " | ";
        }
      }
    }
  }

  std::unique_ptr<FakeDynamodb> fake_;
  std::unique_ptr<Runtime> runtime_;
};

TEST_F(AccelerationTest, TheSchemaHoldsEveryItemAndIsReadOnce) {
  AddUsers();
  Make("users", "{enabled: true}");
  runtime_->Load();
  ASSERT_TRUE(runtime_->Ready());
  // Each page once; every segment may end with a page that is not full.
  EXPECT_LE(fake_->RequestCount("Scan"), 22u);
  EXPECT_EQ(Query("DESCRIBE users"),
            "id | Int64 | YES | late | Utf8 | YES | n | Decimal128(38, 0) | YES | ");
  EXPECT_EQ(Query("SELECT count(*), count(n), count(late), max(n), sum(id) FROM users"),
            "2000 | 2000 | 1 | 12345678901234567890 | 1999000 | ");
}

TEST_F(AccelerationTest, AnEmptyTableHasItsKeyColumns) {
  ASSERT_TRUE(fake_->AddTable({.name = "empty", .keys = {{"pk", 'S'}, {"sk", 'N'}}}).has_value());
  Make("empty", "{enabled: true, params: {keep_item: true}}");
  runtime_->Load();
  EXPECT_EQ(Query("SELECT count(*), count(_item) FROM empty"), "0 | 0 | ");
  EXPECT_EQ(Query("DESCRIBE empty"), "pk | Utf8 | YES | sk | Int64 | YES | ");
}

TEST_F(AccelerationTest, AFailureOnTheWayNamesTheDataset) {
  AddUsers();
  Make("users", "{enabled: true}");
  fake_->faults().Nth("Scan", 5, Fault::AccessDenied());
  runtime_->Load();
  EXPECT_FALSE(runtime_->Ready());
  const auto failed = Query("SELECT * FROM users");
  EXPECT_THAT(failed, HasSubstr("dataset 'users'"));
  EXPECT_THAT(failed, HasSubstr("dynamodb:Scan"));
}

TEST_F(AccelerationTest, SurvivesWhatGoesWrongOnTheWay) {
  AddUsers();
  Make("users", "{enabled: true}");
  fake_->faults().Next("Scan", Fault::Throttle(), 2);
  fake_->faults().Next("Scan", Fault::CutMidBody());
  fake_->faults().Next("Scan", Fault::EmptyPage());
  fake_->faults().Next("Scan", Fault::MalformedJson());
  runtime_->Load();
  EXPECT_EQ(Query("SELECT count(*), count(DISTINCT id) FROM users"), "2000 | 2000 | ");
}

TEST_F(AccelerationTest, LoadingStopsWhenCancelled) {
  AddUsers();
  Make("users", "{enabled: true}");
  fake_->faults().Next("Scan", Fault::NeverAnswer(), 10);
  std::atomic<bool> cancelled = false;
  std::thread loader([&] { runtime_->Load(&cancelled); });
  while (fake_->RequestCount("Scan") == 0) std::this_thread::yield();
  cancelled = true;
  loader.join();
  EXPECT_FALSE(runtime_->Ready());
  fake_->faults().Release();
}

}  // namespace
}  // namespace sumac::datasets
