#include "items/page_decoder.h"

#include <random>

#include <gtest/gtest.h>

#include "items/page_text.h"

namespace sumac::items {
namespace {

struct TypeCase {
  const char* name;
  std::vector<const char*> values;  // attribute values of column "v"
  const char* type;
  std::vector<const char*> texts;
};

const TypeCase kTypes[] = {
    {"string", {R"({"S":"a\"\\\u00e9"})", R"({"S":""})"}, "VARCHAR", {"a\"\\\xc3\xa9", ""}},
    {"bigint", {R"({"N":"-42"})", R"({"N":"7"})"}, "BIGINT", {"-42", "7"}},
    {"double", {R"({"N":"0.1"})", R"({"N":"3"})"}, "DOUBLE", {"0.1", "3.0"}},
    {"decimal",
     {R"({"N":"12345678901234567890.123456789"})"},
     "DECIMAL(38,9)",
     {"12345678901234567890.123456789"}},
    {"boolean", {R"({"BOOL":true})", R"({"BOOL":false})"}, "BOOLEAN", {"true", "false"}},
    {"binary", {R"({"B":"AAEC/w=="})", R"({"B":""})"}, "BLOB", {"\\x00\\x01\\x02\\xFF", ""}},
    {"null", {R"({"NULL":true})", R"({"S":"x"})"}, "VARCHAR", {"NULL", "x"}},
    {"only null", {R"({"NULL":true})"}, "VARCHAR", {"NULL"}},
    {"list", {R"({"L":[{"N":"1"},{"NULL":true},{"N":"2"}]})"}, "BIGINT[]", {"[1, NULL, 2]"}},
    {"empty list", {R"({"L":[]})"}, "VARCHAR[]", {"[]"}},
    {"string set", {R"({"SS":["a","b"]})"}, "VARCHAR[]", {"[a, b]"}},
    {"number set", {R"({"NS":["1","2.5"]})"}, "DOUBLE[]", {"[1.0, 2.5]"}},
    {"binary set", {R"({"BS":["AQ=="]})"}, "BLOB[]", {"[\\x01]"}},
    {"set and list", {R"({"NS":["1"]})", R"({"L":[{"N":"2"}]})"}, "BIGINT[]", {"[1]", "[2]"}},
    {"struct",
     {R"({"M":{"b":{"N":"1"},"a":{"S":"x"}}})", R"({"M":{"a":{"S":"y"}}})", R"({"M":{}})"},
     "STRUCT(a VARCHAR, b BIGINT)",
     {"{'a': x, 'b': 1}", "{'a': y, 'b': NULL}", "{'a': NULL, 'b': NULL}"}},
    {"list of structs",
     {R"({"L":[{"M":{"city":{"S":"Oslo"}}},{"M":{"zip":{"N":"1"}}}]})", R"({"L":[]})"},
     "STRUCT(city VARCHAR, zip BIGINT)[]",
     {"[{'city': Oslo, 'zip': NULL}, {'city': NULL, 'zip': 1}]", "[]"}},
    {"lists of lists",
     {R"({"L":[{"L":[{"N":"1"},{"N":"2"}]},{"L":[]},{"L":[{"N":"3"}]}]})"},
     "BIGINT[][]",
     {"[[1, 2], [], [3]]"}},
    {"scalars that disagree",
     {R"({"S":"x"})", R"({"N":"1.50"})", R"({"BOOL":true})", R"({"B":"AQ=="})"},
     "VARCHAR",
     {"x", "1.50", "true", "AQ=="}},
    {"nested that disagree",
     {R"({"S":"x"})", R"({"N":"12345678901234567890123456789012345678"})",
      R"({"L":[{"NULL":true},{"BOOL":false},{"B":"AQ=="}]})", R"({"M":{"a\"":{"NS":["1"]}}})"},
     "JSON",
     {"\"x\"", "12345678901234567890123456789012345678", "[null,false,\"AQ==\"]",
      "{\"a\\\"\":[1]}"}},
};

TEST(PageDecoder, KeepsEveryTypeExactly) {
  for (const auto& type : kTypes) {
    SCOPED_TRACE(type.name);
    std::vector<std::string> items;
    for (const char* value : type.values) items.push_back(std::string(R"({"v":)") + value + "}");
    const auto schema = InferSchema(items);
    ASSERT_EQ(schema->columns.size(), 1u);
    EXPECT_EQ(schema->columns[0].shape.type.ToString(), type.type);
    const auto decoded = DecodeAll(schema, items);
    ASSERT_EQ(decoded.rows.size(), type.texts.size());
    for (size_t i = 0; i < type.texts.size(); ++i) EXPECT_EQ(decoded.rows[i], type.texts[i]);
    EXPECT_EQ(decoded.misfits, std::vector<uint64_t>{0});
  }
}

