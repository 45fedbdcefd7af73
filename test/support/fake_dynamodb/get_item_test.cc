#include <fmt/format.h>
#include <gmock/gmock.h>

#include "fake_dynamodb/fake_dynamodb_fixture.h"

namespace sumac::fake_dynamodb {
namespace {

using testing::HasSubstr;

class GetItemTest : public FakeDynamodbTest {
 protected:
  void SetUp() override { AddTables(); }

  void AddTables() {
    TableDefinition files;
    files.name = "files";
    files.keys = {{"folder", 'N'}, {"path", 'S'}};
    files.items = {
        R"({"folder":{"N":"1"},"path":{"S":"a"},"m":{"M":{"x":{"N":"1"},"y":{"N":"2"}}}})",
        R"({"folder":{"N":"1"},"path":{"S":"b"}})",
        fmt::format(R"({{"folder":{{"N":"2"}},"path":{{"S":"c"}},"text":{{"S":"{}"}}}})",
                    std::string(9000, 'x'))};
    FakeDynamodbTest::SetUp();
    ASSERT_TRUE(fake_->AddTable(std::move(files)).has_value());
  }

  std::string Get(const std::string& key, const std::string& more = "") {
    return client_->Call("GetItem", R"({"TableName":"files","Key":)" + key + more + "}").body;
  }
  std::string Batch(const std::string& tables, const std::string& more = "") {
    return client_->Call("BatchGetItem", R"({"RequestItems":{)" + tables + "}" + more + "}").body;
  }

