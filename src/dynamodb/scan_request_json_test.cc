#include "dynamodb/scan_request_json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <simdjson.h>

namespace sumac::dynamodb {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(ScanRequestJsonTest, WritesTheWholeTableRead) {
  ScanRequest request;
  request.table_name = "users";
  EXPECT_EQ(ScanRequestJson(request), R"({"TableName":"users","ReturnConsumedCapacity":"TOTAL"})");
}

TEST(ScanRequestJsonTest, WritesEveryMember) {
  ScanRequest request;
  request.table_name = "users";
  request.projection = {{"id"}, {"a.b"}, {"select"}, {"with \"quotes\""}};
  request.consistent_read = true;
  request.page_limit_items = 7;
  request.segment = 2;
  request.total_segments = 4;
  request.exclusive_start_key = R"({"id":{"N":"1"}})";
  EXPECT_EQ(ScanRequestJson(request),
            R"({"TableName":"users","ReturnConsumedCapacity":"TOTAL",)"
            R"("ProjectionExpression":"#n0,#n1,#n2,#n3","ExpressionAttributeNames":)"
            R"({"#n0":"id","#n1":"a.b","#n2":"select","#n3":"with \"quotes\""},)"
            R"("ConsistentRead":true,"Limit":7,"Segment":2,"TotalSegments":4,)"
            R"("ExclusiveStartKey":{"id":{"N":"1"}}})");
}

TEST(ScanRequestJsonTest, AsksForFieldsOfMaps) {
  ScanRequest request;
  request.table_name = "users";
  request.projection = {{"id"}, {"address", "id"}, {"address", "a.b", "c"}};
  EXPECT_EQ(ScanRequestJson(request),
            R"({"TableName":"users","ReturnConsumedCapacity":"TOTAL",)"
            R"("ProjectionExpression":"#n0,#n1.#n0,#n1.#n2.#n3","ExpressionAttributeNames":)"
            R"({"#n0":"id","#n1":"address","#n2":"a.b","#n3":"c"}})");
}

TEST(ScanRequestJsonTest, GetsOneItemByItsKey) {
  ScanRequest request;
  request.table_name = "users";
  request.keys = std::make_shared<const std::vector<std::string>>(1, R"({"id":{"S":"a"}})");
  request.projection = {{"id"}, {"address", "city"}};
  request.consistent_read = true;
  EXPECT_EQ(ScanRequestJson(request),
            R"({"TableName":"users","ReturnConsumedCapacity":"TOTAL","Key":{"id":{"S":"a"}},)"
            R"("ProjectionExpression":"#n0,#n1.#n2","ExpressionAttributeNames":)"
            R"({"#n0":"id","#n1":"address","#n2":"city"},"ConsistentRead":true})");
}

TEST(ScanRequestJsonTest, GetsItemsByTheirKeys) {
  ScanRequest request;
  request.table_name = "us\"ers";
  request.keys = std::make_shared<const std::vector<std::string>>(
      std::vector<std::string>{R"({"id":{"S":"a"}})", R"({"id":{"S":"b"}})"});
  request.projection = {{"id"}};
  EXPECT_EQ(ScanRequestJson(request),
            R"({"ReturnConsumedCapacity":"TOTAL","RequestItems":{"us\"ers":{"Keys":)"
            R"([{"id":{"S":"a"}},{"id":{"S":"b"}}],"ProjectionExpression":"#n0",)"
            R"("ExpressionAttributeNames":{"#n0":"id"}}}})");
  // Those that the answer before left.
  request.exclusive_start_key = R"([{"id":{"S":"b"}}])";
  request.projection.clear();
  EXPECT_EQ(ScanRequestJson(request),
            R"({"ReturnConsumedCapacity":"TOTAL","RequestItems":{"us\"ers":{"Keys":)"
            R"([{"id":{"S":"b"}}]}}})");
}

TEST(ScanRequestJsonTest, QueriesAnIndex) {
  ScanRequest request;
  request.table_name = "users";
  request.key_condition = std::make_shared<const Condition>(
      Condition::Compare({"city"}, Comparison::kEqual, R"({"S":"Oslo"})"));
  request.index_name = "by_\"city\"";
  EXPECT_THAT(ScanRequestJson(request), HasSubstr(R"("IndexName":"by_\"city\"")"));
  EXPECT_THAT(ScanRequestJson(request), Not(HasSubstr("Select")));
  request.fetches_items = true;
  EXPECT_THAT(ScanRequestJson(request), HasSubstr(R"("Select":"ALL_ATTRIBUTES")"));
  request.projection = {{"id"}};
  EXPECT_THAT(ScanRequestJson(request), HasSubstr(R"("Select":"ALL_ATTRIBUTES")"));
  EXPECT_THAT(ScanRequestJson(request), Not(HasSubstr("ProjectionExpression")));
}

TEST(ScanRequestJsonTest, CountsWithoutItems) {
  ScanRequest request;
  request.table_name = "users";
  request.count_only = true;
  EXPECT_THAT(ScanRequestJson(request), HasSubstr(R"("Select":"COUNT")"));
}

// The bound is the service's; past it whole items are asked for, never a part of the columns.
TEST(ScanRequestJsonTest, LeavesOutAProjectionThatIsTooLong) {
  ScanRequest request;
  request.table_name = "wide";
  for (int i = 0; i < 2'000; ++i) request.projection.push_back({"attribute" + std::to_string(i)});
  const std::string json = ScanRequestJson(request);
  EXPECT_THAT(json, Not(HasSubstr("ProjectionExpression")));
  EXPECT_THAT(json, Not(HasSubstr("ExpressionAttributeNames")));

  request.projection.resize(600);
  const std::string shorter = ScanRequestJson(request);
  EXPECT_THAT(shorter, HasSubstr("ProjectionExpression"));
}

// Names may hold any character; the request stays JSON that says the same name.
TEST(ScanRequestJsonTest, AnyNameSurvives) {
  for (const std::string& name :
       {std::string("\x01\n\t\\"), std::string("naïve 東京 🗼"), std::string("\0x", 2)}) {
    ScanRequest request;
    request.table_name = "t";
    request.projection = {{name}};
    simdjson::dom::parser parser;
    simdjson::dom::element document;
    ASSERT_EQ(parser.parse(ScanRequestJson(request)).get(document), simdjson::SUCCESS);
    std::string_view read;
    ASSERT_EQ(document["ExpressionAttributeNames"]["#n0"].get(read), simdjson::SUCCESS);
    EXPECT_EQ(read, name);
  }
}

}  // namespace
}  // namespace sumac::dynamodb