TEST(PageDecoder, PutsNullForAbsentAttributesInAnyOrder) {
  const std::vector<std::string> items = {R"({"a":{"S":"1"},"b":{"S":"2"}})",
                                          R"({"b":{"S":"3"},"a":{"S":"4"}})", R"({"b":{"S":"5"}})",
                                          R"({})"};
  const auto decoded = DecodeAll(InferSchema(items), items);
  EXPECT_EQ(decoded.rows, (std::vector<std::string>{"1 | 2", "4 | 3", "NULL | 5", "NULL | NULL"}));
}

// In JSON the name before each other one is spelled with a backslash or a quote that another
// attribute's name ends with.
TEST(PageDecoder, TellsNamesWithEscapesApart) {
  const struct {
    const char* wanted;  // as JSON text
    const char* other;
  } names[] = {
      {R"(a\\)", R"(a\"b)"}, {R"(a\\n)", R"(a\n)"},   {R"(a\\u0041)", R"(a\u0041)"},
      {R"(\\)", R"(\")"},    {R"(a\":{\"S)", R"(a)"}, {R"(a\u0000b)", R"(a)"},
  };
  for (const auto& name : names) {
    SCOPED_TRACE(std::string(name.wanted) + " and " + name.other);
    const auto item = [](const char* attribute, const char* value) {
      return std::string("{\"") + attribute + R"(":{"S":")" + value + R"("}})";
    };
    const auto schema = InferSchema({item(name.wanted, "wanted")});
    const auto decoded = DecodeAll(schema, {item(name.other, "other"), item(name.wanted, "it")});
    EXPECT_EQ(decoded.rows, (std::vector<std::string>{"NULL", "it"}));
  }
}

TEST(PageDecoder, CountsWhatDoesNotFit) {
  const auto schema = InferSchema({R"({"n":{"N":"1"},"s":{"M":{"a":{"S":"x"}}}})"});
  const auto decoded =
      DecodeAll(schema, {R"({"n":{"N":"1.5"},"s":{"M":{"a":{"S":"x"},"new":{"S":"y"}}}})",
                         R"({"n":{"S":"text"},"s":{"S":"text"}})",
                         R"({"n":{"N":"9223372036854775808"},"s":{"M":{"a":{"L":[]}}}})",
                         R"({"n":{"N":"3"},"s":{"NULL":true}})"});
  EXPECT_EQ(decoded.rows, (std::vector<std::string>{"NULL | {'a': x}", "NULL | NULL",
                                                    "NULL | {'a': NULL}", "3 | NULL"}));
  EXPECT_EQ(decoded.misfits, (std::vector<uint64_t>{3, 3}));
}

TEST(PageDecoder, VirtualColumnsLoseNothing) {
  const auto schema = InferSchema({R"({"n":{"N":"1"},"m":{"M":{"a":{"S":"x"}}}})"});
  const std::vector<OutputColumn> columns = {{OutputColumn::Kind::kItem, 0},
                                             {OutputColumn::Kind::kField, 1},
                                             {OutputColumn::Kind::kOverflow, 0},
                                             {OutputColumn::Kind::kNothing, 0}};
  const std::string whole = R"({"n":{"N":"2"},"m":{"M":{"a":{"S":"y"}}}})";
  const std::string misfit = R"({"n":{"N":"1.50"}, "other":{"B":"AQ=="},"m":{"S":"\"q\""}})";
  const auto decoded = DecodeColumns(schema, columns, PageText({whole, misfit, "{}"}));
  ASSERT_TRUE(decoded.has_value());
  EXPECT_EQ(decoded->rows[0], whole + " | 2 | NULL | NULL");
  EXPECT_EQ(decoded->rows[1], misfit + R"( | NULL | {"n":1.50,"other":"AQ==","m":"\"q\""} | NULL)");
  EXPECT_EQ(decoded->rows[2], "{} | NULL | NULL | NULL");
}

