#include "items/item_census.h"

#include <algorithm>
#include <random>

#include <gtest/gtest.h>

#include "items/page_text.h"

namespace sumac::items {
namespace {

// One line per attribute: path, items, values per type, samples.
void Describe(const std::string& path, const AttributeCensus& attribute, std::string& out) {
  if (!path.empty()) {
    out += path + " items=" + std::to_string(attribute.items());
    for (size_t i = 0; i < kAttributeTags; ++i) {
      const auto tag = static_cast<AttributeTag>(i);
      if (attribute.Values(tag) == 0) continue;
      out += " " + std::string(AttributeTagName(tag)) + "=" + std::to_string(attribute.Values(tag));
    }
    for (const auto& sample : attribute.Samples()) out += " <" + sample.text + ">";
    out += "\n";
  }
  if (attribute.element() != nullptr) Describe(path + "[]", *attribute.element(), out);
  for (const auto& [name, field] : attribute.fields()) {
    Describe(path.empty() ? name : path + "." + name, field, out);
  }
}

std::string Describe(const ItemCensus& census) {
  std::string out;
  Describe("", census.root(), out);
  return out;
}

ItemCensus CensusOf(const std::vector<std::string>& items, CensusBounds bounds = {}) {
  ItemCensus census(bounds);
  const auto status = census.AddPage(PageText(items).view());
  EXPECT_TRUE(status.has_value());
  return census;
}

TEST(ItemCensus, CountsEveryTypeAtEveryDepth) {
  const auto census = CensusOf({
      R"({"id":{"N":"1"},"v":{"S":"x"},"tags":{"SS":["b","a"]},"deep":{"L":[
          {"M":{"a":{"N":"1"}}},{"M":{"a":{"NULL":true}}},{"S":"loose"}]}})",
      R"({"id":{"N":"2"},"v":{"N":"7"},"flag":{"BOOL":false},"raw":{"B":"AAE="}})",
      R"({"id":{"N":"3"},"v":{"NULL":true},"tags":{"NS":["1"]},"empty":{"M":{}}})",
  });
  EXPECT_EQ(census.items(), 3u);
  EXPECT_EQ(Describe(census),
            "deep items=1 L=1\n"
            "deep[] items=1 S=1 M=2 <loose>\n"
            "deep[].a items=1 N=1 NULL=1 <1>\n"
            "empty items=1 M=1\n"
            "flag items=1 BOOL=1 <false>\n"
            "id items=3 N=3 <1> <2> <3>\n"
            "raw items=1 B=1 <AAE=>\n"
            "tags items=2 SS=1 NS=1\n"
            "tags[] items=2 S=2 N=1 <a> <b> <1>\n"
            "v items=3 S=1 N=1 NULL=1 <x> <7>\n");
  EXPECT_EQ(census.root().fields().at("v").TypeCount(), 2);
  EXPECT_FALSE(census.incomplete());
}

