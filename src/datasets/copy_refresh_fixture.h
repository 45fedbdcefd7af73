// A serving Runtime over a table that changes and a clock that the test moves.
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "datasets/runtime.h"
#include "fake_dynamodb/fake_dynamodb.h"

namespace sumac::datasets {

class CopyRefreshFixture : public testing::Test {
 protected:
  void SetUp() override {
    fake_ = fake_dynamodb::FakeDynamodb::Start({}).value();
    folder_ = std::filesystem::path(testing::TempDir()) /
              fmt::format("sumac_{}_{}", ::getpid(),
                          testing::UnitTest::GetInstance()->current_test_info()->name());
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override {
    runtime_.reset();
    std::filesystem::remove_all(folder_);
  }

  // The table `events` with these items, which have the key `id`. Another `table_id` is another
  // table.
  void SetItems(std::vector<std::string> items, const std::string& table_id = "") {
    fake_dynamodb::TableDefinition events{.name = "events", .keys = {{"id", 'N'}}};
    events.table_id = table_id;
    events.items = std::move(items);
    ASSERT_TRUE(fake_->AddTable(events).has_value());
  }
  static std::string Item(int id, const std::string& rest = "") {
    return fmt::format(R"({{"id":{{"N":"{}"}}{}{}}})", id, rest.empty() ? "" : ",", rest);
  }
  // With a time of ISO 8601 in `at`.
  static std::string Event(int id, const std::string& at, const std::string& kind = "a") {
    return Item(id, fmt::format(R"("at":{{"S":"{}"}},"kind":{{"S":"{}"}})", at, kind));
  }

  void Start(const std::string& acceleration, const std::string& dataset_keys = "",
             bool serving = true) {
    runtime_.reset();
    const auto text = fmt::format(
        "version: v1\nkind: Spicepod\nname: test\ndatasets:\n"
        "  - from: dynamodb:events\n    name: events\n    params:\n"
        "      dynamodb_aws_region: us-west-2\n      endpoint_url: {}\n"
        "      dynamodb_aws_access_key_id: AKIDFAKE\n"
        "      dynamodb_aws_secret_access_key: ${{env:SECRET}}\n"
        "{}    acceleration: {}\n",
        fake_->endpoint_url(), dataset_keys, acceleration);
    auto loaded = spicepod::ParseSpicepod(text, "spicepod.yaml", folder_.string());
    ASSERT_TRUE(loaded.has_value()) << loaded.error().message;
    RuntimeOptions options;
    options.database.threads = 2;
    options.environment = {{"SECRET", "fake/secret+key"}};
    options.serving = serving;
    options.clock = clock_;
    options.random_seed = 7;
    runtime_ = Runtime::Create(std::move(loaded->pod), options).value();
    runtime_->Load();
  }

  // Waits for what the schedule does on its own threads.
  template <typename Condition>
  [[nodiscard]] bool Eventually(Condition condition) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!condition()) {
      if (std::chrono::steady_clock::now() > end) return false;
      std::this_thread::yield();
    }
    return true;
  }
  DatasetStatus Status() { return runtime_->Datasets().front(); }
  size_t Scans() { return fake_->RequestCount("Scan"); }
  // Whether a refresh has begun and ended since `scans`.
  bool Refreshed(uint64_t version) {
    return Eventually([&] {
      return runtime_->DataVersion() > version && Status().state == DatasetState::kReady;
    });
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
          text += (*chunk)->GetValue(i, row).ToString() + " ";
        }
      }
    }
  }

  std::unique_ptr<fake_dynamodb::FakeDynamodb> fake_;
  std::filesystem::path folder_;
  // 2026-01-10T00:00:00Z.
  const std::shared_ptr<ManualClock> clock_ =
      std::make_shared<ManualClock>(WallTime(std::chrono::seconds(1'768'003'200)));
  std::unique_ptr<Runtime> runtime_;
};

}  // namespace sumac::datasets
