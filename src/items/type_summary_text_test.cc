#include "items/type_summary_text.h"

#include <cstdlib>
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "items/time_layout.h"

namespace sumac::items {
namespace {

using testing::HasSubstr;

const TimeLayout& Layout() {
  static const TimeLayout layout = TimeLayout::Parse("2006-01-02T15:04:05Z07:00").value();
  return layout;
}

// Of any bytes, also such as are no UTF-8.
std::string RandomName(std::mt19937_64& random) {
  const char* const names[] = {"a", "", "größe", "\"\\", "\x01\n", "long name", "\xff\xfe", "日本"};
  if (random() % 2 == 0) return names[random() % std::size(names)];
  std::string name;
  for (size_t size = random() % 5; size > 0; --size) name += static_cast<char>(random());
  return name;
}

TypeSummary RandomSummary(std::mt19937_64& random, int depth = 0);

void AddRandomMap(std::mt19937_64& random, int depth, TypeSummary& summary) {
  summary.AddKind(TypeSummary::kMap);
  if (random() % 10 == 0) {
    const size_t fields = kMapFieldsMax - 5 + random() % 10;
    for (size_t i = 0; i < fields; ++i) summary.Field(std::to_string(i)).AddNumber("1.5");
  }
  for (size_t fields = random() % 4; fields > 0; --fields) {
    summary.Field(RandomName(random)).Join(RandomSummary(random, depth + 1));
  }
}

TypeSummary RandomSummary(std::mt19937_64& random, int depth) {
  const char* const numbers[] = {"1",     "-2.5",   "9223372036854775808", "0.1",
                                 "1E125", "1E-130", "no number",           "1E10000"};
  const char* const strings[] = {"text", "2024-01-15T10:00:00Z", "2024-01-15", ""};
  TypeSummary summary;
  if (depth == 0 && random() % 2 == 0) summary.MarkAsItems();
  for (size_t i = random() % 4; i > 0; --i) {
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
        AddRandomMap(random, depth, summary);
    }
  }
  return summary;
}

TypeSummary Nested(int depth) {
  TypeSummary summary;
  TypeSummary* inner = &summary;
  for (int i = 1; i < depth; ++i) inner = i % 2 == 0 ? &inner->Element() : &inner->Field("m");
  return summary;
}

// Whether a summary is of items shows only when it gets more fields than a map may have.
bool IsOfItems(TypeSummary summary) {
  for (size_t i = 0; i <= kMapFieldsMax; ++i) summary.Field("more " + std::to_string(i));
  return summary.values() == nullptr;
}

uint64_t Seed() {
  const char* const seed = std::getenv("SUMAC_SEED");
  return seed != nullptr ? std::strtoull(seed, nullptr, 10) : 1;
}

TEST(TypeSummaryTextTest, EverySummaryComesBack) {
  for (uint64_t seed = Seed(); seed < Seed() + 500; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937_64 random(seed);
    const auto summary = RandomSummary(random);
    const auto text = TypeSummaryText(summary);
    const auto read = ParseTypeSummary(text);
    ASSERT_TRUE(read) << read.error().message << "\n" << text;
    EXPECT_EQ(*read, summary);
    EXPECT_EQ(TypeSummaryText(*read), text);
    EXPECT_EQ(IsOfItems(*read), IsOfItems(summary));
  }
}

TEST(TypeSummaryTextTest, HasAFormThatLaterVersionsRead) {
  TypeSummary summary;
  summary.MarkAsItems();
  summary.Field("id").AddNumber("1.50");
  summary.Field("at").AddString("2024-01-15", Layout());
  summary.Field("\xff").AddKind(TypeSummary::kList);
  summary.Field("\xff").Element().AddKind(TypeSummary::kBoolean);
  EXPECT_EQ(TypeSummaryText(summary),
            R"({"version":1,"summary":{"items":true,"fields":[)"
            R"(["at",{"kinds":1,"string":{"all_timestamps":false}}],)"
            R"(["id",{"kinds":2,"number":{"all_int64":false,"integer_digits":1,)"
            R"("decimal_integer_digits":1,"fraction_digits":1}}],)"
            R"([{"hex":"ff"},{"kinds":16,"element":{"kinds":4}}]]}})");
}

TEST(TypeSummaryTextTest, AsDeepAsAnyItemAndNoDeeper) {
  const auto deepest = Nested(kTypeSummaryDepthMax);
  EXPECT_EQ(ParseTypeSummary(TypeSummaryText(deepest)).value(), deepest);
  for (const int depth : {kTypeSummaryDepthMax + 1, 400, 5'000}) {
    const auto read = ParseTypeSummary(TypeSummaryText(Nested(depth)));
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().code, ErrorCode::kDataCorrupt);
  }
}

TEST(TypeSummaryTextTest, WhatIsBrokenIsAnErrorOrASummary) {
  std::string text;
  for (uint64_t seed = Seed(); text.size() < 500 || text.size() > 3'000; ++seed) {
    std::mt19937_64 random(seed);
    text = TypeSummaryText(RandomSummary(random));
  }
  SCOPED_TRACE(text);
  for (size_t size = 0; size < text.size(); ++size) {
    const auto read = ParseTypeSummary(text.substr(0, size));
    ASSERT_FALSE(read) << size;
    EXPECT_EQ(read.error().code, ErrorCode::kDataCorrupt);
  }
  for (size_t at = 0; at < text.size(); ++at) {
    for (int bit = 0; bit < 8; ++bit) {
      auto flipped = text;
      flipped[at] = static_cast<char>(flipped[at] ^ (1 << bit));
      const auto read = ParseTypeSummary(flipped);
      if (read) {
        EXPECT_EQ(ParseTypeSummary(TypeSummaryText(*read)).value(), *read);
      } else {
        EXPECT_EQ(read.error().code, ErrorCode::kDataCorrupt);
      }
    }
  }
}

TEST(TypeSummaryTextTest, SaysWhatNoSummarySays) {
  const char* const texts[] = {
      R"({"version":1,"summary":[]})",
      R"({"version":1,"summary":{"other":1}})",
      R"({"version":1,"summary":{"kinds":64}})",
      R"({"version":1,"summary":{"kinds":-1}})",
      R"({"version":1,"summary":{"items":1}})",
      R"({"version":1,"summary":{"number":{"integer_digits":99999999999}}})",
      R"({"version":1,"summary":{"number":{"other":true}}})",
      R"({"version":1,"summary":{"string":{"other":true}}})",
      R"({"version":1,"summary":{"fields":[["a",{}],["a",{}]]}})",
      R"({"version":1,"summary":{"fields":[["a"]]}})",
      R"({"version":1,"summary":{"fields":[["a",{},{}]]}})",
      R"({"version":1,"summary":{"fields":[[{"hex":"f"},{}]]}})",
      R"({"version":1,"summary":{"fields":[[{"hex":"FF"},{}]]}})",
      R"({"version":1,"summary":{"element":{},"element":{}}})",
      R"({"version":1,"summary":{"values":{},"fields":[["a",{}]]}})",
  };
  for (const char* const text : texts) {
    const auto read = ParseTypeSummary(text);
    ASSERT_FALSE(read) << text;
    EXPECT_EQ(read.error().code, ErrorCode::kDataCorrupt);
  }
  const auto later = ParseTypeSummary(R"({"version":2,"summary":{}})");
  ASSERT_FALSE(later);
  EXPECT_THAT(later.error().message, HasSubstr("version 2"));
  std::string many = R"({"version":1,"summary":{"fields":[)";
  for (size_t i = 0; i <= kMapFieldsMax; ++i) {
    many += (i > 0 ? ",[\"" : "[\"") + std::to_string(i) + "\",{}]";
  }
  EXPECT_FALSE(ParseTypeSummary(many + "]}}"));
}

}  // namespace
}  // namespace sumac::items
