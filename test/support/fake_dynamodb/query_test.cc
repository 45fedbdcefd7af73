#include <sstream>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <simdjson.h>

#include "fake_dynamodb/fake_dynamodb_fixture.h"

namespace sumac::fake_dynamodb {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class QueryTest : public FakeDynamodbTest {
 protected:
  void SetUp() override {
    FakeDynamodbTest::SetUp();
    TableDefinition events;
    events.name = "events";
    events.keys = {{"user", 'S'}, {"at", 'N'}};
    // Out of order, and beside another partition.
    for (const auto* at : {"10", "9", "-1", "2.5", "100"}) {
      events.items.push_back(
          fmt::format(R"({{"user":{{"S":"a"}},"at":{{"N":"{0}"}},"kind":{{"S":"k{0}"}}}})", at));
      events.items.push_back(fmt::format(R"({{"user":{{"S":"b"}},"at":{{"N":"{}"}}}})", at));
    }
    ASSERT_TRUE(fake_->AddTable(std::move(events)).has_value());
    TableDefinition files;
    files.name = "files";
    files.keys = {{"folder", 'N'}, {"path", 'S'}};
    for (const auto* path : {"a", "a/b", "a/c", "b", "B", "é"}) {
      files.items.push_back(fmt::format(R"({{"folder":{{"N":"1"}},"path":{{"S":"{}"}}}})", path));
    }
    ASSERT_TRUE(fake_->AddTable(std::move(files)).has_value());
  }

  // Answers "at" of all items of user a that meet the condition, whose values are `values`.
  std::string Query(const std::string& condition, const std::string& values,
                    const std::string& more = "") {
    return Call("events", "#u = :u" + (condition.empty() ? "" : " AND " + condition),
                R"(":u":{"S":"a"})" + (values.empty() ? "" : "," + values), R"("#u":"user")", more,
                "at", "N");
  }

  std::string Call(const std::string& table, const std::string& condition,
                   const std::string& values, const std::string& names, const std::string& more,
                   const char* attribute, const char* type) {
    body_ = client_
                ->Call("Query", fmt::format(R"({{"TableName":"{}","KeyConditionExpression":"{}",)"
                                            R"("ExpressionAttributeNames":{{{}}},)"
                                            R"("ExpressionAttributeValues":{{{}}}{}}})",
                                            table, condition, names, values, more))
                .body;
    simdjson::dom::parser parser;
    const simdjson::dom::element answer = parser.parse(body_);
    simdjson::dom::element key;
    last_key_ = answer["LastEvaluatedKey"].get(key) ? "" : simdjson::minify(key);
    simdjson::dom::array items;
    if (answer["Items"].get(items)) return body_;
    std::string found;
    for (const auto item : items) {
      std::string_view text;
      if (item[attribute][type].get(text)) continue;
      found += (found.empty() ? "" : " ") + std::string(text);
    }
    return found;
  }

