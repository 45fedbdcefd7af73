#include "fake_dynamodb/table_index.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <simdjson.h>

#include "fake_dynamodb/fake_dynamodb_fixture.h"
#include "fake_dynamodb/server_configuration.h"

namespace sumac::fake_dynamodb {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class TableIndexTest : public FakeDynamodbTest {
 protected:
  void SetUp() override {
    FakeDynamodbTest::SetUp();
    TableDefinition orders;
    orders.name = "orders";
    orders.keys = {{"pk", 'S'}, {"sk", 'N'}};
    orders.indexes = {
        {"by_kind", {{"kind", 'S'}}, {{"cost", 'N'}}, IndexProjection::kInclude, {"note"}, false},
        {"by_place", {{"land", 'S'}, {"town", 'S'}}, {{"kind", 'S'}, {"cost", 'N'}}},
        {"by_cost", {{"pk", 'S'}}, {{"cost", 'N'}}, IndexProjection::kKeysOnly, {}, true},
    };
    const auto item = [](int sk, const std::string& more) {
      return fmt::format(R"({{"pk":{{"S":"p"}},"sk":{{"N":"{}"}}{}}})", sk, more);
    };
    const auto whole = [](const char* kind, int cost, const char* town) {
      return fmt::format(
          R"(,"kind":{{"S":"{}"}},"cost":{{"N":"{}"}},"note":{{"S":"n"}},"text":{{"S":"t"}},)"
          R"("land":{{"S":"gb"}},"town":{{"S":"{}"}})",
          kind, cost, town);
    };
    orders.items = {item(1, whole("a", 10, "x")),    item(2, whole("a", 9, "x")),
                    item(3, whole("a", 9, "y")),     item(4, whole("b", 9, "x")),
                    item(5, R"(,"kind":{"S":"a"})"), item(6, R"(,"cost":{"N":"1"})")};
    definition_ = orders;
    ASSERT_TRUE(fake_->AddTable(std::move(orders)).has_value());
  }

  // Answers the sort keys of the items.
  std::string Read(const std::string& operation, const std::string& more) {
    body_ = client_->Call(operation, R"({"TableName":"orders",)" + more + "}").body;
    simdjson::dom::parser parser;
    const simdjson::dom::element answer = parser.parse(body_);
    simdjson::dom::element key;
    last_key_ = answer["LastEvaluatedKey"].get(key) ? "" : simdjson::minify(key);
    simdjson::dom::array items;
    if (answer["Items"].get(items)) return body_;
    std::string found;
    for (const auto item : items) {
      std::string_view text;
      if (item["sk"]["N"].get(text)) continue;
      found += (found.empty() ? "" : " ") + std::string(text);
    }
    return found;
  }

  std::string Query(const std::string& index, const std::string& condition,
                    const std::string& values, const std::string& more = "") {
    return Read("Query", fmt::format(R"("IndexName":"{}","KeyConditionExpression":"{}",)"
                                     R"("ExpressionAttributeValues":{{{}}}{})",
                                     index, condition, values, more));
  }

