#include "fake_dynamodb/server_configuration.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sumac::fake_dynamodb {
namespace {

using testing::HasSubstr;

constexpr const char* kWhole = R"({
  "signers": [{"access_key_id":"A","secret_access_key":"s","session_token":"t","region":"r"},
              {"access_key_id":"B","secret_access_key":"s"}],
  "tables": [{"TableName":"users",
              "KeySchema":[{"AttributeName":"id","KeyType":"HASH"},
                           {"AttributeName":"at","KeyType":"RANGE"}],
              "AttributeDefinitions":[{"AttributeName":"at","AttributeType":"S"},
                                      {"AttributeName":"id","AttributeType":"N"}],
              "Items":[{"id":{"N":"1"},"at":{"S":"x"}}]}],
  "faults": [{"fault":"ExpiredToken","access_key_id":"A"}],
  "clock_offset_minutes": -20, "signature_age_minutes_max": 5})";

TEST(ServerConfigurationTest, ReadsAllOfIt) {
  const auto configuration = ParseServerConfiguration(kWhole);
  ASSERT_TRUE(configuration.has_value()) << configuration.error().message;
  ASSERT_EQ(configuration->signers.size(), 2U);
  EXPECT_EQ(configuration->signers[0].session_token, "t");
  EXPECT_EQ(configuration->signers[1].region, "");
  ASSERT_EQ(configuration->tables.size(), 1U);
  const auto& table = configuration->tables[0].definition;
  ASSERT_EQ(table.keys.size(), 2U);
  EXPECT_EQ(table.keys[0].name, "id");
  EXPECT_EQ(table.keys[0].type, 'N');
  EXPECT_THAT(table.items, testing::ElementsAre(R"({"id":{"N":"1"},"at":{"S":"x"}})"));
  ASSERT_EQ(configuration->faults.size(), 1U);
  EXPECT_THAT(configuration->faults[0].fault.error.type, HasSubstr("ExpiredTokenException"));
  EXPECT_EQ(configuration->clock_offset, std::chrono::minutes(-20));
  EXPECT_EQ(configuration->signature_age_max, std::chrono::minutes(5));
}

