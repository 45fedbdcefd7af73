#include "fake_dynamodb/table.h"

#include <set>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <simdjson.h>

namespace sumac::fake_dynamodb {
namespace {

using testing::HasSubstr;
using testing::Not;

TableDefinition Numbered(int count) {
  TableDefinition definition;
  definition.name = "numbers";
  definition.keys = {{"id", 'N'}};
  for (int i = 0; i < count; ++i) {
    definition.items.push_back(fmt::format(
        R"({{"id":{{"N":"{0}"}},"Name":{{"S":"n{0}"}},"odd":{{"BOOL":{1}}}}})", i, i % 2 == 1));
  }
  return definition;
}

std::unique_ptr<Table> MakeTable(TableDefinition definition) {
  auto table = Table::Make(std::move(definition));
  EXPECT_TRUE(table.has_value());
  return std::move(*table);
}

struct ReadPage {
  std::vector<std::string> ids;
  uint64_t count = 0;
  std::string last_evaluated_key;
};

ReadPage Read(const std::string& body, bool with_ids = true) {
  simdjson::dom::parser parser;
  const simdjson::dom::element page = parser.parse(body);
  ReadPage read;
  read.count = page["Count"].get_uint64();
  simdjson::dom::element key;
  if (!page["LastEvaluatedKey"].get(key)) read.last_evaluated_key = simdjson::minify(key);
  simdjson::dom::array items;
  if (!with_ids || page["Items"].get(items)) return read;
  for (const auto item : items) {
    read.ids.emplace_back(std::string_view(item["id"]["N"].get_string()));
  }
  return read;
}

// Follows LastEvaluatedKey to the end of one segment.
std::vector<ReadPage> ReadSegment(Table& table, ScanParameters parameters) {
  std::vector<ReadPage> pages;
  do {
    const auto page = table.Scan(parameters);
    EXPECT_TRUE(page.has_value()) << page.error().message;
    if (!page) return pages;
    pages.push_back(Read((*page)->Text()));
    parameters.exclusive_start_key = pages.back().last_evaluated_key;
  } while (!parameters.exclusive_start_key.empty());
  return pages;
}

TEST(TableTest, SegmentsAndPagesTogetherReturnEachItemOnce) {
  for (const uint32_t total : {1U, 2U, 3U, 7U, 64U}) {
    SCOPED_TRACE(total);
    auto definition = Numbered(100);
    definition.page_items_max = 3;
    const auto table = MakeTable(std::move(definition));
    std::multiset<std::string> seen;
    for (uint32_t segment = 0; segment < total; ++segment) {
      ScanParameters parameters;
      parameters.segment = segment;
      parameters.total_segments = total;
      for (const auto& page : ReadSegment(*table, parameters)) {
        EXPECT_LE(page.ids.size(), 3U);
        EXPECT_EQ(page.count, page.ids.size());
        seen.insert(page.ids.begin(), page.ids.end());
      }
    }
    EXPECT_EQ(seen.size(), 100U);
    EXPECT_EQ(std::set<std::string>(seen.begin(), seen.end()).size(), 100U);
  }
}

TEST(TableTest, APageEndsWithTheItemThatPassesTheByteBound) {
  auto definition = Numbered(10);
  // Each item is id(2)+N(2) + Name(4)+n0(2) + odd(3)+1 = 14 bytes.
  definition.page_bytes_max = 40;
  const auto table = MakeTable(std::move(definition));
  const auto pages = ReadSegment(*table, {});
  ASSERT_EQ(pages.size(), 4U);
  EXPECT_EQ(pages[0].ids.size(), 3U);
  EXPECT_EQ(pages[3].ids.size(), 1U);
}

TEST(TableTest, ALimitThatIsJustReachedGoesOnToAnEmptyPage) {
  const auto table = MakeTable(Numbered(4));
  ScanParameters parameters;
  parameters.limit = 2;
  const auto pages = ReadSegment(*table, parameters);
  ASSERT_EQ(pages.size(), 3U);
  EXPECT_TRUE(pages[2].ids.empty());
}

TEST(TableTest, CountsWithoutItems) {
  const auto table = MakeTable(Numbered(5));
  ScanParameters parameters;
  parameters.count_only = true;
  EXPECT_EQ((*table->Scan(parameters))->Text(), R"({"Count":5,"ScannedCount":5})");
}

Condition Equals(const char* name, const char* type, const char* text) {
  Condition condition;
  condition.kind = ConditionKind::kEqual;
  condition.operands.push_back({.path = {{name, std::nullopt}}});
  condition.operands.push_back({.value = {.type = type, .text = text}});
  return condition;
}

TEST(TableTest, FiltersWhatItHasReadAndPaidFor) {
  auto definition = Numbered(10);
  definition.page_items_max = 4;
  const auto table = MakeTable(std::move(definition));
  ScanParameters parameters;
  parameters.filter = std::make_shared<const Condition>(Equals("Name", "S", "n7"));
  size_t found = 0;
  const auto pages = ReadSegment(*table, parameters);
  ASSERT_EQ(pages.size(), 3U);
  for (const auto& page : pages) {
    EXPECT_EQ(page.count, page.ids.size());
    found += page.count;
  }
  EXPECT_EQ(found, 1U);
  // Limit counts what is read; a filter sees attributes that are not projected.
  parameters.filter = std::make_shared<const Condition>(Equals("id", "N", "100"));
  parameters.limit = 2;
  EXPECT_THAT((*table->Scan(parameters))->Text(),
              testing::AllOf(HasSubstr(R"("Count":0,"Items":[],"LastEvaluatedKey":)"),
                             HasSubstr(R"("ScannedCount":2)")));
  parameters.filter = std::make_shared<const Condition>(Equals("id", "N", "3.0"));
  parameters.projection = {{"Name"}};
  std::string items;
  for (;;) {
    const auto text = (*table->Scan(parameters))->Text();
    if (text.find("n3") != std::string::npos) items = text;
    parameters.exclusive_start_key = Read(text, false).last_evaluated_key;
    if (parameters.exclusive_start_key.empty()) break;
  }
  EXPECT_THAT(items, HasSubstr(R"("Count":1,"Items":[{"Name":{"S":"n3"}}])"));
  parameters = {};
  parameters.count_only = true;
  parameters.capacity = CapacityDetail::kTotal;
  parameters.filter = std::make_shared<const Condition>(Equals("id", "N", "100"));
  EXPECT_THAT((*table->Scan(parameters))->Text(),
              testing::AllOf(HasSubstr(R"("CapacityUnits":0.5)"), HasSubstr(R"("Count":0)"),
                             HasSubstr(R"("ScannedCount":4})"), Not(HasSubstr("Items"))));
}

TEST(TableTest, ProjectsTopLevelAttributesByTheirExactNames) {
  const auto table = MakeTable(Numbered(1));
  ScanParameters parameters;
  parameters.projection = {{"Name"}, {"name"}, {"id"}};
  EXPECT_EQ((*table->Scan(parameters))->Text(),
            R"({"Count":1,"Items":[{"Name":{"S":"n0"},"id":{"N":"0"}}],"ScannedCount":1})");
}

TEST(TableTest, ProjectsFieldsOfMaps) {
  TableDefinition definition;
  definition.name = "nested";
  definition.keys = {{"id", 'S'}};
  definition.items = {
      R"({"id":{"S":"a"},"m":{"M":{"x":{"N":"1"},"y":{"M":{"z":{"S":"q"},"u":{"N":"2"}}}}},"n":{"S":"m"}})"};
  const auto table = MakeTable(std::move(definition));
  ScanParameters parameters;
  parameters.projection = {{"m", "y", "z"}, {"id"}, {"n", "x"}, {"m", "none"}};
  EXPECT_EQ((*table->Scan(parameters))->Text(),
            R"({"Count":1,"Items":[{"m":{"M":{"y":{"M":{"z":{"S":"q"}}}}},"id":{"S":"a"}}],)"
            R"("ScannedCount":1})");
}

TEST(TableTest, ReportsCapacityInHalfUnitsOfFourKilobytes) {
  TableDefinition definition;
  definition.name = "big";
  definition.keys = {{"id", 'S'}};
  definition.items = {
      fmt::format(R"({{"id":{{"S":"a"}},"x":{{"S":"{}"}}}})", std::string(9000, 'x'))};
  const auto table = MakeTable(std::move(definition));
  ScanParameters parameters;
  parameters.table_name = "big";
  parameters.capacity = CapacityDetail::kTotal;
  EXPECT_THAT((*table->Scan(parameters))->Text(),
              HasSubstr(R"("ConsumedCapacity":{"CapacityUnits":1.5,"TableName":"big"})"));
  parameters.consistent_read = true;
  parameters.capacity = CapacityDetail::kIndexes;
  EXPECT_THAT((*table->Scan(parameters))->Text(),
              HasSubstr(R"({"CapacityUnits":3.0,"Table":{"CapacityUnits":3.0},)"));
}

TEST(TableTest, AnEmptyPageGoesOnWhereItStands) {
  auto definition = Numbered(10);
  definition.page_items_max = 4;
  const auto table = MakeTable(std::move(definition));
  const auto first = Read((*table->Scan({}))->Text());
  ScanParameters parameters;
  parameters.exclusive_start_key = first.last_evaluated_key;
  const auto expected = Read((*table->Scan(parameters))->Text());

  const auto empty = Read(RenderPage(*table->EmptyPage(parameters), 0));
  EXPECT_TRUE(empty.ids.empty());
  ASSERT_FALSE(empty.last_evaluated_key.empty());
  parameters.exclusive_start_key = empty.last_evaluated_key;
  EXPECT_EQ(Read((*table->Scan(parameters))->Text()).ids, expected.ids);
}

TEST(TableTest, SortsByNumericSortKeyWithinAPartition) {
  TableDefinition definition;
  definition.name = "sorted";
  definition.keys = {{"pk", 'S'}, {"id", 'N'}};
  for (const auto* id : {"10", "9", "-2", "1.5"}) {
    definition.items.push_back(fmt::format(R"({{"pk":{{"S":"p"}},"id":{{"N":"{}"}}}})", id));
  }
  const auto table = MakeTable(std::move(definition));
  EXPECT_THAT(Read((*table->Scan({}))->Text()).ids, testing::ElementsAre("-2", "1.5", "9", "10"));
}

TEST(TableTest, RefusesStartKeysOfOtherSegmentsAndSchemas) {
  const auto table = MakeTable(Numbered(50));
  ScanParameters parameters;
  parameters.total_segments = 2;
  parameters.segment = 1;
  parameters.limit = 1;
  const auto page = Read((*table->Scan(parameters))->Text());
  parameters.segment = 0;
  parameters.exclusive_start_key = page.last_evaluated_key;
  EXPECT_EQ(table->Scan(parameters).error().message,
            "The provided starting key is invalid: Invalid ExclusiveStartKey. Please use "
            "ExclusiveStartKey with correct Segment. TotalSegments: 2 Segment: 0");
  parameters.exclusive_start_key = R"({"id":{"S":"1"}})";
  EXPECT_EQ(table->Scan(parameters).error().message,
            "The provided starting key is invalid: The provided key element does not match the "
            "schema");
}

TEST(TableTest, RendersAPageOnce) {
  const auto table = MakeTable(Numbered(10));
  const auto first = *table->Scan({});
  EXPECT_EQ(first, *table->Scan({}));
  ScanParameters other;
  other.limit = 5;
  EXPECT_NE(first, *table->Scan(other));
}

TEST(TableTest, EveryMemberOrderHasTheSameMembers) {
  const auto table = MakeTable(Numbered(3));
  ScanParameters parameters;
  parameters.limit = 2;
  const auto parts = *table->ScanParts(parameters);
  std::set<std::string> bodies;
  for (int order = 0; order < 5; ++order) {
    const auto body = RenderPage(parts, order);
    bodies.insert(body);
    EXPECT_EQ(Read(body).ids.size(), 2U);
    EXPECT_EQ(Read(body).last_evaluated_key, parts.last_evaluated_key);
  }
  EXPECT_EQ(bodies.size(), 5U);
}

TEST(TableTest, RefusesBadItems) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"[]", "not a JSON object"},
      {R"({"id":{"N":"1"})", "not a JSON object"},
      {R"({"id":{"S":"1"}})", "no key attribute id of type N"},
      {R"({"x":{"S":"1"}})", "no key attribute id of type N"},
      {R"({"id":{"N":"1"},"x":"plain"})", "attribute x is not DynamoDB JSON"},
      {R"({"id":{"N":"1"},"x":{"L":[1]}})", "attribute x is not DynamoDB JSON"},
      {R"({"id":{"N":"1"},"x":{"Q":"1"}})", "attribute x is not DynamoDB JSON"},
  };
  for (const auto& [item, message] : cases) {
    SCOPED_TRACE(item);
    TableDefinition definition = Numbered(0);
    definition.items = {item};
    const auto table = Table::Make(std::move(definition));
    ASSERT_FALSE(table.has_value());
    EXPECT_THAT(table.error().message, HasSubstr(message));
  }
  TableDefinition twins = Numbered(1);
  twins.items.push_back(twins.items[0]);
  EXPECT_THAT(Table::Make(std::move(twins)).error().message, HasSubstr("two items have the key"));
}

}  // namespace
}  // namespace sumac::fake_dynamodb
