#include "aws/json_fields.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sumac::aws {
namespace {

std::string Repeat(const std::string& text, size_t count) {
  std::string all;
  for (size_t i = 0; i < count; ++i) all += text;
  return all;
}

TEST(JsonFieldsTest, AreAFlatMap) {
  const std::string deep = R"({"a":"A","d":)" + Repeat("[", 500) + Repeat("]", 500) + "}";
  using Plain = std::map<std::string, std::string>;
  struct Case {
    std::string text;
    Plain fields;
  };
  const Case cases[] = {
      {"{}", {}},
      {" {\n} ", {}},
      {R"({"a":"A","b":""})", {{"a", "A"}, {"b", ""}}},
      {R"({"a":"\u00fc\n\"\\\/"})", {{"a", "\xc3\xbc\n\"\\/"}}},
      {R"({"a":1,"b":-2.5,"c":1700003600000,"d":true,"e":false})",
       {{"a", "1"}, {"b", "-2.5"}, {"c", "1700003600000"}, {"d", "true"}, {"e", "false"}}},
      {R"({"a":null,"b":[],"c":["x",{"y":"z"}],"d":"D"})", {{"d", "D"}}},
      {R"({"o":{"a":"A","n":1,"p":{"q":"Q"},"l":["x"],"z":null},"o2":{}})",
       {{"o.a", "A"}, {"o.n", "1"}}},
      // The last of several stands.
      {R"({"a":"1","a":"2"})", {{"a", "2"}}},
      {R"({"":"empty"})", {{"", "empty"}}},
      {deep, {{"a", "A"}}},
  };
  for (const auto& [text, expected] : cases) {
    const auto fields = ParseJsonFields(text);
    ASSERT_TRUE(fields) << text;
    Plain plain;
    for (const auto& [name, value] : *fields) plain[name] = value.Reveal();
    EXPECT_EQ(plain, expected) << text;
  }
}

TEST(JsonFieldsTest, WhatIsNoObjectIsRefusedWithoutShowingIt) {
  for (const std::string& text :
       {std::string(""), std::string("hunter2"), std::string("\"hunter2\""),
        std::string("[\"hunter2\"]"), std::string("null"), std::string("{\"a\":\"hunter2\""),
        std::string("{\"a\":\"hunter2\"}}"), std::string("{\"a\":\"hunter2\",}"),
        std::string("{'a':'hunter2'}"), std::string("{\"a\" \"hunter2\"}"),
        std::string("{\"a\":\"hunter2\"} {}"), std::string("{\"hunter2\":\"\xff\"}"),
        std::string(64, '\0'), std::string("<html>hunter2</html>"), Repeat("{\"a\":", 100'000),
        Repeat("[", 100'000)}) {
    const auto fields = ParseJsonFields(text);
    ASSERT_FALSE(fields) << text.substr(0, 100);
    EXPECT_EQ(fields.error().code, ErrorCode::kDataCorrupt);
    EXPECT_EQ(fields.error().message, "the answer is no JSON object");
  }
}

TEST(JsonFieldsTest, LookUpTakesWhatIsMissingForEmpty) {
  const auto fields = ParseJsonFields(R"({"a":"A"})");
  EXPECT_EQ(Field(*fields, "a"), "A");
  EXPECT_EQ(Field(*fields, "b"), "");
  EXPECT_EQ(SecretField(*fields, "a").Reveal(), "A");
  EXPECT_TRUE(SecretField(*fields, "b").empty());
}

TEST(JsonFieldsTest, SetMembersKeepsTheOthers) {
  struct Case {
    std::string text;
    std::map<std::string, std::string> members;
    std::string expected;
  };
  const Case cases[] = {
      {"{}", {}, "{}"},
      {"", {}, "{}"},
      {"no JSON", {{"a", "A"}}, R"({"a":"A"})"},
      {R"({"x" : [1, {"a": null}], "a": 5})",
       {{"a", "q\"\n"}},
       R"({"x":[1,{"a":null}],"a":"q\"\n"})"},
      {R"({"a":1,"b":2,"a":3})", {{"a", "A"}, {"c", "C"}}, R"({"b":2,"a":"A","c":"C"})"},
      {R"({"k\"ey":"v\u0001"})", {}, R"({"k\"ey":"v\u0001"})"},
  };
  for (const auto& [text, members, expected] : cases) {
    JsonFields secret;
    for (const auto& [name, value] : members) secret[name] = SecretString(value);
    EXPECT_EQ(SetJsonMembers(SecretString(text), secret).Reveal(), expected) << text;
  }
}

}  // namespace
}  // namespace sumac::aws
