#include "dynamodb/page_envelope.h"

#include <gtest/gtest.h>

namespace sumac::dynamodb {
namespace {

Result<Page> Read(const std::string& body) {
  Page page;
  page.body = body;
  page.body.reserve(page.body.size() + net::kBodyPaddingBytes);
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

}  // namespace
}  // namespace sumac::dynamodb
