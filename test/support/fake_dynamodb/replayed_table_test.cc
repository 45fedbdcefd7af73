#include "fake_dynamodb/replayed_table.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <simdjson.h>
#include <zlib.h>

namespace sumac::fake_dynamodb {
namespace {

using testing::HasSubstr;

// Three distinct pages of 4, 4 and 2 items.
TableDefinition Replayed(uint64_t pages, char key_type = 'N') {
  TableDefinition definition;
  definition.name = "replayed";
  definition.keys = {{"id", key_type}};
  definition.page_items_max = 4;
  definition.replayed_pages = pages;
  for (int i = 0; i < 10; ++i) {
    definition.items.push_back(
        fmt::format(R"({{"id":{{"{}":"{}"}},"name":{{"S":"name {}"}},"flag":{{"BOOL":true}}}})",
                    key_type, i, i));
  }
  return definition;
}

std::unique_ptr<ReplayedTable> MakeTable(TableDefinition definition) {
  auto table = ReplayedTable::Make(std::move(definition));
  EXPECT_TRUE(table.has_value());
  return std::move(*table);
}

struct Scanned {
  std::map<std::string, int> names;  // how often each came
  int items = 0;
  int pages = 0;
};

std::string Gunzip(const std::string& bytes) {
  std::string text(1 << 20, '\0');
  z_stream stream{};
  inflateInit2(&stream, 15 + 16);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(text.data());
  stream.avail_out = static_cast<uInt>(text.size());
  EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);
  EXPECT_EQ(stream.avail_in, 0U);
  text.resize(stream.total_out);
  inflateEnd(&stream);
  return text;
}

// Reads one segment to its end, and checks of each page what every page has to keep.
void ScanSegment(ReplayedTable& table, ScanParameters parameters, Scanned& scanned) {
  do {
    const auto page = table.Scan(parameters);
    ASSERT_TRUE(page.has_value()) << page.error().message;
    const auto text = (*page)->Text();
    EXPECT_EQ((*page)->crc32(), Crc32(text));
    const auto& compressed = (*page)->Compressed();
    EXPECT_EQ(compressed.crc32(), Crc32(compressed.Text()));
    EXPECT_EQ(Gunzip(compressed.Text()), text);
    EXPECT_EQ(RenderPage(*table.ScanParts(parameters), 0), text);
    simdjson::dom::parser parser;
    const simdjson::dom::element document = parser.parse(text);
    ++scanned.pages;
    scanned.items += static_cast<int>(document["Count"].get_uint64().value());
    simdjson::dom::array items;
    if (!document["Items"].get(items)) {
      EXPECT_EQ(items.size(), document["Count"].get_uint64().value());
      for (const auto item : items) {
        ++scanned.names[std::string(item["name"]["S"].get_string().value())];
      }
    }
    simdjson::dom::element key;
    parameters.exclusive_start_key.clear();
    if (!document["LastEvaluatedKey"].get(key)) {
      parameters.exclusive_start_key = simdjson::minify(key);
    }
  } while (!parameters.exclusive_start_key.empty());
}

Scanned ScanAll(ReplayedTable& table, uint32_t total, ScanParameters parameters = {}) {
  Scanned scanned;
  parameters.total_segments = total;
  for (uint32_t segment = 0; segment < total; ++segment) {
    parameters.segment = segment;
    ScanSegment(table, parameters, scanned);
  }
  return scanned;
}

TEST(ReplayedTableTest, FiltersEachPage) {
  const auto table = MakeTable(Replayed(7));
  Condition condition;
  condition.kind = ConditionKind::kIn;
  condition.operands.push_back({.path = {{"id", std::nullopt}}});
  condition.operands.push_back({.value = {.type = "N", .text = "1"}});
  condition.operands.push_back({.value = {.type = "N", .text = "9"}});
  ScanParameters parameters;
  parameters.filter = std::make_shared<const Condition>(std::move(condition));
  parameters.projection = {{"name"}};
  const auto scanned = ScanAll(*table, 1, parameters);
  EXPECT_EQ(scanned.pages, 7);
  const std::map<std::string, int> expected = {{"name 1", 3}, {"name 9", 2}};
  EXPECT_EQ(scanned.names, expected);
  parameters.projection.clear();
  parameters.count_only = true;
  EXPECT_EQ((*table->Scan(parameters))->Text(),
            R"({"Count":1,"LastEvaluatedKey":{"id":{"N":"10000000"}},"ScannedCount":4})");
}

TEST(ReplayedTableTest, EveryNumberOfSegmentsReadsEachPageOnce) {
  // 7 pages: the first of the distinct ones three times, the others twice.
  for (const char key_type : {'N', 'S'}) {
    const auto table = MakeTable(Replayed(7, key_type));
    for (const uint32_t total : {1U, 2U, 3U, 7U, 16U}) {
      SCOPED_TRACE(total);
      const auto scanned = ScanAll(*table, total);
      EXPECT_EQ(scanned.items, 24);
      EXPECT_EQ(scanned.names.at("name 0"), 3);
      EXPECT_EQ(scanned.names.at("name 4"), 2);
      EXPECT_EQ(scanned.names.at("name 9"), 2);
      EXPECT_EQ(scanned.pages, static_cast<int>(std::max(7U, total)));
    }
  }
}

TEST(ReplayedTableTest, ALimitCutsPagesAnywhere) {
  for (const uint32_t limit : {1U, 2U, 3U, 4U, 5U}) {
    SCOPED_TRACE(limit);
    const auto table = MakeTable(Replayed(7));
    ScanParameters parameters;
    parameters.limit = limit;
    EXPECT_EQ(ScanAll(*table, 2, parameters).items, 24);
  }
}

TEST(ReplayedTableTest, ProjectsAndCounts) {
  const auto table = MakeTable(Replayed(3));
  ScanParameters parameters;
  parameters.projection = {{"name"}};
  EXPECT_EQ((*table->Scan(parameters))->Text(),
            R"({"Count":4,"Items":[{"name":{"S":"name 0"}},{"name":{"S":"name 1"}},)"
            R"({"name":{"S":"name 2"}},{"name":{"S":"name 3"}}],)"
            R"("LastEvaluatedKey":{"id":{"N":"10000000"}},"ScannedCount":4})");
  EXPECT_EQ(ScanAll(*table, 2, parameters).items, 10);
  parameters.projection.clear();
  parameters.count_only = true;
  parameters.total_segments = 3;
  parameters.capacity = CapacityDetail::kTotal;
  parameters.table_name = "replayed";
  EXPECT_EQ((*table->Scan(parameters))->Text(),
            R"({"ConsumedCapacity":{"CapacityUnits":0.5,"TableName":"replayed"},)"
            R"("Count":4,"ScannedCount":4})");
  EXPECT_EQ(ScanAll(*table, 1, parameters).items, 10);
}

TEST(ReplayedTableTest, APageIsSharedAndNotCopied) {
  const auto table = MakeTable(Replayed(6));
  ScanParameters parameters;
  const auto first = *table->Scan(parameters);
  parameters.exclusive_start_key = R"({"id":{"N":"30000000"}})";
  const auto again = *table->Scan(parameters);
  EXPECT_EQ(first->Parts()[1].data(), again->Parts()[1].data());
  EXPECT_EQ(first->Compressed().Parts()[1].data(), again->Compressed().Parts()[1].data());
  EXPECT_EQ(first->hash_position, 0);
  EXPECT_EQ(again->hash_position, 0.5);
  EXPECT_GT(again->read_bytes, 0U);
}

TEST(ReplayedTableTest, AnEmptyPageGoesOnWhereItStands) {
  const auto table = MakeTable(Replayed(6));
  ScanParameters parameters;
  parameters.total_segments = 2;
  parameters.segment = 1;
  EXPECT_EQ(table->EmptyPage(parameters)->last_evaluated_key, R"({"id":{"N":"30000000"}})");
}

TEST(ReplayedTableTest, RefusesStartKeysOfOtherSegmentsAndSchemas) {
  const auto table = MakeTable(Replayed(6));
  ScanParameters parameters;
  parameters.total_segments = 2;
  const std::pair<const char*, const char*> cases[] = {
      {R"({"id":{"N":"40000000"}})", "correct Segment"},
      {R"({"id":{"N":"-1"}})", "does not match the schema"},
      {R"({"id":{"S":"1"}})", "does not match the schema"},
      {R"({"id":{"N":"99999999999999999999"}})", "does not match the schema"},
  };
  for (const auto& [key, message] : cases) {
    SCOPED_TRACE(key);
    parameters.exclusive_start_key = key;
    EXPECT_THAT(table->Scan(parameters).error().message, HasSubstr(message));
  }
}

TEST(ReplayedTableTest, DescribesTheWholeTableAndItsThroughput) {
  auto definition = Replayed(7);
  definition.throughput = {.provisioned = true, .read_units = 500, .warm_read_units = 12'000};
  const auto text = MakeTable(std::move(definition))->Describe();
  // Each item: id(2)+1 digit(2), name(4)+6, flag(4)+1.
  EXPECT_THAT(text, HasSubstr(R"("TableSizeBytes":456,"ItemCount":24)"));
  EXPECT_THAT(text, HasSubstr(R"("ReadCapacityUnits":500)"));
  EXPECT_THAT(text, HasSubstr(R"("WarmThroughput":{"ReadUnitsPerSecond":12000)"));
  EXPECT_THAT(text, HasSubstr(R"("BillingMode":"PROVISIONED")"));
  EXPECT_THAT(MakeTable(Replayed(1))->Describe(), HasSubstr(R"("BillingMode":"PAY_PER_REQUEST")"));
}

TEST(ReplayedTableTest, RefusesWhatItCannotReplay) {
  auto without_items = Replayed(1);
  without_items.items.clear();
  auto two_keys = Replayed(1);
  two_keys.keys.push_back({"name", 'S'});
  auto binary_key = Replayed(1);
  binary_key.keys = {{"id", 'B'}};
  for (const auto& definition : {without_items, two_keys, binary_key}) {
    EXPECT_FALSE(ReplayedTable::Make(definition).has_value());
  }
}

}  // namespace
}  // namespace sumac::fake_dynamodb
