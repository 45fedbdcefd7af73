#include "dynamodb/table_response.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sumac::dynamodb {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(TableResponseTest, ReadsADescription) {
  const auto table = ParseDescribeTable(R"({"Table":{"TableName":"orders","TableStatus":"ACTIVE",
    "TableArn":"arn:aws:dynamodb:us-west-2:123456789012:table/orders",
    "TableId":"0b5c6b2e-0000-4000-8000-123456789012","CreationDateTime":1.7E9,
    "KeySchema":[{"AttributeName":"at","KeyType":"RANGE"},{"AttributeName":"id","KeyType":"HASH"}],
    "AttributeDefinitions":[{"AttributeName":"at","AttributeType":"N"},
      {"AttributeName":"other","AttributeType":"S"},{"AttributeName":"id","AttributeType":"B"}],
    "ItemCount":12,"TableSizeBytes":3456,"BillingModeSummary":{}}})");
  ASSERT_TRUE(table) << table.error().message;
  EXPECT_EQ(table->name, "orders");
  EXPECT_EQ(table->status, "ACTIVE");
  EXPECT_EQ(table->arn, "arn:aws:dynamodb:us-west-2:123456789012:table/orders");
  EXPECT_EQ(table->id, "0b5c6b2e-0000-4000-8000-123456789012");
  EXPECT_EQ(table->created_at, 1.7e9);
  ASSERT_EQ(table->keys.size(), 2u);
  EXPECT_EQ(table->keys[0].name, "id");
  EXPECT_EQ(table->keys[0].type, KeyType::kBinary);
  EXPECT_EQ(table->keys[1].name, "at");
  EXPECT_EQ(table->keys[1].type, KeyType::kNumber);
  EXPECT_EQ(table->item_count, 12u);
  EXPECT_EQ(table->size_bytes, 3'456u);
}

std::string NamesOf(const std::vector<KeyAttribute>& keys) {
  std::string names;
  for (const auto& key : keys) names += (names.empty() ? "" : ",") + key.name;
  return names;
}

TEST(TableResponseTest, ReadsIndexes) {
  const auto table = ParseDescribeTable(R"({"Table":{"TableName":"orders",
    "KeySchema":[{"AttributeName":"id","KeyType":"HASH"}],
    "AttributeDefinitions":[{"AttributeName":"id","AttributeType":"S"},
      {"AttributeName":"a","AttributeType":"S"},{"AttributeName":"b","AttributeType":"N"},
      {"AttributeName":"c","AttributeType":"S"}],
    "LocalSecondaryIndexes":[{"IndexName":"local","ItemCount":5,"IndexSizeBytes":600,
      "KeySchema":[{"AttributeName":"id","KeyType":"HASH"},{"AttributeName":"b","KeyType":"RANGE"}],
      "Projection":{"ProjectionType":"KEYS_ONLY"}}],
    "GlobalSecondaryIndexes":[
      {"IndexName":"one","IndexStatus":"ACTIVE","Projection":{"ProjectionType":"ALL"},
       "KeySchema":[{"AttributeName":"a","KeyType":"HASH"}]},
      {"IndexName":"many","IndexStatus":"CREATING",
       "Projection":{"ProjectionType":"INCLUDE","NonKeyAttributes":["x","y"]},
       "KeySchema":[{"AttributeName":"a","KeyType":"HASH"},{"AttributeName":"c","KeyType":"RANGE"},
         {"AttributeName":"b","KeyType":"HASH"},{"AttributeName":"id","KeyType":"RANGE"}]},
      {"IndexName":"new","IndexStatus":"ACTIVE","Projection":{"ProjectionType":"SOME"},
       "KeySchema":[{"AttributeName":"c","KeyType":"HASH"}]},
      {"IndexName":"of what is not defined","KeySchema":[{"AttributeName":"z","KeyType":"HASH"}]},
      {"IndexName":"without a key"},
      7]}})");
  ASSERT_TRUE(table) << table.error().message;
  std::vector<std::string> indexes;
  for (const auto& index : table->indexes) {
    indexes.push_back(
        index.name + (index.is_local ? " local " : " ") + (index.active ? "" : "inactive ") +
        NamesOf(index.partition_keys) + "; " + NamesOf(index.sort_keys) + "; " +
        std::to_string(static_cast<int>(index.projection)) + " " +
        std::to_string(index.included.size()) + " of " + std::to_string(index.size_bytes));
  }
  EXPECT_THAT(indexes, ElementsAre("one a; ; 0 0 of 0", "many inactive a,b; c,id; 2 2 of 0",
                                   "new c; ; 1 0 of 0", "local local id; b; 1 0 of 600"));
  std::vector<std::string> strings;
  for (const auto& key : IndexStringKeys(*table)) {
    strings.push_back(key.name + " " + std::to_string(key.bytes_max));
  }
  EXPECT_THAT(strings, ElementsAre("a 2048", "c 1024"));
}