  std::string body_;
  std::string last_key_;
};

TEST_F(QueryTest, SelectsByTheSortKeyInItsOrder) {
  const struct {
    const char* condition;
    const char* values;
    const char* found;
  } cases[] = {
      {"", "", "-1 2.5 9 10 100"},
      {"at = :v", R"(":v":{"N":"9.0"})", "9"},
      {"at < :v", R"(":v":{"N":"9"})", "-1 2.5"},
      {"at <= :v", R"(":v":{"N":"9"})", "-1 2.5 9"},
      {"at > :v", R"(":v":{"N":"9"})", "10 100"},
      {"at >= :v", R"(":v":{"N":"9"})", "9 10 100"},
      {":v >= at", R"(":v":{"N":"9"})", "-1 2.5 9"},
      {"at BETWEEN :v AND :w", R"(":v":{"N":"2.5"},":w":{"N":"10"})", "2.5 9 10"},
      {"at = :v", R"(":v":{"N":"3"})", ""},
      {"(at > :v)", R"(":v":{"N":"1000"})", ""},
  };
  for (const auto& [condition, values, found] : cases) {
    SCOPED_TRACE(condition);
    EXPECT_EQ(Query(condition, values), found);
    std::string reversed;
    std::istringstream words(found);
    for (std::string word; words >> word;)
      reversed = word + (reversed.empty() ? "" : " ") + reversed;
    EXPECT_EQ(Query(condition, values, R"(,"ScanIndexForward":false)"), reversed);
  }
}

TEST_F(QueryTest, OrdersTextByItsBytes) {
  const auto query = [this](const std::string& condition, const std::string& values) {
    return Call("files", "#f = :f AND " + condition, R"(":f":{"N":"1.0"},)" + values,
                R"("#f":"folder")", "", "path", "S");
  };
  EXPECT_EQ(query("path >= :v", R"(":v":{"S":""})"), "B a a/b a/c b é");
  EXPECT_EQ(query("begins_with(path, :v)", R"(":v":{"S":"a/"})"), "a/b a/c");
  EXPECT_EQ(query("begins_with(path, :v)", R"(":v":{"S":"\u00e9"})"), "é");
}

TEST_F(QueryTest, PagesThroughAPartitionInBothDirections) {
  for (const auto* direction : {"true", "false"}) {
    for (const int limit : {1, 2, 3}) {
      SCOPED_TRACE(fmt::format("{} {}", direction, limit));
      std::string found;
      std::string start;
      int pages = 0;
      do {
        const auto items =
            Query("at >= :v", R"(":v":{"N":"2.5"})",
                  fmt::format(R"(,"Limit":{},"ScanIndexForward":{}{})", limit, direction, start));
        found += items.empty() ? "" : items + " ";
        start = R"(,"ExclusiveStartKey":)" + last_key_;
        ASSERT_LT(++pages, 10);
      } while (!last_key_.empty());
      EXPECT_EQ(found, direction[0] == 't' ? "2.5 9 10 100 " : "100 10 9 2.5 ");
    }
  }
}

TEST_F(QueryTest, FiltersProjectsAndCountsWhatItEvaluated) {
  const std::string filter =
      R"json(,"FilterExpression":"kind IN (:x, :y)","ReturnConsumedCapacity":"TOTAL")json";
  const std::string values = R"(":x":{"S":"k9"},":y":{"S":"k100"})";
  EXPECT_EQ(Query("", values, filter), "9 100");
  EXPECT_THAT(body_, AllOf(HasSubstr(R"("Count":2)"), HasSubstr(R"("ScannedCount":5)"),
                           HasSubstr(R"("CapacityUnits":0.5)")));
  EXPECT_EQ(Query("", values, filter + R"(,"Limit":3,"ConsistentRead":true)"), "9");
  EXPECT_THAT(body_, AllOf(HasSubstr(R"("Count":1)"), HasSubstr(R"("ScannedCount":3)"),
                           HasSubstr(R"("CapacityUnits":1.0)"),
                           HasSubstr(R"("LastEvaluatedKey":{"user":{"S":"a"},"at":{"N":"9"}})")));
  EXPECT_THAT(Query("", values, filter + R"(,"Select":"COUNT")"),
              AllOf(HasSubstr(R"("Count":2)"), Not(HasSubstr("Items"))));
  Query("at = :v", R"(":v":{"N":"10"})", R"(,"ProjectionExpression":"kind")");
  EXPECT_EQ(body_, R"({"Count":1,"Items":[{"kind":{"S":"k10"}}],"ScannedCount":1})");
}

TEST_F(QueryTest, KeepsToTheTablesPages) {
  TableDefinition paged;
  paged.name = "paged";
  paged.keys = {{"user", 'S'}, {"at", 'N'}};
  paged.page_items_max = 2;
  for (int i = 0; i < 5; ++i) {
    paged.items.push_back(fmt::format(R"({{"user":{{"S":"a"}},"at":{{"N":"{}"}}}})", i));
  }
  ASSERT_TRUE(fake_->AddTable(std::move(paged)).has_value());
  const auto query = [this](const std::string& more) {
    return Call("paged", "#u = :u", R"(":u":{"S":"a"})", R"("#u":"user")", more, "at", "N");
  };
  EXPECT_EQ(query(""), "0 1");
  EXPECT_EQ(query(R"(,"ExclusiveStartKey":)" + last_key_), "2 3");
  EXPECT_EQ(query(R"(,"ExclusiveStartKey":)" + last_key_), "4");
  EXPECT_EQ(last_key_, "");
  // As an empty page in between, which faults make.
  fake_->faults().Next("Query", Fault::EmptyPage());
  EXPECT_EQ(query(R"(,"ScanIndexForward":false)"), "");
  ASSERT_NE(last_key_, "");
  EXPECT_EQ(query(R"(,"ScanIndexForward":false,"ExclusiveStartKey":)" + last_key_), "4 3");
  fake_->faults().Next("Query", Fault::Throttle());
  EXPECT_THAT(query(""), HasSubstr("#ProvisionedThroughputExceededException"));
}

TEST_F(QueryTest, RefusesAsTheServiceDoes) {
  const std::string key = "Query condition missed key schema element: ";
  const std::string invalid = "Invalid condition in KeyConditionExpression: ";
  const std::string names = R"("#u":"user","#a":"at")";
  const std::string v = R"(":v":{"S":"a"})";
  const std::string vw = v + R"(,":w":{"N":"1"})";
  const struct {
    std::string condition;
    std::string values;
    std::string more;
    std::string message;
  } cases[] = {
      {"#a = :v AND #u <> :v", v, "", "Invalid operator used in KeyConditionExpression: <>"},
      {"#u = :v OR #a = :v", v, "", "Invalid operator used in KeyConditionExpression: OR"},
      {"NOT #u = :v AND #a = :v", v, "", "Invalid operator used in KeyConditionExpression: NOT"},
      {"#u = :v AND contains(#a, :v)", v, "",
       "Invalid operator used in KeyConditionExpression: contains"},
      {"#u = :v AND size(#a) = :v", v, "",
       "KeyConditionExpressions cannot contain nested operations"},
      {"#u = :v AND #a.x = :v", v, "",
       "KeyConditionExpressions cannot have conditions on nested attributes"},
      {"#u = #a", "", "", invalid + "Multiple attribute names used in one condition"},
      {"#u = :v AND begins_with(:v, #a)", v, "",
       invalid + "begins_with operator must have the key attribute as its first operand"},
      {"#u = :v AND :w = :w AND #a = :w", vw, "", invalid + "No key attribute specified"},
      {"#u = :v AND #a > :w AND #a < :w", vw, "",
       "KeyConditionExpressions must only contain one condition per key"},
      {"#u = :v AND #a = :v", v, "", "Condition parameter type does not match schema type"},
      {"#u > :v AND #a = :w", vw, "", "Query key condition not supported"},
      {"#a = :w AND x = :w", R"(":w":{"N":"1"})", "", key + "user"},
      {"#u = :v AND x = :w", vw, "", key + "at"},
      {"#u = :v AND #a = :w AND x = :w", vw, "", "Query key condition not supported"},
      {"#u = :v", R"(":v":{"S":""})", "", "cannot contain an empty string value. Key: user"},
      {"#u = :v", v, R"(,"FilterExpression":"#a = :v")",
       "Filter Expression can only contain non-primary key attributes: Primary key attribute: at"},
      {"#u = :v", v, R"(,"ExclusiveStartKey":{"user":{"S":"a"}})",
       "The provided starting key is invalid"},
      {"#u = :v", v, R"(,"ExclusiveStartKey":{"user":{"S":"b"},"at":{"N":"9"}})",
       "outside query boundaries"},
      {"#u = :v AND #a > :w", vw, R"(,"ExclusiveStartKey":{"user":{"S":"a"},"at":{"N":"1"}})",
       "does not match the range key predicate"},
      {"#u = :v", v, R"(,"Segment":0)", "does not know Query's Segment"},
      {"", v, "", "Invalid KeyConditionExpression: The expression can not be empty;"},
  };
  for (const auto& [condition, values, more, message] : cases) {
    SCOPED_TRACE(condition + more);
    // Only the names that are used.
    std::string used;
    for (const auto* name : {R"("#u":"user")", R"("#a":"at")"}) {
      if ((condition + more).find(std::string(name).substr(1, 2)) == std::string::npos) continue;
      used += (used.empty() ? "" : ",") + std::string(name);
    }
    if (used.empty()) used = names;
    const auto text = values.empty() ? std::string(R"(":unused":{"S":"a"})") : values;
    EXPECT_THAT(Call("events", condition, text, used, more, "at", "N"), HasSubstr(message));
  }
  EXPECT_THAT(client_->Call("Query", R"({"TableName":"events"})").body,
              HasSubstr("Either the KeyConditions or KeyConditionExpression parameter"));
}

}  // namespace
}  // namespace sumac::fake_dynamodb
