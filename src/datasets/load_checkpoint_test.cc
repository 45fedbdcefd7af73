// The checkpoint of a load as a connector has it.
#include "datasets/load_checkpoint.h"

#include <filesystem>
#include <fstream>

#include <fcntl.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/log.h"
#include "datasets/dynamodb_connector.h"
#include "fake_dynamodb/fake_dynamodb.h"

namespace sumac::datasets {
namespace {

using fake_dynamodb::FakeDynamodb;
using testing::HasSubstr;
using testing::Not;

class LoadCheckpointTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = testing::TempDir() + "load_checkpoint_XXXXXX";
    ASSERT_NE(mkdtemp(folder_.data()), nullptr);
    fake_dynamodb::FakeOptions options;
    options.on_answer = [this](const fake_dynamodb::AnsweredRequest& request) {
      if (request.operation == "Scan" && --answers_left_ <= 0) cancelled_ = true;
    };
    fake_ = FakeDynamodb::Start(std::move(options)).value();
    AddUsers("id");
    auto context = MakeConnectorContext({}).value();
    context.clock = clock_;
    connector_ = MakeDynamoDbConnector(std::move(context));
    request_.dataset_name = "users";
    request_.path = "users";
    request_.load_all = true;
    request_.checkpoint_path = folder_ + "/users.checkpoint";
    request_.cancelled = &cancelled_;
    request_.parameters["aws_region"] = SecretString("us-west-2");
    request_.parameters["endpoint_url"] = SecretString(fake_->endpoint_url());
    request_.parameters["aws_access_key_id"] = SecretString("AKIDFAKE");
    request_.parameters["aws_secret_access_key"] = SecretString("fake/secret+key");
    request_.parameters["scan_segments"] = SecretString("4");
    log_before_ = spdlog::default_logger();
    InitializeLog(LogLevel::kInfo, LogStyle::kPlain);
  }
  void TearDown() override {
    spdlog::set_default_logger(log_before_);
    std::filesystem::remove_all(folder_);
  }

  // 2,000 items in about 104 pages.
  void AddUsers(const std::string& key) {
    fake_dynamodb::TableDefinition table{.name = "users", .keys = {{key, 'N'}}};
    for (int i = 0; i < 2'000; ++i) {
      table.items.push_back(fmt::format(R"({{"{}":{{"N":"{}"}}}})", key, i));
    }
    table.page_items_max = 20;
    ASSERT_TRUE(fake_->AddTable(std::move(table)).has_value());
  }

  // Interrupted once so many Scans were answered.
  Result<ConnectedTable> Connect(int answers = 1'000'000) {
    answers_left_ = answers;
    cancelled_ = false;
    requests_before_ = fake_->RequestCount("Scan");
    testing::internal::CaptureStderr();
    auto connected = connector_->Connect(request_);
    log_ = testing::internal::GetCapturedStderr();
    return connected;
  }
  size_t Requests() const { return fake_->RequestCount("Scan") - requests_before_; }

  void Interrupt() {
    const auto interrupted = Connect(60);
    ASSERT_FALSE(interrupted);
    ASSERT_EQ(interrupted.error().code, ErrorCode::kCancelled);
  }

  // That the next load reads all of the table, and why.
  void ExpectDropped(const std::string& why) {
    const auto connected = Connect();
    ASSERT_TRUE(connected) << connected.error().message;
    EXPECT_THAT(log_, HasSubstr("what '" + request_.checkpoint_path +
                                "' keeps of an interrupted load is dropped: " + why));
    EXPECT_THAT(connected->summary, Not(HasSubstr("were kept")));
    EXPECT_GE(Requests(), 100u);
    EXPECT_EQ(connected->read_since, clock_->WallNow());
  }

