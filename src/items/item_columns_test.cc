// Columns that are more than one attribute each: maps taken apart, the catch-all; and what is
// noticed of items that the schema does not hold.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "items/page_text.h"

namespace sumac::items {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

SchemaOptions Unnest(int depth) {
  SchemaOptions options;
  options.unnest_depth = depth;
  return options;
}

SchemaOptions CatchAll(std::vector<std::string> columns, int unnest_depth = 0) {
  SchemaOptions options = Unnest(unnest_depth);
  for (auto& name : columns) options.columns.push_back({name, std::nullopt, false});
  options.columns.push_back({"rest", std::nullopt, true});
  return options;
}

// All columns, then `_overflow`.
Decoded DecodeWithOverflow(const std::shared_ptr<const ItemSchema>& schema,
                           const std::vector<std::string>& items) {
  std::vector<OutputColumn> columns;
  for (size_t i = 0; i < schema->columns.size(); ++i) {
    columns.push_back({OutputColumn::Kind::kField, i});
  }
  columns.push_back({OutputColumn::Kind::kOverflow, 0});
  auto decoded = DecodeColumns(schema, columns, PageText(items));
  EXPECT_TRUE(decoded) << (decoded ? "" : decoded.error().message);
  return decoded ? *std::move(decoded) : Decoded{};
}

TEST(UnnestedColumns, ReadFieldsOfMaps) {
  const auto schema = InferSchema(
      {R"({"a":{"M":{"x":{"N":"1"},"m":{"M":{"y":{"S":"deep"}}}}},"b":{"S":"t"}})"}, Unnest(1));
  const struct {
    const char* item;
    const char* row;  // a.m | a.x | b | _overflow
  } cases[] = {
      {R"({"a":{"M":{"m":{"M":{"y":{"S":"z"}}},"x":{"N":"2"}}},"b":{"S":"u"}})",
       "{'y': z} | 2 | u | NULL"},
      {R"({"b":{"S":"u"}})", "NULL | NULL | u | NULL"},
      {R"({"a":{"NULL":true}})", "NULL | NULL | NULL | NULL"},
      // No column would show that there was a map.
      {R"({"a":{"M":{}}})", R"(NULL | NULL | NULL | {"a":{}})"},
      {R"({"a":{"S":"no map"}})", R"(NULL | NULL | NULL | {"a":"no map"})"},
      {R"({"a":{"M":{"x":{"S":"no number"}}}})", R"(NULL | NULL | NULL | {"a":{"x":"no number"}})"},
      {R"({"a":{"M":{"new":{"N":"1"},"x":{"N":"2"}}}})",
       R"(NULL | 2 | NULL | {"a":{"new":1,"x":2}})"},
      {R"({"a.x":{"N":"3"}})", R"(NULL | NULL | NULL | {"a.x":3})"},
  };
  for (const auto& one : cases) {
    EXPECT_THAT(DecodeWithOverflow(schema, {one.item}).rows, ElementsAre(one.row)) << one.item;
  }
}

TEST(UnnestedColumns, CountWhatDoesNotFitInEachThatIsRead) {
  const auto schema =
      InferSchema({R"({"a":{"M":{"x":{"N":"1"},"m":{"M":{"y":{"S":"deep"}}}}}})"}, Unnest(2));
  const std::vector<std::string> items = {R"({"a":{"S":"no map"}})",
                                          R"({"a":{"M":{"m":{"N":"5"},"x":{"N":"1.5"}}}})"};
  EXPECT_THAT(DecodeAll(schema, items).misfits, ElementsAre(2, 2));  // a.m.y, a.x
  // An empty map and a field without a column are news, as an attribute without one is.
  for (const char* item : {R"({"a":{"M":{}}})", R"({"a":{"M":{"new":{"N":"1"},"x":{"N":"2"}}}})"}) {
    const auto decoded = DecodeAll(schema, {item});
    EXPECT_THAT(decoded.misfits, ElementsAre(0, 0));
    ASSERT_NE(decoded.news, nullptr);
    EXPECT_EQ(decoded.news->fields().count("a"), 1u);
  }
  const auto one = DecodeColumns(schema, {{OutputColumn::Kind::kField, 1}}, PageText(items));
  EXPECT_THAT(one->misfits, ElementsAre(0, 2));
  EXPECT_THAT(one->rows, ElementsAre("NULL", "NULL"));
}

TEST(CatchAllColumn, HoldsWhatNoColumnDoes) {
  const auto schema =
      InferSchema({R"({"a":{"N":"1"},"z":{"S":"x"},"b":{"N":"2"}})"}, CatchAll({"b"}));
  const struct {
    const char* item;
    const char* row;  // b | rest | _overflow
  } cases[] = {
      {R"({"z":{"S":"x"},"b":{"N":"2"},"a":{"N":"1.50"}})", R"(2 | {"a":1.50,"z":"x"} | NULL)"},
      {R"({"b":{"N":"2"}})", "2 | NULL | NULL"},
      {R"({"b":{"S":"two"},"new":{"L":[{"NULL":true}]}})",
       R"(NULL | {"new":[null]} | {"b":"two"})"},
      {R"({"rest":{"S":"itself"}})", R"(NULL | {"rest":"itself"} | NULL)"},
  };
  for (const auto& one : cases) {
    const auto decoded = DecodeWithOverflow(schema, {one.item});
    EXPECT_THAT(decoded.rows, ElementsAre(one.row)) << one.item;
  }
}

TEST(CatchAllColumn, TakesMapsApartAsTheColumnsDo) {
  const auto schema =
      InferSchema({R"({"m":{"M":{"a":{"N":"1"},"n":{"M":{"b":{"S":"x"}}}}},"t":{"S":"y"}})"},
                  CatchAll({"m.a"}, 1));
  EXPECT_THAT(DecodeWithOverflow(
                  schema, {R"({"m":{"M":{"a":{"N":"1"},"n":{"M":{"b":{"S":"x"}}}}},"e":{"M":{}}})"})
                  .rows,
              ElementsAre(R"(1 | {"e":{},"m.n":{"b":"x"}} | NULL)"));
}

TEST(CatchAllColumn, KeepsTwoPathsOfOneNameApart) {
  const auto schema = InferSchema({R"({"b":{"N":"1"}})"}, CatchAll({"b"}, 1));
  const auto decoded = DecodeWithOverflow(
      schema, {R"({"a":{"M":{"b":{"N":"1"}}},"a.b":{"N":"2"}})",
               R"({"a.b":{"N":"2"},"a":{"M":{"b":{"N":"1"}}},"a.b_2":{"N":"3"},"e":{"M":{}}})"});
  EXPECT_THAT(decoded.rows, ElementsAre(R"(NULL | {"a.b":1,"a.b_2":2} | NULL)",
                                        R"(NULL | {"a.b":2,"a.b_2":1,"a.b_2_2":3,"e":{}} | NULL)"));
}

TEST(CatchAllColumn, TakesWhatIsNoMapWhereColumnsAreFields) {
  const auto schema =
      InferSchema({R"({"a":{"M":{"x":{"N":"1"},"y":{"N":"2"}}}})"}, CatchAll({"a.x"}, 1));
  const auto decoded = DecodeWithOverflow(schema, {R"({"a":{"S":"text"}})", R"({"a":{"M":{}}})"});
  EXPECT_THAT(decoded.rows,
              ElementsAre(R"(NULL | {"a":"text"} | NULL)", R"(NULL | {"a":{}} | NULL)"));
  EXPECT_THAT(decoded.misfits, ElementsAre(0, 0));
}

TEST(PageDecoderNews, NoticesWhatTheSchemaDoesNotHold) {
  const auto schema = InferSchema({R"({"n":{"N":"1"},"m":{"M":{"a":{"S":"x"}}}})"});
  const auto nothing = DecodeAll(schema, {R"({"n":{"N":"2"},"m":{"NULL":true}})"});
  EXPECT_EQ(nothing.news, nullptr);

  const auto decoded = DecodeAll(
      schema, {R"({"n":{"N":"1.5"},"new":{"L":[{"BOOL":true}]},"m":{"M":{"a":{"N":"1"}}}})"});
  ASSERT_NE(decoded.news, nullptr);
  TypeSummary joined;
  ASSERT_TRUE(
      SummarizePage(PageText({R"({"n":{"N":"1"},"m":{"M":{"a":{"S":"x"}}}})"}).view(), {}, joined));
  joined.Join(*decoded.news);
  std::vector<std::string> types;
  const auto wider = MakeItemSchema(joined, {}, {});
  for (const auto& column : wider->columns) {
    types.push_back(column.sql_name + " " + column.shape.type.ToString());
  }
  EXPECT_THAT(types, ElementsAre("m STRUCT(a VARCHAR)", "n DOUBLE", "new BOOLEAN[]"));
}

TEST(PageDecoderNews, SeesAttributesThatAQueryDoesNotRead) {
  const auto schema = InferSchema({R"({"a":{"N":"1"},"b":{"N":"1"}})"});
  auto decoded = DecodeColumns(schema, {{OutputColumn::Kind::kItem, 0}},
                               PageText({R"({"b":{"N":"1"},"c":{"S":"x"}})"}));
  ASSERT_TRUE(decoded);
  ASSERT_NE(decoded->news, nullptr);
  EXPECT_EQ(decoded->news->fields().size(), 1u);
  EXPECT_EQ(decoded->news->fields().count("c"), 1u);
}

TEST(PageDecoderNews, LooksAtSoManyValuesOnly) {
  const auto schema = InferSchema({R"({"a":{"N":"1"}})"});
  std::vector<std::string> items(1'000, R"({"a":{"N":"1.5"}})");
  items.push_back(R"({"a":{"S":"never looked at"}})");
  auto decoded = DecodeAll(schema, items);
  EXPECT_THAT(decoded.misfits, ElementsAre(1'001));
  EXPECT_EQ(decoded.news->fields().at("a").kinds(), TypeSummary::kNumber);
}

TEST(PageDecoderMismatch, FailsWhereTheSchemaSaysSo) {
  SchemaOptions options;
  options.on_type_mismatch = MismatchAction::kError;
  const auto schema = InferSchema({R"({"a":{"N":"1"},"b":{"S":"x"}})"}, options);
  const PageText page({R"({"a":{"N":"1"}})", R"({"a":{"S":"line\nbreak"}})"});
  const auto failed = DecodeColumns(schema, {{OutputColumn::Kind::kField, 0}}, page);
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code, ErrorCode::kInvalidArgument);
  EXPECT_THAT(failed.error().message,
              HasSubstr(R"(column 'a' holds BIGINT, and an item has {"S":"line\nbreak"} there)"));
  // The column is not read, so nothing is wrong.
  EXPECT_TRUE(DecodeColumns(schema, {{OutputColumn::Kind::kField, 1}}, page));
  EXPECT_TRUE(DecodeColumns(schema, {{OutputColumn::Kind::kOverflow, 0}}, page));
}

}  // namespace
}  // namespace sumac::items
