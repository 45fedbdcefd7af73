#include "server/http/datasets_reply.h"

#include <gtest/gtest.h>

namespace sumac::server {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Query = std::map<std::string, std::string>;

std::vector<datasets::DatasetStatus> TwoDatasets() {
  datasets::DatasetStatus users;
  users.name = "users";
  users.from = "dynamodb:Users";
  users.acceleration_enabled = true;
  users.state = datasets::DatasetState::kReady;
  datasets::DatasetStatus orders;
  orders.name = "orders, \"old\"";
  orders.from = "dynamodbx";
  orders.state = datasets::DatasetState::kError;
  orders.error = UserError(ErrorCode::kNotFound, "no table");
  return {users, orders};
}

// 2026-11-24 18:49:44 UTC.
constexpr WallTime kReadAt{seconds(1'795'546'184)};

std::vector<datasets::DatasetStatus> Copied() {
  auto all = TwoDatasets();
  all[0].copy = datasets::CopyStatus{12'480, 1'258'291, kReadAt + milliseconds(50)};
  all[0].attempted_at = kReadAt + seconds(1);
  all[0].next_refresh = kReadAt + seconds(300);
  return all;
}

std::string Body(const Query& query) {
  return DatasetsReply(TwoDatasets(), query, kReadAt).body;
}

TEST(DatasetsReply, ListsDatasets) {
  EXPECT_EQ(Body({}),
            R"([{"from":"dynamodb:Users","name":"users","replication_enabled":false,)"
            R"("acceleration_enabled":true},{"from":"dynamodbx","name":"orders, \"old\"",)"
            R"("replication_enabled":false,"acceleration_enabled":false}])");
  EXPECT_EQ(DatasetsReply({}, {}, kReadAt).body, "[]");
}

TEST(DatasetsReply, AddsTheState) {
  const std::string body = Body({{"status", "true"}});
  EXPECT_NE(body.find(R"("acceleration_enabled":true,"status":"Ready"})"), std::string::npos)
      << body;
  EXPECT_NE(body.find(R"("status":"Error","error_message":"no table"})"), std::string::npos)
      << body;
}

TEST(DatasetsReply, AddsWhatACopyHas) {
  ManualClock clock(kReadAt);
  clock.Advance(milliseconds(192'395));
  auto all = Copied();
  all.pop_back();
  const auto body = [&](const Query& query) {
    return DatasetsReply(all, query, clock.WallNow()).body;
  };
  EXPECT_EQ(body({{"status", "true"}}),
            R"([{"from":"dynamodb:Users","name":"users","replication_enabled":false,)"
            R"("acceleration_enabled":true,"status":"Ready","rows":12480,"bytes":1258291,)"
            R"("last_refresh":"2026-11-24T18:49:44.050Z","age_seconds":192.345,)"
            R"("last_attempt":"2026-11-24T18:49:45.000Z",)"
            R"("next_refresh":"2026-11-24T18:54:44.000Z"}])");
  EXPECT_EQ(body({}), Body({{"source", "dynamodb"}}));
  clock.Advance(milliseconds(655));
  all[0].error = UserError(ErrorCode::kUnavailable, "it is away");
  const std::string failed = body({{"status", "true"}});
  EXPECT_NE(failed.find(R"("age_seconds":193,"last_attempt":)"), std::string::npos) << failed;
  EXPECT_NE(failed.find(R"(Z","error_message":"it is away"}])"), std::string::npos) << failed;
  const std::string csv = body({{"status", "true"}, {"format", "csv"}});
  EXPECT_EQ(csv.substr(csv.find('\n') + 1),
            "dynamodb:Users,users,false,true,Ready,12480,1258291,2026-11-24T18:49:44.050Z,193,"
            "2026-11-24T18:49:45.000Z,2026-11-24T18:54:44.000Z,it is away\n");
}

TEST(DatasetsReply, FiltersBySource) {
  EXPECT_EQ(Body({{"source", "s3"}}), "[]");
  for (const char* source : {"dynamodb", "dynamodb:Users"}) {
    const std::string body = Body({{"source", source}});
    EXPECT_NE(body.find("users"), std::string::npos) << source;
    EXPECT_EQ(body.find("orders"), std::string::npos) << source;
  }
}

TEST(DatasetsReply, WritesCsv) {
  EXPECT_EQ(Body({{"format", "csv"}, {"status", "true"}}),
            "from,name,replication_enabled,acceleration_enabled,status,rows,bytes,"
            "last_refresh,age_seconds,last_attempt,next_refresh,error_message\n"
            "dynamodb:Users,users,false,true,Ready,,,,,,,\n"
            "dynamodbx,\"orders, \"\"old\"\"\",false,false,Error,,,,,,,no table\n");
  EXPECT_EQ(DatasetsReply({}, {{"format", "csv"}}, kReadAt).body,
            "from,name,replication_enabled,acceleration_enabled\n");
}

TEST(DatasetsReply, RefusesOtherFormats) {
  EXPECT_EQ(DatasetsReply({}, {{"format", "xml"}}, kReadAt).status, 400);
}

}  // namespace
}  // namespace sumac::server