TEST(PageDecoder, ReadsPagesLargerThanAChunk) {
  std::vector<std::string> items;
  for (int i = 0; i < 5'000; ++i) items.push_back(R"({"i":{"N":")" + std::to_string(i) + R"("}})");
  const auto decoded = DecodeAll(InferSchema(items), items);
  ASSERT_EQ(decoded.rows.size(), 5'000u);
  for (int i = 0; i < 5'000; ++i) ASSERT_EQ(decoded.rows[i], std::to_string(i));
}

TEST(PageDecoder, FindsItemsWhereverTheyStand) {
  const auto schema = InferSchema({R"({"a":{"S":"x"}})"});
  const std::vector<OutputColumn> columns = {{OutputColumn::Kind::kField, 0}};
  for (const char* page :
       {R"({"Items":[{"a":{"S":"1"}}],"Count":1,"LastEvaluatedKey":{"a":{"S":"1"}}})",
        R"({"LastEvaluatedKey":{"Items":{"S":"1"}},"Items":[{"a":{"S":"1"}}]})"}) {
    const auto decoded = DecodeColumns(schema, columns, PageText::Raw(page));
    ASSERT_TRUE(decoded.has_value()) << page;
    EXPECT_EQ(decoded->rows, std::vector<std::string>{"1"});
  }
}

TEST(PageDecoder, RefusesBrokenPages) {
  const auto schema = InferSchema({R"({"a":{"L":[{"S":"x"}]}})"});
  const std::vector<OutputColumn> columns = {{OutputColumn::Kind::kField, 0}};
  for (const char* page :
       {"", "[]", "{}", R"({"Items":{}})", R"({"Items":[1]})", R"({"Items":[{"a":1}]})",
        R"({"Items":[{"a":{"L":[{"S":"x"}]})", R"({"Items":[{"a":{"X":"?"}}]})",
        R"({"Items":[{"a":{"L":[{"S":1}]}}]})", R"({"Items":[{"a":{"L":{}}}]})",
        R"({"Items":[{"a":{}}]})", R"(<html>)",
        // Items that are well, in a page that does not end so.
        R"({"Items":[{"a":{"L":[]}}])", R"({"Items":[{"a":{"L":[]}}],"Count":1}x)",
        R"({"Items":[{"a":{"L":[]}}],"Count"})", R"({"Items":[{"a":{"L":[]}}],})", R"({"Items":[])",
        R"({"Items":[{"a":{"L":[]}}],"LastEvaluatedKey":{"a":{"S":"x"}})"}) {
    SCOPED_TRACE(page);
    const auto decoded = DecodeColumns(schema, columns, PageText::Raw(page));
    ASSERT_FALSE(decoded.has_value());
    EXPECT_EQ(decoded.error().code, ErrorCode::kDataCorrupt);
  }
}

TEST(PageDecoder, NestsAsDeepAsTheService) {
  std::string value = R"({"N":"1"})";
  for (int i = 0; i < 32; ++i) {
    value = i % 2 == 0 ? R"({"M":{"d":)" + value + "}}" : R"({"L":[)" + value + "]}";
  }
  const std::vector<std::string> items = {R"({"v":)" + value + "}"};
  const auto decoded = DecodeAll(InferSchema(items), items);
  ASSERT_EQ(decoded.rows.size(), 1u);
  EXPECT_NE(decoded.rows[0].find("{'d': 1}"), std::string::npos);
}

// A random attribute value, nested at most three deep.
std::string RandomValue(std::mt19937_64& random, int depth = 0) {
  const char* const scalars[] = {
      R"({"S":"x"})",     R"({"N":"1"})",     R"({"N":"2.5"})",
      R"({"BOOL":true})", R"({"NULL":true})", R"({"B":"AQ=="})",
      R"({"SS":["a"]})",  R"({"N":"1E125"})", R"({"N":"0.1234567890123456789"})"};
  const auto pick = random() % (depth < 3 ? 14 : 9);
  if (pick < 9) return scalars[pick];
  std::string inner;
  const auto count = random() % 3;
  for (uint64_t i = 0; i < count; ++i) {
    if (i > 0) inner += ',';
    if (pick >= 12) inner += std::string("\"k") + static_cast<char>('a' + i) + "\":";
    inner += RandomValue(random, depth + 1);
  }
  return pick >= 12 ? R"({"M":{)" + inner + "}}" : R"({"L":[)" + inner + "]}";
}

// The writers and the judge of `_overflow` must agree: an attribute is in `_overflow` exactly when
// its writer reported a misfit; and a schema inferred from the items themselves has none.
TEST(PageDecoder, WritersAgreeWithOverflow) {
  const uint64_t seed = std::random_device()();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 random(seed);
  size_t misfits_seen = 0;
  for (int i = 0; i < 3'000; ++i) {
    const std::string a = R"({"v":)" + RandomValue(random) + "}";
    const std::string b = R"({"v":)" + RandomValue(random) + "}";
    SCOPED_TRACE(a + " then " + b);
    const auto both = InferSchema({a, b});
    for (const auto misfits : DecodeAll(both, {a, b}).misfits) EXPECT_EQ(misfits, 0u);

    const auto schema = InferSchema({a});
    const auto decoded =
        DecodeColumns(schema, {{OutputColumn::Kind::kField, 0}, {OutputColumn::Kind::kOverflow, 0}},
                      PageText(std::vector<std::string>{b}));
    ASSERT_TRUE(decoded.has_value());
    const bool overflows = !decoded->rows[0].ends_with(" | NULL");
    EXPECT_EQ(overflows, decoded->misfits[0] > 0);
    misfits_seen += decoded->misfits[0];
  }
  EXPECT_GT(misfits_seen, 100u);
}

}  // namespace
}  // namespace sumac::items
