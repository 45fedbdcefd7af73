#include "dynamodb/items_by_key.h"

#include <gtest/gtest.h>

#include "dynamodb/page_envelope.h"

namespace sumac::dynamodb {
namespace {

struct Case {
  const char* what;
  const char* body;
  const char* page;  // null when it is no answer
  uint64_t count;
  double units;
  const char* rest;
};

TEST(ItemsByKeyTest, MakesAPageOfWhatWasGot) {
  const Case cases[] = {
      {"an item",
       R"({"ConsumedCapacity":{"TableName":"t","CapacityUnits":0.5},"Item":{"a":{"S":"]}"}}})",
       R"({"Count":1,"Items":[{"a":{"S":"]}"}}]})", 1, 0.5, ""},
      {"no item", R"({"ConsumedCapacity":{"CapacityUnits":0.5}})", R"({"Count":0,"Items":[]})", 0,
       0.5, ""},
      {"nothing at all", "{}", R"({"Count":0,"Items":[]})", 0, 0, ""},
      {"a batch",
       R"({"Responses":{"t":[{"a":{"N":"1"}}, {"a":{"N":"2"}}]},"UnprocessedKeys":{},)"
       R"("ConsumedCapacity":[{"TableName":"t","CapacityUnits":1.5}]})",
       R"({"Count":2,"Items":[{"a":{"N":"1"}},{"a":{"N":"2"}}]})", 2, 1.5, ""},
      {"a batch of which some are left",
       R"({"UnprocessedKeys":{"t":{"ConsistentRead":true,"Keys":[ {"a":{"N":"3"}} ] }},)"
       R"("Responses":{"t":[]}})",
       R"({"Count":0,"Items":[]})", 0, 0, R"([ {"a":{"N":"3"}} ])"},
      {"null for what is absent", R"({"Item":null,"UnprocessedKeys":null,"ConsumedCapacity":null})",
       R"({"Count":0,"Items":[]})", 0, 0, ""},
      {"members that are not known", R"({"New":[1,{"Item":2}],"Item":{}})",
       R"({"Count":1,"Items":[{}]})", 1, 0, ""},
      {"no JSON", "{\"Item\":", nullptr, 0, 0, ""},
      {"more behind it", "{} {}", nullptr, 0, 0, ""},
      {"an array", "[]", nullptr, 0, 0, ""},
      {"an item that is none", R"({"Item":7})", nullptr, 0, 0, ""},
      {"items that are none", R"({"Responses":{"t":[7]}})", nullptr, 0, 0, ""},
      {"keys that are none", R"({"Responses":{},"UnprocessedKeys":{"t":{"Keys":7}}})", nullptr, 0,
       0, ""},
      {"keys that are missing", R"({"Responses":{},"UnprocessedKeys":{"t":{}}})", nullptr, 0, 0,
       ""},
      {"empty", "", nullptr, 0, 0, ""},
  };
  for (const auto& test : cases) {
    Page page;
    page.body = std::string_view(test.body);
    const auto made = MakePageOfItems(page);
    ASSERT_EQ(made.has_value(), test.page != nullptr) << test.what;
    if (!made) {
      EXPECT_TRUE(made.error().retryable) << test.what;
      continue;
    }
    EXPECT_EQ(page.body.view(), test.page) << test.what;
    EXPECT_EQ(page.count, test.count) << test.what;
    EXPECT_EQ(page.scanned_count, test.count) << test.what;
    EXPECT_EQ(page.consumed_read_units, test.units) << test.what;
    EXPECT_EQ(page.last_evaluated_key, test.rest) << test.what;
    // It is a page as any other.
    Page read;
    read.body = page.body;
    ASSERT_TRUE(ReadPageEnvelope(read)) << test.what;
    EXPECT_EQ(read.count, page.count) << test.what;
    EXPECT_EQ(read.items_begin, page.items_begin) << test.what;
    EXPECT_EQ(read.items_end, page.items_end) << test.what;
  }
}

}  // namespace
}  // namespace sumac::dynamodb
