#include "fake_dynamodb/fake_dynamodb.h"

#include <future>
#include <thread>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fake_dynamodb/fake_dynamodb_fixture.h"

namespace sumac::fake_dynamodb {
namespace {

using testing::HasSubstr;

TEST_F(FakeDynamodbTest, TakesArnsForNames) {
  const auto ask = [this](const char* operation, const std::string& name) {
    return client_->Call(operation, R"({"TableName":")" + name + R"("})").body;
  };
  const std::string arn = "arn:aws:dynamodb:us-west-2:999999999999:table/";
  EXPECT_EQ(ask("Scan", arn + "users"), page_);
  EXPECT_THAT(ask("DescribeTable", arn + "users"), HasSubstr(R"("TableName":"users")"));
  EXPECT_THAT(ask("DescribeTable", arn + "nope"), HasSubstr("Table: nope not found"));
  EXPECT_THAT(ask("Scan", "arn:aws:dynamodb:eu-west-1:999999999999:table/users"),
              HasSubstr("#ValidationException"));
  EXPECT_THAT(ask("Scan", "arn:aws:s3:::users"), HasSubstr("#ValidationException"));
}

TEST_F(FakeDynamodbTest, DescribesAndListsTables) {
  EXPECT_THAT(
      client_->Call("DescribeTable", R"({"TableName":"users"})").body,
      testing::AllOf(HasSubstr(R"("KeySchema":[{"AttributeName":"id","KeyType":"HASH"}])"),
                     HasSubstr(R"("TableStatus":"ACTIVE")"), HasSubstr(R"("ItemCount":1)")));
  for (const auto* name : {"a", "b"}) {
    TableDefinition table;
    table.name = name;
    table.keys = {{"pk", 'S'}, {"sk", 'B'}};
    ASSERT_TRUE(fake_->AddTable(std::move(table)).has_value());
  }
  EXPECT_EQ(client_->Call("ListTables", "{}").body, R"({"TableNames":["a","b","users"]})");
  EXPECT_EQ(client_->Call("ListTables", R"({"Limit":2})").body,
            R"({"LastEvaluatedTableName":"b","TableNames":["a","b"]})");
  EXPECT_EQ(client_->Call("ListTables", R"({"Limit":2,"ExclusiveStartTableName":"b"})").body,
            R"({"TableNames":["users"]})");
}

TEST_F(FakeDynamodbTest, RefusesAsTheServiceDoes) {
  const std::vector<std::tuple<std::string, std::string, std::string>> cases = {
      {"Scan", "{", "SerializationException"},
      {"Scan", "{}", "Value null at 'tableName' failed to satisfy constraint"},
      {"Scan", R"({"TableName":"nope"})", "Requested resource not found\""},
      {"DescribeTable", R"({"TableName":"nope"})", "Requested resource not found: Table: nope"},
      {"Scan", R"({"TableName":"users","Limit":0})", "Value '0' at 'limit' failed"},
      {"Scan", R"({"TableName":"users","Segment":0})", "The TotalSegments parameter is required"},
      {"Scan", R"({"TableName":"users","TotalSegments":2})", "The Segment parameter is required"},
      {"Scan", R"({"TableName":"users","Segment":2,"TotalSegments":2})",
       "Segment: 2 is not less than TotalSegments: 2"},
      {"Scan", R"({"TableName":"users","Segment":0,"TotalSegments":1000001})",
       "less than or equal to 1000000"},
      {"Scan", R"({"TableName":"users","ProjectionExpression":"status"})",
       "reserved keyword: status"},
      {"Scan", R"({"TableName":"users","ProjectionExpression":"#a"})",
       "not defined; attribute name: #a"},
      {"Scan",
       R"({"TableName":"users","ProjectionExpression":"#a","ExpressionAttributeNames":{"#a":"x","#b":"y"}})",
       "unused in expressions: keys: {#b}"},
      {"Scan", R"({"TableName":"users","ExpressionAttributeNames":{"#a":"x"}})",
       "can only be specified when using expressions"},
      {"Scan", R"({"TableName":"users","ProjectionExpression":"id, id"})", "paths overlap"},
      {"Scan", R"({"TableName":"users","ProjectionExpression":"id,"})", "Syntax error"},
      {"Scan", R"({"TableName":"users","ProjectionExpression":"id","Select":"COUNT"})",
       "choosing to get only the Count"},
      {"Scan", R"({"TableName":"users","FilterExpression":"x ="})",
       "Invalid FilterExpression: Syntax error"},
      {"Scan",
       R"({"TableName":"users","FilterExpression":"x = :v","ExpressionAttributeValues":{":v":{"S":"a"},":w":{"S":"a"}}})",
       "Value provided in ExpressionAttributeValues unused in expressions: keys: {:w}"},
      {"Scan", R"({"TableName":"users","ScanFilter":{}})", "does not know Scan's ScanFilter"},
      {"PutItem", "{}", "UnknownOperationException"},
  };
  for (const auto& [operation, body, message] : cases) {
    SCOPED_TRACE(body);
    const auto response = client_->Call(operation, body);
    EXPECT_EQ(response.status, 400);
    EXPECT_THAT(response.body, HasSubstr(message));
    EXPECT_EQ(response.headers.at("x-amz-crc32"), std::to_string(Crc32(response.body)));
  }
}

TEST_F(FakeDynamodbTest, ProjectsThroughPlaceholders) {
  const auto response = client_->Call(
      "Scan",
      R"({"TableName":"users","ProjectionExpression":"#0","ExpressionAttributeNames":{"#0":"status"}})");
  EXPECT_EQ(response.body, R"({"Count":1,"Items":[{"status":{"S":"new"}}],"ScannedCount":1})");
}

TEST_F(FakeDynamodbTest, CompressesLargeAnswersWhenAsked) {
  FakeOptions options;
  options.compression = Compression::kWhenAccepted;
  StartWith(std::move(options));
  TableDefinition large;
  large.name = "large";
  large.keys = {{"id", 'S'}};
  large.items = {fmt::format(R"({{"id":{{"S":"a"}},"x":{{"S":"{}"}}}})", std::string(6000, 'x'))};
  ASSERT_TRUE(fake_->AddTable(std::move(large)).has_value());
  const std::string request = R"({"TableName":"large"})";
  EXPECT_EQ(client_->Call("Scan", request).headers.count("content-encoding"), 0U);
  client_->extra_headers = {"Accept-Encoding: gzip"};
  EXPECT_EQ(client_->Call("Scan", request).headers.at("content-encoding"), "gzip");
  EXPECT_EQ(Scan().headers.count("content-encoding"), 0U);
}

TEST_F(FakeDynamodbTest, RecordsWhatItGot) {
  Scan();
  client_->Call("ListTables", "{}");
  const auto requests = fake_->Requests();
  ASSERT_EQ(requests.size(), 2U);
  EXPECT_EQ(requests[0].operation, "Scan");
  EXPECT_EQ(requests[0].body, R"({"TableName":"users"})");
  EXPECT_EQ(requests[1].operation, "ListTables");
}

TEST_F(FakeDynamodbTest, ServesMoreClientsThanItHasThreads) {
  FakeOptions options;
  options.connections_max = 2;
  StartWith(std::move(options));
  std::vector<std::future<std::string>> answers;
  for (int i = 0; i < 8; ++i) {
    answers.push_back(std::async(std::launch::async, [url = fake_->endpoint_url()] {
      return CurlClient(url).Call("Scan", R"({"TableName":"users"})").body;
    }));
  }
  for (auto& answer : answers) EXPECT_EQ(answer.get(), page_);
  EXPECT_LE(fake_->InFlightMax(), 2U);
}

TEST_F(FakeDynamodbTest, ThrottlesAsTheModelOfTheServiceSays) {
  ManualClock clock;
  FakeOptions options;
  options.check_signatures = false;
  options.clock = &clock;
  // Each scan here costs half a unit.
  options.service = ServiceModelOptions{
      .partition_read_units = 1, .beyond = BeyondCapacity::kThrottle, .burst_seconds = 0.5};
  StartWith(std::move(options));
  EXPECT_EQ(Scan().status, 200);
  const auto refused = Scan();
  EXPECT_EQ(refused.status, 400);
  EXPECT_THAT(refused.body, HasSubstr("TableReadKeyRangeThroughputExceeded"));
  clock.Advance(std::chrono::milliseconds(1'500));
  EXPECT_EQ(Scan().status, 200);
  EXPECT_EQ(fake_->TakeReadLog(),
            fmt::format(R"({{"pages":2,"bytes":{},"requests":{{"Scan":2}},)"
                        R"("throttles":{{"TableReadKeyRangeThroughputExceeded":1}},)"
                        R"("read_units_by_second":[0.5,0.5]}})",
                        2 * page_.size()));
  EXPECT_THAT(fake_->TakeReadLog(), HasSubstr(R"("pages":0)"));
}

TEST_F(FakeDynamodbTest, HoldsAnAnswerBackUntilItsTime) {
  ManualClock clock;
  FakeOptions options;
  options.check_signatures = false;
  options.clock = &clock;
  options.service = ServiceModelOptions{.page_latency = std::chrono::milliseconds(150)};
  StartWith(std::move(options));
  auto scan = std::async(std::launch::async, [this] { return Scan(); });
  while (fake_->InFlightMax() == 0) std::this_thread::yield();
  EXPECT_NE(scan.wait_for(std::chrono::milliseconds(0)), std::future_status::ready);
  while (scan.wait_for(std::chrono::milliseconds(0)) != std::future_status::ready) {
    clock.Advance(std::chrono::milliseconds(50));
    std::this_thread::yield();
  }
  EXPECT_EQ(scan.get().status, 200);
}

TEST_F(FakeDynamodbTest, ServesAReplayedTablePlainAndGzipped) {
  FakeOptions options;
  options.compression = Compression::kWhenAccepted;
  StartWith(std::move(options));
  TableDefinition replayed;
  replayed.name = "replayed";
  replayed.keys = {{"id", 'N'}};
  replayed.replayed_pages = 10;
  for (int i = 0; i < 200; ++i) {
    replayed.items.push_back(
        fmt::format(R"({{"id":{{"N":"{}"}},"text":{{"S":"{:040}"}}}})", i, i * i));
  }
  ASSERT_TRUE(fake_->AddTable(std::move(replayed)).has_value());
  const auto plain = client_->Call("Scan", R"({"TableName":"replayed"})");
  EXPECT_EQ(plain.headers.at("x-amz-crc32"), std::to_string(Crc32(plain.body)));
  EXPECT_THAT(plain.body, HasSubstr(R"("LastEvaluatedKey":{"id":{"N":"10000000"}})"));
  client_->extra_headers = {"Accept-Encoding: gzip"};
  const auto compressed = client_->Call("Scan", R"({"TableName":"replayed"})");
  EXPECT_EQ(compressed.headers.at("content-encoding"), "gzip");
  EXPECT_EQ(compressed.headers.at("x-amz-crc32"), std::to_string(Crc32(compressed.body)));
  EXPECT_LT(compressed.body.size(), plain.body.size() / 2);
  EXPECT_EQ(Gunzip(compressed.body), plain.body);
  // Faults meet it as any other table.
  fake_->faults().Next("Scan", Fault::MalformedJson());
  client_->extra_headers.clear();
  EXPECT_EQ(client_->Call("Scan", R"({"TableName":"replayed"})").body,
            plain.body.substr(0, plain.body.size() / 2));
}

}  // namespace
}  // namespace sumac::fake_dynamodb