  std::string folder_;
  std::shared_ptr<ManualClock> clock_ =
      std::make_shared<ManualClock>(WallTime(std::chrono::hours(500'000)));
  std::atomic<int> answers_left_ = 0;
  std::atomic<bool> cancelled_ = false;
  std::unique_ptr<FakeDynamodb> fake_;
  std::unique_ptr<Connector> connector_;
  ConnectRequest request_;
  size_t requests_before_ = 0;
  std::string log_;
  std::shared_ptr<spdlog::logger> log_before_;
};

TEST_F(LoadCheckpointTest, TheNextLoadGoesOn) {
  const auto begun_at = clock_->WallNow();
  Interrupt();
  clock_->Advance(std::chrono::hours(2));
  // Segments are what they were, whatever is said of them now.
  request_.parameters["scan_segments"] = SecretString("7");
  const auto connected = Connect();
  ASSERT_TRUE(connected) << connected.error().message;
  EXPECT_LT(Requests(), 70u);
  EXPECT_THAT(log_, testing::ContainsRegex(
                        R"(dataset users: resuming its load: [0-9]+ pages \([0-9.k]+ .?B\) )"
                        R"(of an interrupted load from 2027-01-15T08:00:00Z are kept)"));
  EXPECT_THAT(connected->summary, HasSubstr("all 2000 items"));
  EXPECT_THAT(connected->summary, HasSubstr("pages of an interrupted load were kept"));
  EXPECT_EQ(connected->read_since, begun_at);
  EXPECT_TRUE(std::filesystem::exists(request_.checkpoint_path));
}

TEST_F(LoadCheckpointTest, WithoutAPathNothingIsKept) {
  request_.checkpoint_path = "";
  Interrupt();
  const auto connected = Connect();
  ASSERT_TRUE(connected) << connected.error().message;
  EXPECT_GE(Requests(), 100u);
  EXPECT_EQ(connected->read_since, clock_->WallNow());
  EXPECT_TRUE(std::filesystem::is_empty(folder_));
}

TEST_F(LoadCheckpointTest, WhatIsReadInAnotherWayStartsAnew) {
  Interrupt();
  request_.parameters["consistent_read"] = SecretString("true");
  ExpectDropped("it is of another consistent_read");
}

TEST_F(LoadCheckpointTest, AnotherTableStartsAnew) {
  Interrupt();
  AddUsers("number");
  ExpectDropped("it is of another key schema");
}

TEST_F(LoadCheckpointTest, ADayOldStartsAnew) {
  Interrupt();
  clock_->Advance(std::chrono::hours(24));
  ExpectDropped("it is of 2027-01-15T08:00:00Z, which is 24 hours ago or more");
}

TEST_F(LoadCheckpointTest, AFileThatIsNoneStartsAnew) {
  std::ofstream(request_.checkpoint_path) << "something else";
  ExpectDropped("its beginning is not whole");
}

TEST_F(LoadCheckpointTest, OneThatAnotherProcessHasIsLeftAlone) {
  Interrupt();
  const auto size = std::filesystem::file_size(request_.checkpoint_path);
  const int descriptor = open(request_.checkpoint_path.c_str(), O_RDWR | O_CLOEXEC);
  ASSERT_EQ(flock(descriptor, LOCK_EX | LOCK_NB), 0);
  const auto connected = Connect();
  ASSERT_TRUE(connected) << connected.error().message;
  EXPECT_GE(Requests(), 100u);
  EXPECT_THAT(log_, HasSubstr("warning: dataset users: its load cannot be gone on with"));
  EXPECT_THAT(log_, HasSubstr("in use by another process"));
  EXPECT_EQ(std::filesystem::file_size(request_.checkpoint_path), size);
  close(descriptor);
}

TEST_F(LoadCheckpointTest, WhereNoFileCanBeTheLoadDoesWithout) {
  request_.checkpoint_path = folder_ + "/no such folder/users";
  const auto connected = Connect();
  ASSERT_TRUE(connected) << connected.error().message;
  EXPECT_THAT(log_, HasSubstr("warning: dataset users: its load cannot be gone on with"));
  EXPECT_THAT(log_, HasSubstr("No such file or directory"));
}

}  // namespace
}  // namespace sumac::datasets