  TableDefinition definition_;
  std::string body_;
  std::string last_key_;
};

TEST_F(TableIndexTest, HasTheItemsWithAllItsKeysInItsOrder) {
  EXPECT_EQ(Query("by_kind", "kind = :k", R"(":k":{"S":"a"})"), "2 3 1");
  EXPECT_THAT(body_, AllOf(HasSubstr("note"), HasSubstr("cost"), Not(HasSubstr("text"))));
  EXPECT_EQ(Query("by_kind", "kind = :k AND cost = :c", R"(":k":{"S":"a"},":c":{"N":"9.0"})"),
            "2 3");
  EXPECT_EQ(Query("by_kind", "kind = :k", R"(":k":{"S":"a"})", R"(,"ScanIndexForward":false)"),
            "1 3 2");
  EXPECT_EQ(Query("by_cost", "pk = :p", R"(":p":{"S":"p"})"), "6 2 3 4 1");
  EXPECT_THAT(body_, Not(HasSubstr("kind")));
  EXPECT_EQ(Query("by_cost", "pk = :p AND cost < :c", R"(":p":{"S":"p"},":c":{"N":"9"})"), "6");
  Read("Scan", R"("IndexName":"by_kind")");
  EXPECT_THAT(body_, AllOf(HasSubstr(R"("Count":4)"), Not(HasSubstr("text"))));
  Read("Scan", R"("IndexName":"by_kind","Select":"ALL_PROJECTED_ATTRIBUTES")");
  EXPECT_THAT(body_, HasSubstr(R"("Count":4)"));
  EXPECT_EQ(Query("by_kind", "kind = :k", R"(":k":{"S":"a"},":s":{"N":"2"})",
                  R"(,"FilterExpression":"sk > :s","ProjectionExpression":"sk")"),
            "3");
}

TEST_F(TableIndexTest, TakesKeysOfSeveralAttributes) {
  const std::string values = R"(":l":{"S":"gb"},":t":{"S":"x"})";
  const std::string place = "land = :l AND town = :t";
  EXPECT_EQ(Query("by_place", place, values), "2 1 4");
  EXPECT_EQ(Query("by_place", place + " AND kind = :k", values + R"(,":k":{"S":"a"})"), "2 1");
  EXPECT_EQ(Query("by_place", place + " AND kind = :k AND cost > :c",
                  values + R"(,":k":{"S":"a"},":c":{"N":"9"})"),
            "1");
  EXPECT_EQ(Query("by_place", place + " AND begins_with(kind, :k)", values + R"(,":k":{"S":"b"})"),
            "4");
  EXPECT_THAT(Query("by_place", "land = :l", R"(":l":{"S":"gb"})"),
              HasSubstr("missed key schema element: town"));
  // From left to right, a range only at the end.
  EXPECT_THAT(Query("by_place", place + " AND cost > :c", values + R"(,":c":{"N":"9"})"),
              HasSubstr("Query key condition not supported"));
  EXPECT_THAT(Query("by_place", place + " AND kind > :k AND cost = :c",
                    values + R"(,":k":{"S":"a"},":c":{"N":"9"})"),
              HasSubstr("Query key condition not supported"));
}

TEST_F(TableIndexTest, PagesAmongEqualKeys) {
  for (const auto* operation : {"Query", "Scan"}) {
    SCOPED_TRACE(operation);
    std::multiset<std::string> found;
    std::string start;
    int pages = 0;
    do {
      const auto more = R"(,"Limit":1)" + start;
      const auto items = operation == std::string("Query")
                             ? Query("by_kind", "kind = :k", R"(":k":{"S":"a"})", more)
                             : Read("Scan", R"("IndexName":"by_kind")" + more);
      if (!items.empty()) found.insert(items);
      start = R"(,"ExclusiveStartKey":)" + last_key_;
      ASSERT_LT(++pages, 10) << body_;
    } while (!last_key_.empty());
    const std::multiset<std::string> query = {"1", "2", "3"};
    const std::multiset<std::string> scan = {"1", "2", "3", "4"};
    EXPECT_EQ(found, operation == std::string("Query") ? query : scan);
  }
  Query("by_kind", "kind = :k", R"(":k":{"S":"a"})", R"(,"Limit":1)");
  EXPECT_EQ(last_key_, R"({"kind":{"S":"a"},"cost":{"N":"9"},"pk":{"S":"p"},"sk":{"N":"2"}})");
  EXPECT_THAT(Query("by_kind", "kind = :k", R"(":k":{"S":"a"})",
                    R"(,"ExclusiveStartKey":{"pk":{"S":"p"},"sk":{"N":"2"}})"),
              HasSubstr("The provided starting key is invalid"));
}

TEST_F(TableIndexTest, ALocalOneFetchesWhatItHasNot) {
  const std::string p = R"(":p":{"S":"p"})";
  const std::string capacity = R"(,"ReturnConsumedCapacity":"INDEXES")";
  Query("by_cost", "pk = :p", p, R"(,"Select":"ALL_ATTRIBUTES")" + capacity);
  EXPECT_THAT(body_,
              AllOf(HasSubstr("text"), HasSubstr(R"({"CapacityUnits":3.0,"LocalSecondaryIndexes":)"
                                                 R"({"by_cost":{"CapacityUnits":0.5}},)"
                                                 R"("Table":{"CapacityUnits":2.5})")));
  EXPECT_EQ(Query("by_cost", "pk = :p", p + R"(,":k":{"S":"b"})",
                  R"(,"FilterExpression":"kind = :k","ConsistentRead":true)" + capacity),
            "4");
  EXPECT_THAT(body_, HasSubstr(R"("CapacityUnits":6.0)"));
  Query("by_cost", "pk = :p", p, capacity);
  EXPECT_THAT(body_, AllOf(Not(HasSubstr("text")), HasSubstr(R"({"CapacityUnits":0.5,"Local)"),
                           HasSubstr(R"("Table":{"CapacityUnits":0.0})")));
}

TEST_F(TableIndexTest, RefusesAsTheServiceDoes) {
  const std::string k = R"(":k":{"S":"a"})";
  const auto query = [&](const std::string& more) {
    return Query("by_kind", "kind = :k", k, more);
  };
  EXPECT_THAT(query(R"(,"ConsistentRead":true)"),
              HasSubstr("Consistent reads are not supported on global secondary indexes"));
  EXPECT_THAT(Query("by_place", "land = :k AND town = :k", k, R"(,"ConsistentRead":true)"),
              HasSubstr("Consistent reads are not supported on global secondary indexes"));
  EXPECT_THAT(query(R"(,"Select":"ALL_ATTRIBUTES")"),
              HasSubstr("not supported for global secondary index by_kind because its projection"));
  EXPECT_THAT(query(R"(,"ProjectionExpression":"sk, text")"),
              HasSubstr("Global secondary index by_kind does not project [text]"));
  EXPECT_THAT(query(R"(,"FilterExpression":"cost = :k")"),
              HasSubstr("Primary key attribute: cost"));
  EXPECT_THAT(Query("nope", "kind = :k", k),
              HasSubstr("The table does not have the specified index: nope"));
  EXPECT_THAT(Read("Scan", R"("Select":"ALL_PROJECTED_ATTRIBUTES")"),
              HasSubstr("can be used only when Querying using an IndexName"));
}

TEST_F(TableIndexTest, IsDescribed) {
  const auto body = client_->Call("DescribeTable", R"({"TableName":"orders"})").body;
  EXPECT_THAT(
      body, AllOf(HasSubstr(R"({"AttributeName":"cost","AttributeType":"N"})"),
                  HasSubstr(R"("GlobalSecondaryIndexes":[{"IndexName":"by_kind","KeySchema":[)"
                            R"({"AttributeName":"kind","KeyType":"HASH"},)"
                            R"({"AttributeName":"cost","KeyType":"RANGE"}],"Projection":)"
                            R"({"NonKeyAttributes":["note"],"ProjectionType":"INCLUDE"},)"
                            R"("IndexStatus":"ACTIVE","IndexSizeBytes":)"),
                  HasSubstr(R"("ItemCount":4,"IndexArn":"arn:aws:dynamodb:us-west-2:123456789012:)"
                            R"(table/orders/index/by_kind")"),
                  HasSubstr(R"("LocalSecondaryIndexes":[{"IndexName":"by_cost","KeySchema":[)"
                            R"({"AttributeName":"pk","KeyType":"HASH"},)"
                            R"({"AttributeName":"cost","KeyType":"RANGE"}],)"
                            R"("Projection":{"ProjectionType":"KEYS_ONLY"},"IndexSizeBytes":)")));
  simdjson::dom::parser parser;
  const simdjson::dom::element document = parser.parse(body);
  EXPECT_EQ(document["Table"]["GlobalSecondaryIndexes"].get_array().size(), 2U);
}

