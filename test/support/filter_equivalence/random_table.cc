#include "filter_equivalence/random_table.h"

#include <set>

#include "base/json_text.h"
#include "items/page_summary.h"
#include "items/page_text.h"
#include "items/time_layout.h"

namespace sumac::filter_equivalence {
namespace {

using duckdb::LogicalType;

constexpr size_t kSampleItems = 6;

std::string S(const std::string& text) {
  std::string json = "{\"S\":";
  AppendJsonString(text, json);
  return json + "}";
}

std::string N(const std::string& number) {
  return "{\"N\":\"" + number + "\"}";
}

std::string Word(Random& random) {
  return random.Pick({"", "a", "b", "ab", "abc", "ab#1", "a b", "true", "false", "5", "7.5", "-3",
                      "Zoë", "😀", "x\"y\\z", "{\"k\":1}", "YWI=", "[1]", "zz"});
}

std::string Number(Random& random) {
  return random.Pick({"-3", "0", "1", "5", "7", "7.5", "12", "100", "-0.1", "9007199254740993",
                      "1000", "0.1", "1e30", "99999999999999999999", "3.25", "300"});
}

std::string Bytes(Random& random) {
  return "{\"B\":\"" + random.Pick({"YWI=", "AA==", "/w==", "YWJj", ""}) + "\"}";
}

std::string Boolean(Random& random) {
  return random.OneIn(2) ? R"({"BOOL":true})" : R"({"BOOL":false})";
}

std::string Time(Random& random) {
  const auto day = random.Pick({"2025-01-01", "2025-01-02", "2024-12-31", "1969-12-31"});
  return day + random.Pick({"", "T00:00:00Z", "T12:30:00Z", "T12:30:00.5Z", "T23:59:59.999Z",
                            "T23:30:00-02:00", "T01:00:00+05:30", "T12:30:00", " 12:30:00",
                            " 12:30:00.25", "T25:00:00Z"});
}

std::string Scalar(Random& random) {
  switch (random.Below(5)) {
    case 0:
      return N(Number(random));
    case 1:
      return Boolean(random);
    case 2:
      return R"({"NULL":true})";
    case 3:
      return Bytes(random);
    default:
      return S(Word(random));
  }
}

std::string ListOf(Random& random, std::string (*make)(Random&)) {
  std::string list;
  const auto count = random.Below(4);
  for (uint64_t i = 0; i < count; ++i) list += (i > 0 ? "," : "") + make(random);
  return "{\"L\":[" + list + "]}";
}

std::string Mixed(Random& random) {
  switch (random.Below(7)) {
    case 0:
      return ListOf(random, Scalar);
    case 1:
      return R"({"M":{"inner":{"N":"1"}}})";
    case 2:
      return R"({"SS":["a","b"]})";
    case 3:
      return R"({"NS":["1","7.5"]})";
    case 4:
      return R"({"BS":["YWI="]})";
    default:
      return Scalar(random);
  }
}

// Of one type, and now and then of another, which a small sample may not have.
std::string Mostly(Random& random, std::string value) {
  return random.OneIn(20) ? Mixed(random) : value;
}

// Appends `"name":value`, or now and then nothing.
void Add(Random& random, const char* name, std::string value, std::string& fields) {
  if (random.OneIn(5)) return;
  fields += (fields.empty() ? "\"" : ",\"") + std::string(name) + "\":" + value;
}

std::string TextOf(Random& random) {
  return Mostly(random, S(Word(random)));
}
std::string WholeOf(Random& random) {
  return Mostly(random, N(std::to_string(random.Between(-5, 15))));
}

std::string Map(Random& random) {
  std::string fields;
  Add(random, "inner", WholeOf(random), fields);
  Add(random, "name", S(Word(random)), fields);
  Add(random, "on", Boolean(random), fields);
  return "{\"M\":{" + fields + "}}";
}

std::string Tags(Random& random) {
  if (random.OneIn(4)) return R"({"SS":["a","ab"]})";
  return ListOf(random, TextOf);
}

std::string KeyValue(Random& random, dynamodb::KeyType type) {
  switch (type) {
    case dynamodb::KeyType::kNumber:
      return N(random.OneIn(6) ? random.Pick({"7.5", "1e3", "-0.1"})
                               : std::to_string(random.Between(-40, 40)));
    case dynamodb::KeyType::kBinary:
      return "{\"B\":\"" + random.Pick({"YWI=", "AA==", "/w==", "YWJj"}) + "\"}";
    case dynamodb::KeyType::kString:
      break;
  }
  const auto word = random.OneIn(3) ? Time(random) : Word(random);
  return S(word.empty() ? "k" : word);
}

std::string Item(Random& random) {
  std::string fields;
  Add(random, "text", TextOf(random), fields);
  Add(random, "whole", WholeOf(random), fields);
  Add(random, "real", Mostly(random, N(Number(random))), fields);
  Add(random, "flag", Mostly(random, Boolean(random)), fields);
  Add(random, "bytes", Mostly(random, Bytes(random)), fields);
  Add(random, "various", Scalar(random), fields);
  Add(random, "nested", Mixed(random), fields);
  Add(random, "map", Mostly(random, Map(random)), fields);
  Add(random, "tags", Mostly(random, Tags(random)), fields);
  Add(random, "numbers", Mostly(random, ListOf(random, WholeOf)), fields);
  Add(random, "maps", Mostly(random, ListOf(random, Map)), fields);
  Add(random, "time", Mostly(random, S(Time(random))), fields);
  Add(random, "day", Mostly(random, S(Time(random).substr(0, 10))), fields);
  // Of an index; the items were there before it.
  Add(random, "owner", Mostly(random, S(Word(random))), fields);
  return fields;
}

LogicalType DeclaredType(Random& random) {
  static const std::vector<LogicalType> kTypes{LogicalType::VARCHAR,
                                               LogicalType::BIGINT,
                                               LogicalType::INTEGER,
                                               LogicalType::TINYINT,
                                               LogicalType::UBIGINT,
                                               LogicalType::DOUBLE,
                                               LogicalType::FLOAT,
                                               LogicalType::BOOLEAN,
                                               LogicalType::BLOB,
                                               LogicalType::DATE,
                                               LogicalType::TIMESTAMP,
                                               LogicalType::TIMESTAMP_TZ,
                                               LogicalType::DECIMAL(6, 1),
                                               LogicalType::DECIMAL(38, 0),
                                               LogicalType::JSON(),
                                               LogicalType::LIST(LogicalType::VARCHAR),
                                               LogicalType::LIST(LogicalType::BIGINT)};
  return random.Pick(kTypes);
}

items::SchemaOptions Options(Random& random) {
  items::SchemaOptions options;
  // Some words are longer.
  options.index_string_keys = {{"owner", 3}};
  if (random.OneIn(3)) {
    options.number_type = static_cast<items::NumberType>(random.Below(4));
  }
  if (random.OneIn(4)) options.unnest_depth = 1;
  if (random.OneIn(2)) {
    const auto layout =
        random.Pick({"2006-01-02T15:04:05Z", "2006-01-02T15:04:05.999Z07:00", "2006-01-02T15:04:05",
                     "2006-01-02", "2006-01-02T15:04:05Z07:00"});
    options.time_layout =
        std::make_shared<const items::TimeLayout>(items::TimeLayout::Parse(layout).value());
  }
  for (const char* name : {"id", "sort", "text", "whole", "real", "flag", "bytes", "various",
                           "nested", "tags", "numbers", "time", "day"}) {
    if (random.OneIn(8)) options.columns.push_back({name, DeclaredType(random), false});
  }
  return options;
}

// Without the declared columns that the table does not have.
void Keep(const std::vector<dynamodb::KeyAttribute>& keys, items::SchemaOptions& options) {
  std::erase_if(options.columns, [&](const items::DeclaredColumn& column) {
    return column.name == "sort" && keys.size() < 2;
  });
}

}  // namespace

RandomTable MakeRandomTable(Random& random, size_t item_count) {
  RandomTable table;
  const auto type = [&random] { return static_cast<dynamodb::KeyType>(random.Below(3)); };
  table.keys.push_back({"id", random.OneIn(2) ? dynamodb::KeyType::kString : type()});
  if (!random.OneIn(4)) table.keys.push_back({"sort", type()});
  std::set<std::string> keys;
  for (size_t attempts = 0; attempts < item_count * 4 && table.items.size() < item_count;
       ++attempts) {
    std::string key;
    for (const auto& attribute : table.keys) {
      key +=
          (key.empty() ? "\"" : ",\"") + attribute.name + "\":" + KeyValue(random, attribute.type);
    }
    if (!keys.insert(key).second) continue;
    const auto fields = Item(random);
    table.items.push_back("{" + key + (fields.empty() ? "" : "," + fields) + "}");
  }
  auto options = Options(random);
  Keep(table.keys, options);
  const std::vector<std::string> sample(
      table.items.begin(), table.items.begin() + static_cast<std::ptrdiff_t>(
                                                     std::min(kSampleItems, table.items.size())));
  items::TypeSummary summary;
  EXPECT_TRUE(items::SummarizePage(items::PageText(sample).view(), options, summary));
  auto schema = items::MakeItemSchema(summary, table.keys, options);
  EXPECT_TRUE(schema) << (schema ? "" : schema.error().message);
  table.schema = std::make_shared<const items::ItemSchema>(*std::move(schema));
  return table;
}

}  // namespace sumac::filter_equivalence
