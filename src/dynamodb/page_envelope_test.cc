#include "dynamodb/page_envelope.h"

#include <algorithm>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "dynamodb/items_span.h"
#include "dynamodb/page_envelope_twin.h"

namespace sumac::dynamodb {
namespace {

Result<Page> Read(const std::string& body) {
  Page page = PageOf(body);
  SUMAC_RETURN_IF_ERROR(ReadPageEnvelope(page));
  return page;
}

TEST(PageEnvelopeTest, ReadsMembersInAnyOrder) {
  const std::string members[] = {
      R"("Items":[{"id":{"N":"1"}},{"id":{"S":"}]"}}])",
      R"("Count":2)",
      R"("ScannedCount":5)",
      R"("LastEvaluatedKey":{"id" : {"S":"a\"}b"}})",
      R"("ConsumedCapacity":{"TableName":"t","CapacityUnits":12.5})",
      R"("SomethingNew":[{"Count":9}])",
  };
  constexpr size_t kMembers = std::size(members);
  for (size_t shift = 0; shift < kMembers; ++shift) {
    std::string body = " {\n";
    for (size_t i = 0; i < kMembers; ++i) {
      body += (i > 0 ? " , " : "") + members[(i + shift) % kMembers];
    }
    const auto page = Read(body + "}\n");
    ASSERT_TRUE(page) << body;
    EXPECT_EQ(page->count, 2u);
    EXPECT_EQ(page->scanned_count, 5u);
    EXPECT_EQ(page->last_evaluated_key, R"({"id" : {"S":"a\"}b"}})");
    EXPECT_EQ(page->consumed_read_units, 12.5);
    const auto items = page->items_end - page->items_begin;
    EXPECT_EQ(page->body.view().substr(page->items_begin, items),
              R"([{"id":{"N":"1"}},{"id":{"S":"}]"}}])");
  }
}

TEST(PageEnvelopeTest, WhatIsAbsentIsNothing) {
  for (const std::string body : {R"({"Count":0,"Items":[]})", R"({"Count":0})",
                                 R"({"Count":0,"LastEvaluatedKey":null,"ConsumedCapacity":null})",
                                 R"({"Count":0,"ConsumedCapacity":{}})"}) {
    const auto page = Read(body);
    ASSERT_TRUE(page) << body;
    EXPECT_EQ(page->last_evaluated_key, "");
    EXPECT_EQ(page->consumed_read_units, 0);
    EXPECT_EQ(page->items_end - page->items_begin, body.ends_with("[]}") ? 2u : 0u);
  }
}

TEST(PageEnvelopeTest, RefusesWhatIsNoPage) {
  for (const std::string body :
       {"", " ", "null", "[]", "7", "{}", "{", R"({"Count":1)", R"({"Count":-1})",
        R"({"Count":"1"})", R"({"Count":1}x)", R"({"Count":1}{"Count":2})",
        R"({"Count":1,"Items":{}})", R"({"Count":1,"LastEvaluatedKey":"x"})",
        R"({"Count":1,"Items":[)", R"({"Items":[]})", R"(<html></html>)"}) {
    const auto page = Read(body);
    ASSERT_FALSE(page) << body;
    EXPECT_EQ(page.error().code, ErrorCode::kDataCorrupt);
    EXPECT_TRUE(page.error().retryable);
  }
}

struct SpanCase {
  const char* body;
  const char* items;  // null when the two ends cannot tell
};

