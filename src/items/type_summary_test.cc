#include "items/type_summary.h"

#include <random>

#include <gtest/gtest.h>

#include "items/shape.h"
#include "items/time_layout.h"

namespace sumac::items {
namespace {

const TimeLayout& Layout() {
  static const TimeLayout layout = TimeLayout::Parse("2006-01-02T15:04:05Z07:00").value();
  return layout;
}

// Enough fields that two or three of them together are a dictionary.
void AddManyFields(std::mt19937_64& random, TypeSummary& summary) {
  const size_t start = random() % 5 * 300;
  for (size_t i = 0; i < 400; ++i) {
    summary.Field("f" + std::to_string(start + i)).AddNumber(i % 7 == 0 ? "1.5" : "1");
  }
}

// A random summary: any mixture of kinds, nested at most three deep.
TypeSummary RandomSummary(std::mt19937_64& random, int depth = 0) {
  const char* const numbers[] = {"1",   "-2.5",  "9223372036854775808",
                                 "0.1", "1E125", "12345678901234567890.123456789"};
  const char* const names[] = {"a", "A", "b", "long name", "x.y"};
  const char* const strings[] = {"text", "2024-01-15T10:00:00Z", "2024-01-15", ""};
  TypeSummary summary;
  for (int i = static_cast<int>(random() % 3); i > 0; --i) {
    switch (random() % (depth < 3 ? 6 : 4)) {
      case 0:
        summary.AddString(strings[random() % std::size(strings)], Layout());
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
        if (random() % 20 == 0) AddManyFields(random, summary);
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

TEST(TypeSummary, JoinsItemsAsALattice) {
  const uint64_t seed = std::random_device()();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 random(seed);
  const auto some_items = [&] {
    TypeSummary items;
    items.MarkAsItems();
    const size_t start = random() % 8'000;
    for (size_t i = 0; i < 4'000; ++i) {
      items.Field("a" + std::to_string(start + i)).AddKind(TypeSummary::kString);
    }
    return items;
  };
  for (int i = 0; i < 5; ++i) {
    const auto a = some_items();
    const auto b = some_items();
    const auto c = some_items();
    EXPECT_EQ(Joined(Joined(a, b), c), Joined(a, Joined(c, b)));
    EXPECT_EQ(Joined(a, a), a);
    EXPECT_LE(Joined(Joined(a, b), c).fields().size(), kAttributesMax);
    EXPECT_EQ(Joined(a, b).values(), nullptr);
  }
}

TEST(TypeSummary, TakesAMapOfManyFieldsForADictionary) {
  TypeSummary map;
  map.AddKind(TypeSummary::kMap);
  for (size_t i = 0; i < kMapFieldsMax; ++i) map.Field("k" + std::to_string(i)).AddNumber("1");
  EXPECT_EQ(map.values(), nullptr);
  map.Field("one more").AddNumber("0.5");
  ASSERT_NE(map.values(), nullptr);
  EXPECT_TRUE(map.fields().empty());
  EXPECT_EQ(ChooseShape(map).type.ToString(), "MAP(VARCHAR, DOUBLE)");
}

}  // namespace
}  // namespace sumac::items
