#include "items/item_schema.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "items/time_layout.h"

namespace sumac::items {
namespace {

using dynamodb::KeyType;
using testing::ElementsAre;
using testing::HasSubstr;

TypeSummary OfKind(uint8_t kind) {
  TypeSummary summary;
  summary.AddKind(kind);
  return summary;
}

TypeSummary Numbers(std::initializer_list<const char*> texts) {
  TypeSummary summary;
  for (const char* text : texts) summary.AddNumber(text);
  return summary;
}

TypeSummary MapOf(std::initializer_list<std::pair<const char*, TypeSummary>> fields) {
  TypeSummary summary = OfKind(TypeSummary::kMap);
  for (const auto& [name, field] : fields) summary.Field(name).Join(field);
  return summary;
}

TypeSummary ItemsOf(std::initializer_list<std::pair<const char*, TypeSummary>> attributes) {
  TypeSummary items;
  items.MarkAsItems();
  items.Join(MapOf(attributes));
  return items;
}

// "attribute.path=sql_name TYPE" per column.
std::vector<std::string> Columns(const ItemSchema& schema) {
  std::vector<std::string> columns;
  for (const auto& column : schema.columns) {
    columns.push_back(column.DottedName() + "=" + column.sql_name + " " +
                      column.shape.type.ToString());
  }
  return columns;
}

std::string ErrorOf(const Result<ItemSchema>& schema) {
  return schema ? "no error" : schema.error().message;
}

TEST(ItemSchema, ChoosesTheNarrowestTypeThatHoldsEveryNumber) {
  const struct {
    std::initializer_list<const char*> numbers;
    const char* type;
  } cases[] = {
      {{"1", "-5"}, "BIGINT"},
      {{"9223372036854775807"}, "BIGINT"},
      {{"9223372036854775808"}, "DECIMAL(38,0)"},
      {{"1", "12345678901234567890123456789012345678"}, "DECIMAL(38,0)"},
      {{"1", "1.5"}, "DOUBLE"},
      {{"0.1", "19.99"}, "DOUBLE"},
      {{"1E125"}, "DOUBLE"},
      {{"9007199254740993", "0.5"}, "DECIMAL(38,1)"},
      {{"0.12345678901234567890"}, "DECIMAL(38,19)"},
      {{"1E125", "0.12345678901234567890"}, "VARCHAR"},
      {{"12345678901234567890123456789012345678", "0.5"}, "VARCHAR"},
  };
  for (const auto& one : cases) {
    EXPECT_EQ(ChooseShape(Numbers(one.numbers)).type.ToString(), one.type);
  }
}

TEST(ItemSchema, KeepsNamesApartThatDifferByCase) {
  TypeSummary items;
  for (const char* name : {"Name", "name", "NAME", "name_2", "other"}) {
    items.Field(name).AddKind(TypeSummary::kString);
  }
  const auto schema = MakeItemSchema(items, {{"pk", KeyType::kString}}, {}).value();
  std::vector<std::string> names;
  for (const auto& column : schema.columns) {
    names.push_back(column.attribute_name + "=" + column.sql_name);
  }
  EXPECT_EQ(names, (std::vector<std::string>{"pk=pk", "NAME=NAME", "Name=Name_3", "name=name_4",
                                             "name_2=name_2", "other=other"}));
}

TEST(ItemSchema, HasKeyColumnsWithoutItems) {
  const auto schema =
      MakeItemSchema(
          TypeSummary(),
          {{"pk", KeyType::kString}, {"sk", KeyType::kNumber}, {"bin", KeyType::kBinary}}, {})
          .value();
  ASSERT_EQ(schema.columns.size(), 3u);
  EXPECT_EQ(schema.columns[0].shape.type.ToString(), "VARCHAR");
  EXPECT_EQ(schema.columns[1].shape.type.ToString(), "BIGINT");
  EXPECT_EQ(schema.columns[2].shape.type.ToString(), "BLOB");
}

// A column shows the same of an item whether an index was read, which has no other items, or not.
TEST(ItemSchema, KeysOfIndexesAreStringsThatAKeyCanBe) {
  SchemaOptions options;
  options.index_string_keys = {{"status", 10}, {"mixed", 10}, {"unseen", 10}, {"when", 10}};
  options.columns = {{"unseen", duckdb::LogicalType::VARCHAR, false},
                     {"plain", duckdb::LogicalType::VARCHAR, false}};
  auto mixed = OfKind(TypeSummary::kString);
  mixed.AddNumber("1");
  const auto schema =
      MakeItemSchema(ItemsOf({{"status", OfKind(TypeSummary::kString)},
                              {"mixed", mixed},
                              {"other", OfKind(TypeSummary::kString)},
                              {"nested", MapOf({{"status", OfKind(TypeSummary::kString)}})}}),
                     {{"id", KeyType::kString}}, options);
  ASSERT_TRUE(schema) << schema.error().message;
  std::vector<std::string> keys;
  for (const auto& column : schema->columns) {
    if (column.shape.encoding != Encoding::kString) continue;
    keys.push_back(column.sql_name + " " + std::to_string(column.shape.key_bytes_max));
  }
  EXPECT_THAT(keys, ElementsAre("status 10", "unseen 10"));
}

TEST(ItemSchema, GivesVirtualColumnsAFreeName) {
  const TypeSummary text = OfKind(TypeSummary::kString);
  const auto schema =
      MakeItemSchema(ItemsOf({{"_ITEM", text}, {"_item_2", text}, {"_overflow", text}}), {}, {});
  EXPECT_EQ(schema->item_name, "_item_3");
  EXPECT_EQ(schema->overflow_name, "_overflow_2");
  EXPECT_THAT(Columns(*schema), ElementsAre("_ITEM=_ITEM VARCHAR", "_item_2=_item_2 VARCHAR",
                                            "_overflow=_overflow VARCHAR"));
}

TEST(ItemSchema, KeepsTheNamesOfTheSchemaBefore) {
  const TypeSummary text = OfKind(TypeSummary::kString);
  const auto first = ItemsOf({{"email", text}, {"m", MapOf({{"a", text}})}});
  SchemaOptions options;
  options.before = std::make_shared<const ItemSchema>(MakeItemSchema(first, {}, {}).value());
  auto second = first;
  second.Join(ItemsOf({{"EMAIL", text}, {"_item", text}, {"m", MapOf({{"A", Numbers({"1"})}})}}));
  const auto schema = MakeItemSchema(second, {}, options);
  EXPECT_THAT(Columns(*schema),
              ElementsAre("EMAIL=EMAIL_2 VARCHAR", "_item=_item_2 VARCHAR", "email=email VARCHAR",
                          "m=m STRUCT(A_2 BIGINT, a VARCHAR)"));
  EXPECT_EQ(schema->item_name, "_item");
}

TEST(ItemSchema, TakesMapsApart) {
  const TypeSummary items =
      ItemsOf({{"m", MapOf({{"a", Numbers({"1"})}, {"n", MapOf({{"x", Numbers({"0.5"})}})}})},
               {"list", OfKind(TypeSummary::kList)},
               {"empty", OfKind(TypeSummary::kMap)},
               {"M", OfKind(TypeSummary::kString)}});
  const struct {
    int depth;
    std::vector<std::string> columns;
  } cases[] = {
      {0,
       {"M=M VARCHAR", "empty=empty JSON", "list=list VARCHAR[]",
        "m=m_2 STRUCT(a BIGINT, n STRUCT(x DOUBLE))"}},
      {1,
       {"M=M VARCHAR", "empty=empty JSON", "list=list VARCHAR[]", "m.a=m.a BIGINT",
        "m.n=m.n STRUCT(x DOUBLE)"}},
      {9,
       {"M=M VARCHAR", "empty=empty JSON", "list=list VARCHAR[]", "m.a=m.a BIGINT",
        "m.n.x=m.n.x DOUBLE"}},
  };
  for (const auto& one : cases) {
    SchemaOptions options;
    options.unnest_depth = one.depth;
    EXPECT_EQ(Columns(*MakeItemSchema(items, {}, options)), one.columns) << one.depth;
  }
}

TEST(ItemSchema, RefusesTwoColumnsOfOneName) {
  SchemaOptions options;
  options.unnest_depth = 1;
  const auto items =
      ItemsOf({{"a", MapOf({{"b", Numbers({"1"})}})}, {"a.b", OfKind(TypeSummary::kString)}});
  EXPECT_THAT(ErrorOf(MakeItemSchema(items, {}, options)),
              HasSubstr("Invalid item access: Column 'a.b' already exists in the item"));
  options.columns = {{"a", std::nullopt, false}};
  EXPECT_THAT(Columns(*MakeItemSchema(items, {}, options)),
              ElementsAre("a=a STRUCT(b BIGINT)", "a.b=a.b VARCHAR"));
}

TEST(ItemSchema, DeclaredTypesWin) {
  SchemaOptions options;
  options.unnest_depth = 1;
  options.columns = {{"id", duckdb::LogicalType::INTEGER, false},
                     {"n", duckdb::LogicalType::DOUBLE, false},
                     {"unseen", duckdb::LogicalType::DATE, false},
                     {"m.b", duckdb::LogicalType::VARCHAR, false},
                     {"only described", std::nullopt, false}};
  const auto items = ItemsOf({{"n", Numbers({"1"})}, {"m", MapOf({{"a", Numbers({"1"})}})}});
  EXPECT_THAT(Columns(*MakeItemSchema(items, {{"id", KeyType::kNumber}}, options)),
              ElementsAre("id=id INTEGER", "m.a=m.a BIGINT", "m.b=m.b VARCHAR", "n=n DOUBLE",
                          "unseen=unseen DATE"));
  options.columns = {{"n.b", duckdb::LogicalType::VARCHAR, false}};
  EXPECT_THAT(ErrorOf(MakeItemSchema(items, {}, options)),
              HasSubstr("column 'n.b' is declared as a field of 'n', which is no map"));
}

TEST(ItemSchema, PutsWhatIsNotDeclaredIntoTheCatchAll) {
  const auto items = ItemsOf({{"a", Numbers({"1"})},
                              {"b", OfKind(TypeSummary::kString)},
                              {"rest", OfKind(TypeSummary::kString)}});
  SchemaOptions options;
  options.columns = {{"b", std::nullopt, false}, {"rest", std::nullopt, true}};
  const auto schema = MakeItemSchema(items, {{"id", KeyType::kString}}, options);
  EXPECT_THAT(Columns(*schema), ElementsAre("id=id VARCHAR", "b=b VARCHAR", "rest=rest JSON"));
  EXPECT_TRUE(schema->columns[2].catch_all);

  options.columns.push_back({"ID", std::nullopt, true});
  options.columns.erase(options.columns.begin() + 1);
  EXPECT_THAT(ErrorOf(MakeItemSchema(items, {{"id", KeyType::kString}}, options)),
              HasSubstr("the column 'ID' is to hold all that is not listed (json_object), and 'id' "
                        "is a column already"));
  options.columns = {{"b", std::nullopt, false}, {"rest", std::nullopt, true}};
  options.columns.push_back({"more", std::nullopt, true});
  EXPECT_EQ(ErrorOf(MakeItemSchema(items, {}, options)),
            "Multiple columns have 'json_object' metadata defined: rest, more. Only one column can "
            "be configured as a JSON object column.");
  options.columns = {
      {"x", std::nullopt, false}, {"rest", std::nullopt, true}, {"y", std::nullopt, false}};
  EXPECT_EQ(ErrorOf(MakeItemSchema(items, {}, options)),
            "Columns not found in table schema: x, y. Ensure configuration is correct, or increase "
            "schema_infer_max_records");
}

TEST(ItemSchema, HasABoundOnColumns) {
  TypeSummary items = ItemsOf({});
  for (size_t i = 0; i < kColumnsMax + 10; ++i) {
    items.Field("a" + std::to_string(1'000'000 + i)).AddNumber("1");
  }
  SchemaOptions options;
  options.columns = {{"z", duckdb::LogicalType::VARCHAR, false}};
  const auto schema = MakeItemSchema(items, {{"zz", KeyType::kString}}, options);
  ASSERT_EQ(schema->columns.size(), kColumnsMax);
  EXPECT_EQ(schema->attributes_left_out, 12u);
  EXPECT_EQ(schema->columns.front().attribute_name, "zz");
  EXPECT_EQ(schema->columns.back().attribute_name, "z");
}

TEST(ItemSchema, WideNestedColumnsBecomeJson) {
  TypeSummary wide = OfKind(TypeSummary::kMap);
  for (int i = 0; i < 60; ++i) {
    TypeSummary inner = OfKind(TypeSummary::kMap);
    for (int j = 0; j < 50; ++j) {
      inner.Field("f" + std::to_string(j))
          .AddKind(j == 0 ? TypeSummary::kString : TypeSummary::kBoolean);
    }
    wide.Field("g" + std::to_string(i)).Join(inner);
  }
  EXPECT_EQ(ChooseShape(wide).type.ToString(), "JSON");
}

}  // namespace
}  // namespace sumac::items
