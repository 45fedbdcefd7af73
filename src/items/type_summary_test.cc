#include "items/type_summary.h"

#include <random>

#include <gtest/gtest.h>

#include "items/item_schema.h"

namespace sumac::items {
namespace {

// A random summary: any mixture of kinds, nested at most three deep.
TypeSummary RandomSummary(std::mt19937_64& random, int depth = 0) {
  const char* const numbers[] = {"1",   "-2.5",  "9223372036854775808",
                                 "0.1", "1E125", "12345678901234567890.123456789"};
  const char* const names[] = {"a", "A", "b", "long name", "x.y"};
  TypeSummary summary;
  for (int i = static_cast<int>(random() % 3); i > 0; --i) {
    switch (random() % (depth < 3 ? 6 : 4)) {
      case 0:
        summary.AddKind(TypeSummary::kString);
        break;
      case 1:
        summary.AddNumber(numbers[random() % std::size(numbers)]);
        break;
      case 2:
        summary.AddKind(TypeSummary::kBoolean);
        break;
      case 3:
        summary.AddKind(TypeSummary::kBinary);
        break;
      case 4:
        summary.AddKind(TypeSummary::kList);
        summary.Element().Join(RandomSummary(random, depth + 1));
        break;
      default:
        summary.AddKind(TypeSummary::kMap);
        summary.Field(names[random() % std::size(names)]).Join(RandomSummary(random, depth + 1));
    }
  }
  return summary;
}

TypeSummary Joined(TypeSummary a, const TypeSummary& b) {
  a.Join(b);
  return a;
}

TEST(TypeSummary, JoinIsALattice) {
  const uint64_t seed = std::random_device()();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 random(seed);
  for (int i = 0; i < 2'000; ++i) {
    const auto a = RandomSummary(random);
    const auto b = RandomSummary(random);
    const auto c = RandomSummary(random);
    EXPECT_EQ(Joined(a, b), Joined(b, a));
    EXPECT_EQ(Joined(Joined(a, b), c), Joined(a, Joined(b, c)));
    EXPECT_EQ(Joined(a, a), a);
    EXPECT_EQ(Joined(a, TypeSummary()), a);
    EXPECT_EQ(ChooseShape(Joined(a, b)).type, ChooseShape(Joined(b, a)).type);
  }
}

TypeSummary Numbers(std::initializer_list<const char*> texts) {
  TypeSummary summary;
  for (const char* text : texts) summary.AddNumber(text);
  return summary;
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
  const auto schema = MakeItemSchema(items, {{"pk", dynamodb::KeyType::kString}}, {}).value();
  std::vector<std::string> names;
  for (const auto& column : schema.columns) {
    names.push_back(column.attribute_name + "=" + column.sql_name);
  }
  EXPECT_EQ(names, (std::vector<std::string>{"pk=pk", "NAME=NAME", "Name=Name_3", "name=name_4",
                                             "name_2=name_2", "other=other"}));
}

TEST(ItemSchema, HasKeyColumnsWithoutItems) {
  const auto schema = MakeItemSchema(TypeSummary(),
                                     {{"pk", dynamodb::KeyType::kString},
                                      {"sk", dynamodb::KeyType::kNumber},
                                      {"bin", dynamodb::KeyType::kBinary}},
                                     {})
                          .value();
  ASSERT_EQ(schema.columns.size(), 3u);
  EXPECT_EQ(schema.columns[0].shape.type.ToString(), "VARCHAR");
  EXPECT_EQ(schema.columns[1].shape.type.ToString(), "BIGINT");
  EXPECT_EQ(schema.columns[2].shape.type.ToString(), "BLOB");
}

TEST(ItemSchema, FallsBackToTextAndJson) {
  TypeSummary scalars = Numbers({"1"});
  scalars.AddKind(TypeSummary::kString);
  EXPECT_EQ(ChooseShape(scalars).type.ToString(), "VARCHAR");
  TypeSummary mixed;
  mixed.AddKind(TypeSummary::kString);
  mixed.AddKind(TypeSummary::kList);
  EXPECT_EQ(ChooseShape(mixed).type.ToString(), "JSON");
  TypeSummary empty_map;
  empty_map.AddKind(TypeSummary::kMap);
  EXPECT_EQ(ChooseShape(empty_map).type.ToString(), "JSON");
  TypeSummary wide;
  wide.AddKind(TypeSummary::kMap);
  for (size_t i = 0; i <= kStructFieldsMax; ++i) wide.Field("k" + std::to_string(i));
  EXPECT_EQ(ChooseShape(wide).type.ToString(), "JSON");
}

}  // namespace
}  // namespace sumac::items