TEST(ItemCensus, SamplesAreShortDistinctPrintableLines) {
  const std::string letters(39, 'a');
  const auto census = CensusOf({
      R"({"s":{"S":"a\nb\u001b[31m"}})",
      R"({"s":{"S":")" + letters + "\u00fc" + R"("}})",
      R"({"s":{"S":")" + letters + "\u00fc\u00fc" + R"("}})",
      R"({"s":{"S":")" + letters + "\u00fc\u00fc and so on" + R"("}})",
  });
  EXPECT_EQ(Describe(census), "s items=4 S=4 <a\\nb\\x1b[31m> <" + letters + "\u00fc> <" + letters +
                                  "\u00fc\u2026>\n");
}

TEST(ItemCensus, RefusesWhatIsNoPage) {
  for (const char* body : {"", "{}", R"({"Items":{}})", R"({"Items":[1]})",
                           R"({"Items":[{"a":{"X":1}}]})", R"({"Items":[{"a":{"S":1}}]})"}) {
    std::string text = body;
    text.reserve(text.size() + net::kBodyPaddingBytes);
    const auto status = ItemCensus().AddPage(text);
    ASSERT_FALSE(status.has_value()) << body;
    EXPECT_EQ(status.error().code, ErrorCode::kDataCorrupt);
  }
}

TEST(ItemCensus, BoundsAreKept) {
  CensusBounds bounds;
  bounds.attributes_max = 3;
  bounds.depth_max = 2;
  bounds.path_bytes_max = 10;
  bounds.samples_max = 1;
  const auto few = CensusOf({R"({"c":{"M":{"x":{"M":{"y":{"S":"1"}}}}}})"}, bounds);
  EXPECT_EQ(Describe(few), "c items=1 M=1\nc.x items=1 M=1\n");
  EXPECT_TRUE(few.incomplete());
  const auto wide = CensusOf({R"({"d":{"N":"1"},"c":{"M":{"x":{"N":"1"}}}})",
                              R"({"b":{"N":"1"},"a":{"N":"2"}})", R"({"a":{"N":"3"}})"},
                             bounds);
  EXPECT_EQ(wide.root().fields().size(), 3u);
  EXPECT_EQ(wide.root().fields().at("a").items(), 2u);
  EXPECT_TRUE(wide.root().fields().at("c").fields().empty());
  EXPECT_TRUE(wide.incomplete());
  EXPECT_TRUE(CensusOf({R"({"a very long name":{"N":"1"}})"}, bounds).incomplete());
}

std::string RandomValue(std::mt19937_64& random, int depth) {
  switch (random() % (depth < 3 ? 7 : 4)) {
    case 0:
      return R"({"S":")" + std::to_string(random() % 12) + R"("})";
    case 1:
      return R"({"N":")" + std::to_string(random() % 12) + R"("})";
    case 2:
      return R"({"NULL":true})";
    case 3:
      return R"({"BOOL":true})";
    case 4:
      return R"({"SS":["a","b"]})";
    case 5:
      return R"({"L":[)" + RandomValue(random, depth + 1) + "," + RandomValue(random, depth + 1) +
             "]}";
    default: {
      const auto name = [&] { return std::string(1, static_cast<char>('a' + random() % 6)); };
      return R"({"M":{")" + name() + R"(1":)" + RandomValue(random, depth + 1) + R"(,")" + name() +
             R"(2":)" + RandomValue(random, depth + 1) + "}}";
    }
  }
}

// With bounds that are far from enough, so that what is dropped is tested too.
TEST(ItemCensus, NeitherOrderNorWorkersMatter) {
  const uint64_t seed = std::random_device()();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 random(seed);
  for (const size_t attributes_max : {1u, 4u, 15u, 1000u}) {
    CensusBounds bounds;
    bounds.attributes_max = attributes_max;
    bounds.samples_max = 3;
    std::vector<std::string> items;
    for (int i = 0; i < 60; ++i) {
      const auto field = [&] {
        return "\"" + std::string(1, static_cast<char>('a' + random() % 4)) +
               std::to_string(i % 5) + "\":" + RandomValue(random, 0);
      };
      items.push_back("{\"id\":{\"N\":\"" + std::to_string(i) + "\"}," + field() + "}");
    }
    const auto all = CensusOf(items, bounds);
    for (int round = 0; round < 20; ++round) {
      std::shuffle(items.begin(), items.end(), random);
      std::vector<ItemCensus> workers;
      for (int i = 0; i < 3; ++i) workers.emplace_back(bounds);
      for (const auto& item : items) {
        ASSERT_TRUE(workers[random() % 3].AddPage(PageText({item}).view()).has_value());
      }
      ItemCensus merged(bounds);
      for (const auto& worker : workers) merged.Merge(worker);
      ASSERT_EQ(Describe(merged), Describe(all));
      ASSERT_TRUE(merged.root() == all.root());
      ASSERT_EQ(merged.items(), all.items());
      ASSERT_EQ(merged.incomplete(), all.incomplete());
    }
  }
}

}  // namespace
}  // namespace sumac::items