TEST_F(TableIndexTest, BadDefinitionsAreRefused) {
  const auto refused = [this](IndexDefinition index) {
    auto definition = definition_;
    definition.indexes = {std::move(index)};
    return !fake_->AddTable(std::move(definition)).has_value();
  };
  const std::vector<KeyAttribute> five = {
      {"a", 'S'}, {"b", 'S'}, {"c", 'S'}, {"d", 'S'}, {"e", 'S'}};
  EXPECT_TRUE(refused({"i", {}, {}}));
  EXPECT_TRUE(refused({"", {{"kind", 'S'}}, {}}));
  EXPECT_TRUE(refused({"i", five, {}}));
  EXPECT_TRUE(refused({"i", {{"kind", 'S'}}, five}));
  EXPECT_TRUE(refused({"i", {{"kind", 'S'}}, {{"cost", 'N'}}, IndexProjection::kAll, {}, true}));
  EXPECT_TRUE(refused({"i", {{"kind", 'S'}}, {}, IndexProjection::kKeysOnly, {"note"}}));
  // An item whose attribute has another type could not have been written.
  EXPECT_TRUE(refused({"i", {{"kind", 'N'}}, {}}));
  EXPECT_FALSE(refused({"i", {{"kind", 'S'}}, {}}));
}

TEST(TableIndexConfigurationTest, IsWrittenAsForCreateTable) {
  const auto configuration = ParseServerConfiguration(R"({
    "signers": [{"access_key_id":"A","secret_access_key":"s"}],
    "tables": [{"TableName":"t",
      "KeySchema":[{"AttributeName":"pk","KeyType":"HASH"},{"AttributeName":"sk","KeyType":"RANGE"}],
      "AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"},
        {"AttributeName":"sk","AttributeType":"N"},{"AttributeName":"x","AttributeType":"B"}],
      "GlobalSecondaryIndexes":[{"IndexName":"g","KeySchema":[
          {"AttributeName":"sk","KeyType":"HASH"},{"AttributeName":"x","KeyType":"HASH"},
          {"AttributeName":"pk","KeyType":"RANGE"}],
        "Projection":{"ProjectionType":"INCLUDE","NonKeyAttributes":["n"]}}],
      "LocalSecondaryIndexes":[{"IndexName":"l","KeySchema":[
          {"AttributeName":"pk","KeyType":"HASH"},{"AttributeName":"x","KeyType":"RANGE"}],
        "Projection":{"ProjectionType":"KEYS_ONLY"}}]}]})");
  ASSERT_TRUE(configuration.has_value()) << configuration.error().message;
  const auto& indexes = configuration->tables.at(0).definition.indexes;
  ASSERT_EQ(indexes.size(), 2U);
  EXPECT_EQ(indexes[0].name, "g");
  ASSERT_EQ(indexes[0].partition_keys.size(), 2U);
  EXPECT_EQ(indexes[0].partition_keys[1].type, 'B');
  EXPECT_EQ(indexes[0].sort_keys.at(0).name, "pk");
  EXPECT_EQ(indexes[0].projection, IndexProjection::kInclude);
  EXPECT_THAT(indexes[0].included, testing::ElementsAre("n"));
  EXPECT_FALSE(indexes[0].is_local);
  EXPECT_TRUE(indexes[1].is_local);
  EXPECT_EQ(indexes[1].projection, IndexProjection::kKeysOnly);
}

}  // namespace
}  // namespace sumac::fake_dynamodb