TEST(TableResponseTest, ReadsThroughput) {
  struct Case {
    std::string members;
    bool on_demand;
    TableThroughput expected;
  };
  const Case cases[] = {
      {"", false, {}},
      {R"(,"ProvisionedThroughput":{"ReadCapacityUnits":100,"WriteCapacityUnits":50},
          "WarmThroughput":{"ReadUnitsPerSecond":12000,"WriteUnitsPerSecond":4000,"Status":"ACTIVE"})",
       false,
       {100, 50, 0, 12'000, 4'000}},
      // What remains of a time when it was provisioned does not count.
      {R"(,"BillingModeSummary":{"BillingMode":"PAY_PER_REQUEST"},
          "ProvisionedThroughput":{"ReadCapacityUnits":0,"WriteCapacityUnits":0},
          "OnDemandThroughput":{"MaxReadRequestUnits":700,"MaxWriteRequestUnits":-1})",
       true,
       {0, 0, 700, 0, 0}},
      {R"(,"OnDemandThroughput":{"MaxReadRequestUnits":-1},"WarmThroughput":null,
          "BillingModeSummary":[],"ProvisionedThroughput":{"ReadCapacityUnits":"5"})",
       false,
       {}},
  };
  for (const auto& test : cases) {
    const auto table = ParseDescribeTable(R"({"Table":{"TableName":"t",
        "KeySchema":[{"AttributeName":"id","KeyType":"HASH"}],
        "AttributeDefinitions":[{"AttributeName":"id","AttributeType":"S"}])" +
                                          test.members + "}}");
    ASSERT_TRUE(table) << test.members;
    EXPECT_EQ(table->on_demand, test.on_demand) << test.members;
    const auto& got = table->throughput;
    EXPECT_EQ(got.provisioned_read_units, test.expected.provisioned_read_units) << test.members;
    EXPECT_EQ(got.provisioned_write_units, test.expected.provisioned_write_units);
    EXPECT_EQ(got.on_demand_read_units, test.expected.on_demand_read_units) << test.members;
    EXPECT_EQ(got.warm_read_units, test.expected.warm_read_units) << test.members;
    EXPECT_EQ(got.warm_write_units, test.expected.warm_write_units) << test.members;
  }
}

TEST(TableResponseTest, ReadsTheTableClass) {
  const std::pair<const char*, TableClass> cases[] = {
      {"", TableClass::kStandard},
      {R"(,"TableClassSummary":{"TableClass":"STANDARD"})", TableClass::kStandard},
      {R"(,"TableClassSummary":{"TableClass":"STANDARD_INFREQUENT_ACCESS"})",
       TableClass::kStandardInfrequentAccess},
      {R"(,"TableClassSummary":null)", TableClass::kStandard},
      {R"(,"TableClassSummary":{})", TableClass::kStandard},
  };
  for (const auto& [members, expected] : cases) {
    const auto table = ParseDescribeTable(R"({"Table":{"TableName":"t",
        "KeySchema":[{"AttributeName":"id","KeyType":"HASH"}],
        "AttributeDefinitions":[{"AttributeName":"id","AttributeType":"S"}])" +
                                          std::string(members) + "}}");
    ASSERT_TRUE(table) << members;
    EXPECT_EQ(table->table_class, expected) << members;
  }
}

TEST(TableResponseTest, RefusesWhatIsNoDescription) {
  for (const std::string body :
       {"", "{}", "null", "[1]", R"({"Table":{}})", R"({"Table":{"TableName":"t","KeySchema":[]}})",
        // A key without a type.
        R"({"Table":{"TableName":"t","KeySchema":[{"AttributeName":"id","KeyType":"HASH"}]}})",
        R"({"Table":{"TableName":"t","KeySchema":[{"AttributeName":"id","KeyType":"HASH"}],
            "AttributeDefinitions":[{"AttributeName":"id","AttributeType":"X"}]}})",
        R"({"Table":{"KeySchema":[{"AttributeName":"id","KeyType":"HASH"}],
            "AttributeDefinitions":[{"AttributeName":"id","AttributeType":"S"}]}})"}) {
    const auto table = ParseDescribeTable(body);
    ASSERT_FALSE(table) << body;
    EXPECT_EQ(table.error().code, ErrorCode::kDataCorrupt);
  }
}

TEST(TableResponseTest, ReadsNamesOfTables) {
  const auto tables =
      ParseListTables(R"({"TableNames":["a","b.c"],"LastEvaluatedTableName":"b.c"})");
  ASSERT_TRUE(tables);
  EXPECT_THAT(tables->names, ElementsAre("a", "b.c"));
  EXPECT_EQ(tables->last_evaluated, "b.c");
  const auto none = ParseListTables(R"({"TableNames":[]})");
  ASSERT_TRUE(none);
  EXPECT_THAT(none->names, IsEmpty());
  EXPECT_EQ(none->last_evaluated, "");
  EXPECT_FALSE(ParseListTables(R"({"TableNames":[1]})"));
  EXPECT_FALSE(ParseListTables("{"));
}

}  // namespace
}  // namespace sumac::dynamodb
