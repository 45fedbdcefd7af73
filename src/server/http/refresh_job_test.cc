#include "server/http/refresh_job.h"

#include <gtest/gtest.h>

#include "server/http/fake_backend.h"

namespace sumac::server {
namespace {

HttpReply Answer(FakeBackend& backend, const std::string& dataset, bool cancel = false) {
  const auto channel = std::make_shared<ResponseChannel>(4, [] {});
  RefreshJob job(backend, dataset, channel);
  if (cancel) job.Cancel();
  job.Run();
  EXPECT_TRUE(job.done());
  auto event = channel->Take();
  EXPECT_EQ(event.kind, ResponseChannel::EventKind::kReply);
  return event.reply;
}

TEST(RefreshJob, TellsWhatChanged) {
  FakeBackend backend;
  backend.schema_change =
      datasets::SchemaChange{{"nick\"name", "b"}, {}, {{"age", "BIGINT", "DOUBLE"}}};
  auto reply = Answer(backend, "users");
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.content_type, "application/json");
  EXPECT_EQ(reply.body,
            R"({"message":"The schema of dataset 'users' was refreshed: 2 columns added, 1 column )"
            R"(of another type.","changed":true,"added":["nick\"name","b"],"removed":[],)"
            R"("changed_types":[{"column":"age","from":"BIGINT","to":"DOUBLE"}]})");
  backend.schema_change = datasets::SchemaChange{};
  EXPECT_EQ(Answer(backend, "users").body,
            R"({"message":"The schema of dataset 'users' is up to date: nothing changed.",)"
            R"("changed":false,"added":[],"removed":[],"changed_types":[]})");
}

TEST(RefreshJob, NamesTheNearestDataset) {
  FakeBackend backend;
  const auto reply = Answer(backend, "user");
  EXPECT_EQ(reply.status, 404);
  EXPECT_EQ(reply.body, "There is no dataset \"user\". Did you mean \"users\"?");
}

TEST(RefreshJob, IsNeverTheRequestsFault) {
  const std::pair<ErrorCode, int> cases[] = {
      {ErrorCode::kNotFound, 500},        {ErrorCode::kPermissionDenied, 500},
      {ErrorCode::kInvalidArgument, 500}, {ErrorCode::kThrottled, 503},
      {ErrorCode::kUnavailable, 503},     {ErrorCode::kInternal, 500}};
  for (const auto& [code, status] : cases) {
    FakeBackend backend;
    backend.schema_change = Fail(code, "dataset 'users': it broke");
    const auto reply = Answer(backend, "users");
    EXPECT_EQ(reply.status, status) << ErrorCodeName(code);
    EXPECT_EQ(reply.body, "dataset 'users': it broke");
  }
}

TEST(RefreshJob, IsCancelled) {
  FakeBackend backend;
  EXPECT_EQ(Answer(backend, "users", true).status, 503);
}

}  // namespace
}  // namespace sumac::server