TEST(PageEnvelopeTest, FindsItemsFromBothEnds) {
  const SpanCase cases[] = {
      {R"({"Items":[]})", "[]"},
      {R"( { "a" : -1.5e3 , "Items" : [ 1 ] , "b" : [ ] , "c" : null } )", "[ 1 ]"},
      {R"({"Items":[1],"b":["]","\\","\"]"],"c":{"d":[2]}})", "[1]"},
      {R"({"b\"":"Items\":[\\","Items":[["a\\"]],"c\\":"\\\"],["})", R"([["a\\"]])"},
      {R"({"c":{"Items":[0]},"Items":[1],"d":{"Items":[2]}})", "[1]"},
      {R"({"Items":{}})", nullptr},
      {R"({"Items":[1}})", nullptr},
      {R"({"\u0049tems":[]})", nullptr},
      {R"({"Items":[1],"b":2)", nullptr},
      {R"({"Items":[1],"b":})", nullptr},
      {R"({"Items":[1],:2})", nullptr},
      {R"({"Items":[1] "b":2})", nullptr},
      {R"({"a":"Items)", nullptr},
      {R"({"a":[[,"Items":[]})", nullptr},
      {"{", nullptr},
      {"", nullptr},
  };
  for (const auto& one : cases) {
    const std::string_view body = one.body;
    const auto items = FindItems(body);
    ASSERT_EQ(items.has_value(), one.items != nullptr) << body;
    if (!items) continue;
    EXPECT_EQ(body.substr(items->begin, items->end - items->begin), one.items) << body;
  }
}