TEST(ServerConfigurationTest, ReadsAReplayServer) {
  const auto configuration = ParseServerConfiguration(R"({
    "signers": [{"access_key_id":"A","secret_access_key":"s"}],
    "check_signatures": false, "gzip": true, "log_requests": false, "connections_max": 300,
    "service": {"page_latency_ms": 150, "partitions": 64, "partition_read_units": 3000,
                "table_read_units": 40000, "beyond": "throttle", "burst_seconds": 1.5,
                "table_throttling_reason": "TableReadAccountLimitExceeded"},
    "tables": [{"TableName":"users","KeySchema":[{"AttributeName":"id","KeyType":"HASH"}],
                "AttributeDefinitions":[{"AttributeName":"id","AttributeType":"N"}],
                "items_path": "users.jsonl", "replayed_pages": 2000,
                "page_items_max": 20, "page_bytes_max": 4000, "batch_keys_max": 7,
                "throughput": {"provisioned": true, "read_units": 500, "warm_read_units": 12000,
                               "on_demand_read_units_max": 7}}]})");
  ASSERT_TRUE(configuration.has_value()) << configuration.error().message;
  EXPECT_FALSE(configuration->check_signatures);
  EXPECT_TRUE(configuration->gzip);
  EXPECT_FALSE(configuration->log_requests);
  EXPECT_EQ(configuration->connections_max, 300U);
  ASSERT_TRUE(configuration->service.has_value());
  const auto& service = *configuration->service;
  EXPECT_EQ(service.page_latency, std::chrono::milliseconds(150));
  EXPECT_EQ(service.partitions, 64U);
  EXPECT_EQ(service.partition_read_units, 3'000);
  EXPECT_EQ(service.table_read_units, 40'000);
  EXPECT_EQ(service.beyond, BeyondCapacity::kThrottle);
  EXPECT_EQ(service.burst_seconds, 1.5);
  EXPECT_EQ(service.table_throttling_reason, "TableReadAccountLimitExceeded");
  const auto& [definition, items_path] = configuration->tables.at(0);
  EXPECT_EQ(items_path, "users.jsonl");
  EXPECT_EQ(definition.replayed_pages, 2'000U);
  EXPECT_EQ(definition.page_items_max, 20U);
  EXPECT_EQ(definition.page_bytes_max, 4'000U);
  EXPECT_EQ(definition.batch_keys_max, 7U);
  EXPECT_TRUE(definition.throughput.provisioned);
  EXPECT_EQ(definition.throughput.read_units, 500U);
  EXPECT_EQ(definition.throughput.warm_read_units, 12'000U);
  EXPECT_EQ(definition.throughput.on_demand_read_units_max, 7U);
}

TEST(ServerConfigurationTest, RefusesAFileThatIsNotThere) {
  ConfiguredTable table;
  table.items_path = "/nonexistent/items";
  EXPECT_THAT(ReadItemsFile(table).error().message, HasSubstr("cannot read /nonexistent/items"));
}

TEST(ServerConfigurationTest, RefusesWhatItDoesNotUnderstand) {
  const std::vector<std::pair<const char*, const char*>> cases = {
      {"", "not a JSON object"},
      {"[]", "not a JSON object"},
      {R"({"signers":[]})", "'signers' is missing or empty"},
      {R"({"signer":{}})", "unknown member 'signer'"},
      {R"({"signers":[1]})", "no object"},
      {R"({"signers":{}})", "'signers' is no array"},
      {R"({"signers":[{"access_key_id":"A"}]})", "'secret_access_key' is missing"},
      {R"({"signers":[{"access_key_id":1}]})", "'access_key_id' is no text"},
      {R"({"signers":[{"access_key_id":"A","secret_access_key":"s"}],"clock_offset_minutes":"1"})",
       "'clock_offset_minutes' is no integer"},
      {R"({"signers":[{"access_key_id":"A","secret_access_key":"s"}],"tables":[{"TableName":"t"}]})",
       "'KeySchema' is missing or empty"},
      {R"({"signers":[{"access_key_id":"A","secret_access_key":"s"}],"faults":[{"fault":"Rain"}]})",
       "no fault has the name 'Rain'"},
      {R"({"signers":[{"access_key_id":"A","secret_access_key":"s"}],"gzip":1})",
       "'gzip' is not true or false"},
      {R"({"signers":[{"access_key_id":"A","secret_access_key":"s"}],"service":{"beyond":"wait"}})",
       "'beyond' is pace or throttle"},
      {R"({"signers":[{"access_key_id":"A","secret_access_key":"s"}],"service":{"burst_seconds":"1"}})",
       "'burst_seconds' is no number"},
      {R"({"signers":[{"access_key_id":"A","secret_access_key":"s"}],"service":{"pages":1}})",
       "unknown member 'pages'"},
  };
  for (const auto& [json, message] : cases) {
    SCOPED_TRACE(json);
    const auto configuration = ParseServerConfiguration(json);
    ASSERT_FALSE(configuration.has_value());
    EXPECT_THAT(configuration.error().message, HasSubstr(message));
  }
  EXPECT_FALSE(ParseFaultOrder(R"({"fault":"ExpiredToken","count":0})").has_value());
  EXPECT_FALSE(ParseFaultOrder(R"({"fault":"ExpiredToken","operation":"Scan","access_key_id":"A"})")
                   .has_value());
}

TEST(ServerConfigurationTest, RendersOneLineForARequest) {
  AnsweredRequest request;
  request.operation = "Scan";
  request.host = "localhost:\"1\n";
  request.error = "ExpiredTokenException";
  request.status = 400;
  request.sender.scope = {"A", "us-west-2"};
  request.sender.session_token = SessionTokenState::kMissing;
  request.sender.signature_right = true;
  EXPECT_EQ(RenderAnsweredRequest(request),
            R"({"operation":"Scan","access_key_id":"A","region":"us-west-2",)"
            R"("session_token":"missing","host":"localhost:\"1\n",)"
            R"("error":"ExpiredTokenException","signature_right":true,"status":400})");
}

TEST(OffsetClockTest, IsAheadOrBehindInTheTimeOfDayAlone) {
  ManualClock clock(WallTime(std::chrono::hours(10)));
  const OffsetClock behind(clock, std::chrono::minutes(-90));
  EXPECT_EQ(behind.WallNow(), WallTime(std::chrono::minutes(510)));
  EXPECT_EQ(behind.MonotonicNow(), clock.MonotonicNow());
}

}  // namespace
}  // namespace sumac::fake_dynamodb
