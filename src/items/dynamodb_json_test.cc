#include "items/dynamodb_json.h"

#include <gtest/gtest.h>

namespace sumac::items {
namespace {

struct JsonCase {
  const char* dynamodb;
  const char* plain;  // null: refused
};

const JsonCase kCases[] = {
    {R"({})", R"({})"},
    {R"({"id":{"S":"a"},"n":{"N":"1.50"}})", R"({"id":"a","n":1.50})"},
    {R"( { "a" : { "NULL" : true } } )", R"({"a":null})"},
    {R"({"a":{"L":[{"B":"AA=="},{"BOOL":false}]},"b":{"SS":["x","y"]},"c":{"NS":["1","2"]}})",
     R"({"a":["AA==",false],"b":["x","y"],"c":[1,2]})"},
    {R"({"n":{"N":"12345678901234567890123456789012345678"}})",
     R"({"n":12345678901234567890123456789012345678})"},
    // A single value.
    {R"({"N":"1E125"})", "1E125"},
    {R"({"S":"text"})", R"("text")"},
    {R"({"NULL":true})", "null"},
    {R"({"L":[{"N":"1"}]})", "[1]"},
    {R"({"M":{"a":{"M":{}}}})", R"({"a":{}})"},
    // Names like the tags of types: an item, if it can be one.
    {R"({"S":{"S":"x"}})", R"({"S":"x"})"},
    {R"({"M":{"S":"x"}})", R"({"M":"x"})"},
    {R"({"M":{"S":{"S":"x"}}})", R"({"S":"x"})"},
    // Neither.
    {"", nullptr},
    {"null", nullptr},
    {"[]", nullptr},
    {R"("text")", nullptr},
    {R"({"a":1})", nullptr},
    {R"({"a":{"X":"1"}})", nullptr},
    {R"({"a":{"S":1}})", nullptr},
    {R"({"a":{"S":"x"})", nullptr},
    {R"({"a":{"S":"x"}} more)", nullptr},
    {R"({"N":"1"} {"N":"2"})", nullptr},
    {R"({"a":{"S":"x","N":"1"}})", nullptr},
    {R"({"a":{"N":"abc"}})", nullptr},
    {R"({"N":"Infinity"})", nullptr},
    {R"({"a":{"NS":["1","x"]}})", nullptr},
    {R"({"a":{"NULL":false}})", nullptr},
};

TEST(DynamoDbJson, BecomesPlainOrIsRefused) {
  for (const auto& one : kCases) {
    SCOPED_TRACE(one.dynamodb);
    const auto plain = DynamoDbJsonToPlainJson(one.dynamodb);
    ASSERT_EQ(plain.has_value(), one.plain != nullptr);
    if (plain) {
      EXPECT_EQ(*plain, one.plain);
    } else {
      EXPECT_EQ(plain.error().message.find('\n'), std::string::npos);
    }
  }
}

TEST(DynamoDbJson, HasABoundOnDepth) {
  const auto nested = [](int levels) {
    std::string text = R"({"N":"1"})";
    for (int i = 0; i < levels; ++i) text = R"({"L":[)" + text + "]}";
    return text;
  };
  EXPECT_TRUE(DynamoDbJsonToPlainJson(nested(32)));
  EXPECT_FALSE(DynamoDbJsonToPlainJson(nested(5'000)));
}

}  // namespace
}  // namespace sumac::items