  const std::string a_ = R"({"folder":{"N":"1"},"path":{"S":"a"}})";
  const std::string b_ = R"({"folder":{"N":"1"},"path":{"S":"b"}})";
  const std::string c_ = R"({"folder":{"N":"2"},"path":{"S":"c"}})";
  const std::string none_ = R"({"folder":{"N":"3"},"path":{"S":"c"}})";
};

TEST_F(GetItemTest, ReturnsTheItemOrNothing) {
  EXPECT_EQ(Get(b_), R"({"Item":)" + b_ + "}");
  EXPECT_EQ(Get(R"({"path":{"S":"b"},"folder":{"N":"1.0"}})"), R"({"Item":)" + b_ + "}");
  EXPECT_EQ(Get(none_), "{}");
  EXPECT_EQ(Get(a_, R"(,"ProjectionExpression":"m.y")"), R"({"Item":{"m":{"M":{"y":{"N":"2"}}}}})");
  // Of the whole item, in steps of 4 KB.
  EXPECT_EQ(Get(c_, R"(,"ProjectionExpression":"#p","ExpressionAttributeNames":{"#p":"path"},)"
                    R"("ReturnConsumedCapacity":"TOTAL")"),
            R"({"ConsumedCapacity":{"CapacityUnits":1.5,"TableName":"files"},)"
            R"("Item":{"path":{"S":"c"}}})");
  EXPECT_EQ(Get(none_, R"(,"ConsistentRead":true,"ReturnConsumedCapacity":"TOTAL")"),
            R"({"ConsumedCapacity":{"CapacityUnits":1.0,"TableName":"files"}})");
}

TEST_F(GetItemTest, RefusesAsTheServiceDoes) {
  const std::string schema = "The provided key element does not match the schema";
  EXPECT_THAT(Get(R"({"folder":{"N":"1"}})"), HasSubstr(schema));
  EXPECT_THAT(Get(R"({"folder":{"S":"1"},"path":{"S":"a"}})"), HasSubstr(schema));
  EXPECT_THAT(Get(R"({"folder":{"N":"1"},"path":{"S":"a"},"x":{"S":"a"}})"), HasSubstr(schema));
  EXPECT_THAT(Get("null"), HasSubstr(schema));
  EXPECT_THAT(client_->Call("GetItem", R"({"TableName":"files"})").body, HasSubstr("at 'key'"));
  EXPECT_THAT(client_->Call("GetItem", R"({"TableName":"nope","Key":{}})").body,
              HasSubstr("#ResourceNotFoundException"));
  EXPECT_THAT(Get(a_, R"(,"AttributesToGet":["m"])"), HasSubstr("AttributesToGet"));
  EXPECT_THAT(Get(a_, R"(,"ExpressionAttributeNames":{"#a":"b"})"),
              HasSubstr("can only be specified when using expressions"));
  fake_->faults().Next("GetItem", Fault::AccessDenied());
  EXPECT_THAT(Get(a_), HasSubstr("#AccessDeniedException"));
}

TEST_F(GetItemTest, BatchesReadSeveralTables) {
  EXPECT_EQ(
      Batch(
          fmt::format(
              R"("files":{{"Keys":[{},{},{}],"ProjectionExpression":"folder","ConsistentRead":true}},)"
              R"("users":{{"Keys":[{{"id":{{"N":"1"}}}}]}})",
              a_, none_, c_),
          R"(,"ReturnConsumedCapacity":"TOTAL")"),
      R"({"ConsumedCapacity":[{"CapacityUnits":5.0,"TableName":"files"},)"
      R"({"CapacityUnits":0.5,"TableName":"users"}],)"
      R"("Responses":{"files":[{"folder":{"N":"2"}},{"folder":{"N":"1"}}],)"
      R"("users":[{"id":{"N":"1"},"status":{"S":"new"}}]},"UnprocessedKeys":{}})");
}

TEST_F(GetItemTest, KeysComeBackUnprocessed) {
  const auto request = fmt::format(
      R"("files":{{"ConsistentRead":true,"Keys":[{},{}],"ProjectionExpression":"#p",)"
      R"("ExpressionAttributeNames":{{"#p":"path"}}}},"users":{{"Keys":[{{"id":{{"N":"1"}}}}]}})",
      a_, b_);
  fake_->faults().Next("BatchGetItem", Fault::UnprocessedKeys());
  EXPECT_EQ(Batch(request),
            R"({"Responses":{"files":[{"path":{"S":"a"}}],"users":[]},"UnprocessedKeys":{)"
            R"("files":{"ConsistentRead":true,"ProjectionExpression":"#p",)"
            R"("ExpressionAttributeNames":{"#p":"path"},"Keys":[)" +
                b_ + R"(]},"users":{"Keys":[{"id":{"N":"1"}}]}}})");
  EXPECT_THAT(Batch(request), HasSubstr(R"("UnprocessedKeys":{}})"));
  TableDefinition slow;
  slow.name = "slow";
  slow.keys = {{"id", 'N'}};
  slow.batch_keys_max = 2;
  ASSERT_TRUE(fake_->AddTable(std::move(slow)).has_value());
  EXPECT_EQ(Batch(R"("slow":{"Keys":[{"id":{"N":"1"}},{"id":{"N":"2"}},{"id":{"N":"3"}}]})"),
            R"({"Responses":{"slow":[]},"UnprocessedKeys":{"slow":{"Keys":[{"id":{"N":"3"}}]}}})");
}

TEST_F(GetItemTest, WhatCapacityDoesNotReachComesBack) {
  ManualClock clock;
  FakeOptions options;
  options.check_signatures = false;
  options.clock = &clock;
  // One key costs half a unit, and the last may take the rest below zero.
  options.service = ServiceModelOptions{
      .partition_read_units = 1, .beyond = BeyondCapacity::kThrottle, .burst_seconds = 0.5};
  StartWith(std::move(options));
  const std::string request = R"("users":{"Keys":[{"id":{"N":"1"}},{"id":{"N":"2"}}]})";
  EXPECT_THAT(Batch(request),
              HasSubstr(R"("UnprocessedKeys":{"users":{"Keys":[{"id":{"N":"2"}}]})"));
  EXPECT_THAT(Batch(request), HasSubstr("#ProvisionedThroughputExceededException"));
  clock.Advance(std::chrono::seconds(1));
  EXPECT_THAT(client_->Call("GetItem", R"({"TableName":"users","Key":{"id":{"N":"1"}}})").body,
              HasSubstr(R"({"Item":)"));
  EXPECT_THAT(client_->Call("GetItem", R"({"TableName":"users","Key":{"id":{"N":"1"}}})").body,
              HasSubstr("#ProvisionedThroughputExceededException"));
  EXPECT_THAT(fake_->TakeReadLog(), HasSubstr(R"("pages":2)"));
  fake_->Stop();
}

TEST_F(GetItemTest, BatchesRefuseAsTheServiceDoes) {
  const auto keys = [](int count) {
    std::string text;
    for (int i = 0; i < count; ++i) {
      text += fmt::format(R"({}{{"id":{{"N":"{}"}}}})", i > 0 ? "," : "", i);
    }
    return R"("users":{"Keys":[)" + text + "]}";
  };
  EXPECT_THAT(Batch(keys(100)), HasSubstr(R"("Responses")"));
  const std::vector<std::pair<std::string, std::string>> cases = {
      {keys(101), "Too many items requested for the BatchGetItem call"},
      {"", "Value '{}' at 'requestItems' failed to satisfy constraint"},
      {R"("users":{"Keys":[]})", "'requestItems.users.member.keys'"},
      {R"("users":{"Keys":[{"id":{"N":"1"}},{"id":{"N":"1.0"}}]})",
       "Provided list of item keys contains duplicates"},
      {R"("users":{"Keys":[{"no":{"N":"1"}}]})", "key element does not match the schema"},
      {R"("users":{"Keys":[{"id":{"N":"1"}}],"FilterExpression":"a"})",
       "does not know BatchGetItem's FilterExpression"},
      {R"("users":{"Keys":[{"id":{"N":"1"}}],"ProjectionExpression":"#a"})",
       "not defined; attribute name: #a"},
      {R"("nope":{"Keys":[{"id":{"N":"1"}}]})", "Requested resource not found"},
  };
  for (const auto& [tables, message] : cases) {
    SCOPED_TRACE(tables);
    EXPECT_THAT(Batch(tables), HasSubstr(message));
  }
}

}  // namespace
}  // namespace sumac::fake_dynamodb
