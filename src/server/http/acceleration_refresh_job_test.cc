#include "server/http/acceleration_refresh_job.h"

#include <gtest/gtest.h>

#include "server/http/fake_backend.h"

namespace sumac::server {
namespace {

class AccelerationRefreshJobTest : public testing::Test {
 protected:
  void SetUp() override { backend_.accelerated = true; }

  HttpReply Answer(const std::string& dataset, const std::string& body = "") {
    const auto channel = std::make_shared<ResponseChannel>(4, [] {});
    AccelerationRefreshJob job(backend_, request_, dataset, body, channel);
    EXPECT_FALSE(job.AnswerNow());
    job.Run();
    EXPECT_TRUE(job.done());
    auto event = channel->Take();
    EXPECT_EQ(event.kind, ResponseChannel::EventKind::kReply);
    return event.reply;
  }

  FakeBackend backend_;
  AccelerationRequest request_ = AccelerationRequest::kRefresh;
};

TEST_F(AccelerationRefreshJobTest, AsksForARefresh) {
  const auto reply = Answer("USERS");
  EXPECT_EQ(reply.status, 201);
  EXPECT_EQ(reply.content_type, "application/json");
  EXPECT_EQ(reply.body, R"({"message":"Dataset refresh triggered for users."})");
  EXPECT_EQ(backend_.refreshes_requested, 1);
  EXPECT_FALSE(backend_.refresh_overrides.refresh_mode.has_value());
}

TEST_F(AccelerationRefreshJobTest, PassesOnWhatTheBodySays) {
  EXPECT_EQ(Answer("users", R"({"refresh_mode":"append","refresh_sql":"SELECT 1"})").status, 201);
  EXPECT_EQ(backend_.refresh_overrides.refresh_mode, spicepod::RefreshMode::kAppend);
  EXPECT_EQ(backend_.refresh_overrides.refresh_sql, "SELECT 1");
}

TEST_F(AccelerationRefreshJobTest, RefusesWhatCannotBeRefreshed) {
  auto reply = Answer("or\nders", "{wrong");
  EXPECT_EQ(reply.status, 404);
  EXPECT_EQ(reply.body, "Dataset or\\nders not found");
  reply = Answer("users", R"({"mode":"full"})");
  EXPECT_EQ(reply.status, 400);
  EXPECT_NE(reply.body.find("\"mode\""), std::string::npos) << reply.body;
  backend_.accelerated = false;
  reply = Answer("Users");
  EXPECT_EQ(reply.status, 400);
  EXPECT_EQ(reply.body, "Dataset users does not have acceleration enabled");
  EXPECT_EQ(backend_.refreshes_requested, 0);
}

TEST_F(AccelerationRefreshJobTest, SaysWhyTheRuntimeRefuses) {
  backend_.refresh_status =
      Fail(ErrorCode::kInvalidArgument, "dataset 'users': refresh_sql is not one query");
  auto reply = Answer("users");
  EXPECT_EQ(reply.status, 400);
  EXPECT_EQ(reply.body, "dataset 'users': refresh_sql is not one query");
  backend_.refresh_status = Fail(ErrorCode::kUnavailable, "shutting down");
  EXPECT_EQ(Answer("users").status, 503);
}

TEST_F(AccelerationRefreshJobTest, ChangesWhatRefreshesRead) {
  request_ = AccelerationRequest::kChange;
  auto reply = Answer("USERS", R"({"refresh_sql":"SELECT * FROM users WHERE id > 1"})");
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.body, R"({"message":"Refreshes of users read the new refresh_sql."})");
  EXPECT_EQ(backend_.refresh_overrides.refresh_sql, "SELECT * FROM users WHERE id > 1");
  reply = Answer("users", R"({"refresh_sql":null})");
  EXPECT_EQ(reply.body, R"({"message":"Refreshes of users read what the Spicepod says."})");
  EXPECT_FALSE(backend_.refresh_overrides.refresh_sql.has_value());
  EXPECT_EQ(backend_.refresh_sql_changes, 2);
  EXPECT_EQ(backend_.refreshes_requested, 0);
  for (const char* body :
       {"", "null", "{}", "[]", R"({"refresh_mode":"full"})",
        R"({"refresh_sql":"SELECT 1","refresh_mode":"full"})", R"({"refresh_sql":7})"}) {
    EXPECT_EQ(Answer("users", body).status, 400) << body;
  }
  EXPECT_EQ(Answer("nothing", R"({"refresh_sql":null})").status, 404);
  EXPECT_EQ(backend_.refresh_sql_changes, 2);
}

}  // namespace
}  // namespace sumac::server