TEST(PageEnvelopeTest, DoesNotLookFarForItems) {
  const std::string far(100'000, ' ');
  EXPECT_FALSE(FindItems("{" + far + R"("Items":[]})"));
  EXPECT_FALSE(FindItems(R"({"Items":[1],"Count":)" + far + "1}"));
  // Found by the whole reader then.
  for (const std::string& body :
       {R"({"Count":3,)" + far + R"("Items":[]})", R"({"Items":[1],"Count":)" + far + "3}"}) {
    const auto page = Read(body);
    ASSERT_TRUE(page);
    EXPECT_EQ(page->count, 3u);
  }
}

// A longer array after the items is taken for them. Who reads the items finds that they end before;
// nothing that the page needs is missed, or the page would be read whole.
TEST(PageEnvelopeTest, ALongArrayAfterTheItems) {
  const std::string array = "[\"" + std::string(2'000, 'x') + "\"]";
  const std::string rest = R"("Count":1,"ScannedCount":1,"ConsumedCapacity":{"CapacityUnits":1})";
  const std::string key = R"(,"LastEvaluatedKey":{"id":{"S":"x"}})";
  const auto hidden = Read("{" + rest + R"(,"Items":[])" + key + ",\"New\":" + array + "}");
  ASSERT_TRUE(hidden);
  EXPECT_EQ(hidden->last_evaluated_key, R"({"id":{"S":"x"}})");
  EXPECT_EQ(hidden->items_end - hidden->items_begin, 2u);
  const auto before = Read("{" + rest + key + R"(,"Items":[],"New":)" + array + "}");
  ASSERT_TRUE(before);
  EXPECT_GT(before->items_end - before->items_begin, array.size());
}

// Makes pages of every shape, and breaks some.
class PageMaker {
 public:
  explicit PageMaker(uint64_t seed) : random_(seed) {}

  std::string Body() {
    std::vector<std::string> members;
    if (!OneIn(20)) members.push_back(Member("Count", std::to_string(Below(1'000))));
    if (!OneIn(10)) members.push_back(Member("ScannedCount", std::to_string(Below(1'000))));
    if (!OneIn(8)) members.push_back(Member("LastEvaluatedKey", OneIn(9) ? "null" : Item(0)));
    if (!OneIn(8)) {
      members.push_back(Member("ConsumedCapacity", R"({"TableName":"t","CapacityUnits":)" +
                                                       std::to_string(Below(99)) + ".5}"));
    }
    if (OneIn(15) && !members.empty()) members.push_back(members[Below(members.size())]);
    if (!OneIn(8)) members.push_back(Member("Items", List(OneIn(3) ? Below(60) : Below(4))));
    // Short arrays: a longer one is what ALongArrayAfterTheItems is about.
    while (OneIn(3))
      members.push_back(Member(Text() + "x", OneIn(2) ? "[" + Value(3) + "]" : Value(0)));
    std::shuffle(members.begin(), members.end(), random_);
    std::string body = Blank() + "{" + Blank();
    for (size_t i = 0; i < members.size(); ++i) body += (i > 0 ? "," : "") + members[i];
    return body + "}" + Blank();
  }

  std::string Broken(std::string body) {
    constexpr std::string_view kBytes = "\"\"\\\\[]{},:01aItems \n";
    for (size_t edits = 1 + Below(3); edits > 0 && !body.empty(); --edits) {
      const size_t at = Below(body.size());
      const char byte = kBytes[Below(kBytes.size())];
      switch (Below(4)) {
        case 0:
          body[at] = byte;
          break;
        case 1:
          body.insert(at, 1, byte);
          break;
        case 2:
          body.erase(at, 1 + Below(4));
          break;
        default:
          body.insert(Below(body.size()), body.substr(at, Below(30)));
      }
    }
    return body;
  }

 private:
  size_t Below(size_t bound) { return bound == 0 ? 0 : random_() % bound; }
  bool OneIn(size_t count) { return Below(count) == 0; }
  std::string Blank() { return OneIn(4) ? std::string(1 + Below(3), " \n\t\r"[Below(4)]) : ""; }

  std::string Text() {
    static const std::string kParts[] = {"a",
                                         R"(\")",
                                         R"(\\)",
                                         "[",
                                         "]",
                                         "{",
                                         "}",
                                         ":",
                                         ",",
                                         "Items",
                                         "Count",
                                         " ",
                                         "é",
                                         R"(\n)",
                                         "Last",
                                         R"(\/)",
                                         R"(\u0022)",
                                         R"(\u005c)",
                                         "LastEvaluatedKey",
                                         R"(\"],\"Items\":[)"};
    std::string text;
    while (!OneIn(3)) text += kParts[Below(std::size(kParts))];
    return text;
  }

  std::string Member(const std::string& name, const std::string& value) {
    return Blank() + "\"" + name + "\"" + Blank() + ":" + Blank() + value + Blank();
  }

  std::string Value(int depth) {
    switch (depth > 3 ? Below(3) : Below(5)) {
      case 0:
        return R"({"S":")" + Text() + "\"}";
      case 1:
        return R"({"N":"-1.5E+3"})";
      case 2:
        return OneIn(2) ? R"({"BOOL":true})" : R"({"NULL":true})";
      case 3:
        return R"({"M":)" + Item(depth + 1) + "}";
      default:
        return R"({"L":[)" + Value(depth + 1) + "," + Value(depth + 1) + "]}";
    }
  }

  std::string Item(int depth) {
    std::string item = "{";
    for (size_t i = 0, count = Below(4); i < count; ++i) {
      item += (i > 0 ? "," : "") +
              Member(OneIn(3) ? (OneIn(2) ? "Items" : "LastEvaluatedKey") : Text(), Value(depth));
    }
    return item + "}";
  }

  std::string List(size_t count) {
    std::string list = "[" + Blank();
    for (size_t i = 0; i < count; ++i) list += (i > 0 ? "," : "") + Item(0) + Blank();
    return list + "]";
  }

  std::mt19937_64 random_;
};

TEST(PageEnvelopeTest, BothWaysToReadFindTheSame) {
  const uint64_t seed = std::random_device()();
  SCOPED_TRACE("seed " + std::to_string(seed));
  PageMaker maker(seed);
  int found = 0;
  for (int i = 0; i < 5'000; ++i) {
    const std::string body = maker.Body();
    const auto difference = EnvelopeDifference(body);
    ASSERT_FALSE(difference) << *difference << ": " << body;
    const std::string broken = maker.Broken(body);
    const auto difference_broken = EnvelopeDifference(broken);
    ASSERT_FALSE(difference_broken) << *difference_broken << ": " << broken;
    Page page = PageOf(body);
    if (FindItems(body) && ReadPageEnvelope(page) && !page.last_evaluated_key.empty()) ++found;
  }
  // Else it compares the whole reader with itself.
  EXPECT_GT(found, 2'500);
}

}  // namespace
}  // namespace sumac::dynamodb
