#include "server/http/datasets_reply.h"

#include <gtest/gtest.h>

namespace sumac::server {
namespace {

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

std::string Body(const Query& query) {
  return DatasetsReply(TwoDatasets(), query).body;
}

TEST(DatasetsReply, ListsDatasets) {
  EXPECT_EQ(Body({}),
            R"([{"from":"dynamodb:Users","name":"users","replication_enabled":false,)"
            R"("acceleration_enabled":true},{"from":"dynamodbx","name":"orders, \"old\"",)"
            R"("replication_enabled":false,"acceleration_enabled":false}])");
  EXPECT_EQ(DatasetsReply({}, {}).body, "[]");
}

TEST(DatasetsReply, AddsTheState) {
  const std::string body = Body({{"status", "true"}});
  EXPECT_NE(body.find(R"("acceleration_enabled":true,"status":"Ready"})"), std::string::npos)
      << body;
  EXPECT_NE(body.find(R"("status":"Error","error_message":"no table"})"), std::string::npos)
      << body;
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
            "from,name,replication_enabled,acceleration_enabled,status,error_message\n"
            "dynamodb:Users,users,false,true,Ready,\n"
            "dynamodbx,\"orders, \"\"old\"\"\",false,false,Error,no table\n");
  EXPECT_EQ(DatasetsReply({}, {{"format", "csv"}}).body,
            "from,name,replication_enabled,acceleration_enabled\n");
}

TEST(DatasetsReply, RefusesOtherFormats) {
  EXPECT_EQ(DatasetsReply({}, {{"format", "xml"}}).status, 400);
}

}  // namespace
}  // namespace sumac::server
