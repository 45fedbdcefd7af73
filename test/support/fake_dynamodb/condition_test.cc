#include "fake_dynamodb/condition.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <simdjson.h>

#include "fake_dynamodb/condition_parser.h"

namespace sumac::fake_dynamodb {
namespace {

// Every name of a test's expression that begins with "#" stands for itself without it, so that
// reserved words and odd cases can be written.
constexpr const char* kNames =
    R"({"#n":"n","#s":"s","#name":"name","#m":"m","#missing":"missing"})";

bool Evaluate(const std::string& expression, const std::string& values, const std::string& item) {
  // Only what is used may be given, so names and values are added to an expression that uses all.
  const auto request =
      values == "{}"
          ? fmt::format(R"({{"FilterExpression":"","ExpressionAttributeNames":{}}})", kNames)
          : fmt::format(R"({{"FilterExpression":"","ExpressionAttributeNames":{},)"
                        R"("ExpressionAttributeValues":{}}})",
                        kNames, values);
  simdjson::dom::parser parser;
  const simdjson::dom::object object = parser.parse(request);
  auto scope = ExpressionScope::Read(object, {"ProjectionExpression", "FilterExpression"});
  EXPECT_TRUE(scope.has_value()) << scope.error().message;
  if (!scope) return false;
  const auto condition = ParseCondition(expression, "FilterExpression", *scope);
  EXPECT_TRUE(condition.has_value()) << condition.error().message;
  const auto attributes = ReadAttributeMap(item);
  EXPECT_TRUE(attributes.has_value());
  return condition && attributes && Matches(*condition, *attributes);
}

struct MatchCase {
  const char* expression;
  const char* values;  // what :v, :w, ... are
  bool matches;
};

// What most cases look at.
constexpr const char* kItem = R"({
  "n":{"N":"10"},"s":{"S":"abcä"},"b":{"B":"AP8B"},"t":{"BOOL":true},"z":{"NULL":true},
  "l":{"L":[{"N":"1"},{"S":"x"},{"M":{"d":{"N":"5"}}},{"L":[{"S":"in"}]}]},
  "m":{"M":{"f":{"S":"g"},"a.b":{"N":"1"},"e":{"M":{}}}},
  "ss":{"SS":["a","b"]},"ns":{"NS":["1","2.50"]},"bs":{"BS":["AA==","AQ=="]},
  "empty":{"S":""},"n2":{"N":"10.0"},"name":{"S":"reserved"}})";

const MatchCase kComparisons[] = {
    {"n = :v", R"({":v":{"N":"10"}})", true},
    {"n = :v", R"({":v":{"N":"1.0E1"}})", true},
    {"n = :v", R"({":v":{"S":"10"}})", false},
    {"n <> :v", R"({":v":{"S":"10"}})", true},
    {"n <> :v", R"({":v":{"N":"10.00"}})", false},
    {":v = n", R"({":v":{"N":"10"}})", true},
    {"n = n2", "{}", true},
    {"n <> n2", "{}", false},
    // Of different types nothing is less.
    {"n < :v", R"({":v":{"S":"9"}})", false},
    {"n >= :v", R"({":v":{"S":"9"}})", false},
    {"NOT n < :v", R"({":v":{"S":"9"}})", true},
    // By value, not by digits.
    {"n > :v", R"({":v":{"N":"9"}})", true},
    {"n > :v", R"({":v":{"N":"-11"}})", true},
    {"n >= :v", R"({":v":{"N":"10.000000000000000000000000000000000001"}})", false},
    {"n < :v", R"({":v":{"N":"10.000000000000000000000000000000000002"}})", true},
    {"n > :v", R"({":v":{"N":"1E-130"}})", true},
    {"n < :v", R"({":v":{"N":"9.9E+125"}})", true},
    {"n <= :v", R"({":v":{"N":"10"}})", true},
    // "ä" is two bytes above all of ASCII.
    {"s > :v", R"({":v":{"S":"abcz"}})", true},
    {"s < :v", R"({":v":{"S":"abd"}})", true},
    {"s <= :v", R"({":v":{"S":"abc"}})", false},
    {"empty < :v", R"({":v":{"S":"a"}})", true},
    // Bytes 00 ff 01: unsigned.
    {"b = :v", R"({":v":{"B":"AP8B"}})", true},
    {"b > :v", R"({":v":{"B":"AH8="}})", true},
    {"b < :v", R"({":v":{"B":"AQ=="}})", true},
    {"t = :v", R"({":v":{"BOOL":true}})", true},
    {"t = :v", R"({":v":{"BOOL":false}})", false},
    {"z = :v", R"({":v":{"NULL":true}})", true},
    {"z <> :v", R"({":v":{"BOOL":true}})", true},
    {"ss = :v", R"({":v":{"SS":["b","a"]}})", true},
    {"ss = :v", R"({":v":{"SS":["b"]}})", false},
    {"ns = :v", R"({":v":{"NS":["2.5","1.0"]}})", true},
    {"bs = :v", R"({":v":{"BS":["AQ==","AA=="]}})", true},
    {"ss <> :v", R"({":v":{"L":[{"S":"a"},{"S":"b"}]}})", true},
    {"m = :v", R"({":v":{"M":{"e":{"M":{}},"a.b":{"N":"1.0"},"f":{"S":"g"}}}})", true},
    {"m = :v", R"({":v":{"M":{"f":{"S":"g"}}}})", false},
    {"l = :v", R"({":v":{"L":[{"N":"1"},{"S":"x"},{"M":{"d":{"N":"5"}}},{"L":[{"S":"in"}]}]}})",
     true},
    {"l = :v", R"({":v":{"L":[{"S":"x"},{"N":"1"}]}})", false},
};

const MatchCase kMissing[] = {
    {"missing = :v", R"({":v":{"N":"10"}})", false},
    {"missing <> :v", R"({":v":{"N":"10"}})", true},
    {"missing < :v", R"({":v":{"N":"10"}})", false},
    {"missing >= :v", R"({":v":{"N":"10"}})", false},
    {"missing = absent", "{}", false},
    {"missing <> absent", "{}", true},
    {"NOT missing = :v", R"({":v":{"N":"10"}})", true},
    {"NOT missing <> :v", R"({":v":{"N":"10"}})", false},
    {"missing BETWEEN :v AND :w", R"({":v":{"N":"1"},":w":{"N":"2"}})", false},
    {"missing IN (:v)", R"({":v":{"N":"1"}})", false},
    {"attribute_exists(missing)", "{}", false},
    {"attribute_not_exists(missing)", "{}", true},
    {"attribute_exists(z)", "{}", true},
    {"attribute_not_exists(z)", "{}", false},
    {"attribute_type(missing, :v)", R"({":v":{"S":"S"}})", false},
    {"begins_with(missing, :v)", R"({":v":{"S":""}})", false},
    {"contains(missing, :v)", R"({":v":{"S":""}})", false},
    {"size(missing) = :v", R"({":v":{"N":"0"}})", false},
    {"size(missing) <> :v", R"({":v":{"N":"0"}})", true},
    {"size(n) >= :v", R"({":v":{"N":"0"}})", false},
};

const MatchCase kFunctions[] = {
    {"n BETWEEN :v AND :w", R"({":v":{"N":"10"},":w":{"N":"10"}})", true},
    {"n BETWEEN :v AND :w", R"({":v":{"N":"9"},":w":{"N":"9.9"}})", false},
    {"n between :v and :w", R"({":v":{"S":"0"},":w":{"S":"9"}})", false},
    {":v BETWEEN n AND s", R"({":v":{"N":"11"}})", false},
    {"n IN (:v, :w)", R"({":v":{"N":"1"},":w":{"N":"10.0"}})", true},
    {"n IN (:v)", R"({":v":{"S":"10"}})", false},
    {"n IN (:v, n2)", R"({":v":{"S":"10"}})", true},
    {"attribute_type(n, :v)", R"({":v":{"S":"N"}})", true},
    {"attribute_type(z, :v)", R"({":v":{"S":"NULL"}})", true},
    {"attribute_type(ss, :v)", R"({":v":{"S":"L"}})", false},
    {"begins_with(s, :v)", R"({":v":{"S":"ab"}})", true},
    {"begins_with(s, :v)", R"({":v":{"S":"abcä "}})", false},
    {"begins_with(s, :v)", R"({":v":{"S":""}})", true},
    {"begins_with(b, :v)", R"({":v":{"B":"AP8="}})", true},
    {"begins_with(n, :v)", R"({":v":{"S":"1"}})", false},
    {"contains(s, :v)", R"({":v":{"S":"bc"}})", true},
    {"contains(s, :v)", R"({":v":{"S":"ac"}})", false},
    {"contains(b, :v)", R"({":v":{"B":"/w=="}})", true},
    {"contains(ss, :v)", R"({":v":{"S":"b"}})", true},
    // Of a set, a whole element.
    {"contains(ss, :v)", R"({":v":{"S":""}})", false},
    {"contains(ns, :v)", R"({":v":{"N":"2.5"}})", true},
    {"contains(ns, :v)", R"({":v":{"S":"1"}})", false},
    {"contains(bs, :v)", R"({":v":{"B":"AQ=="}})", true},
    {"contains(l, :v)", R"({":v":{"N":"1.0"}})", true},
    {"contains(l, :v)", R"({":v":{"M":{"d":{"N":"5"}}}})", true},
    {"contains(l, :v)", R"({":v":{"S":"in"}})", false},
    {"contains(n, :v)", R"({":v":{"N":"1"}})", false},
    {"contains(m, :v)", R"({":v":{"S":"f"}})", false},
    {"size(s) = :v", R"({":v":{"N":"4"}})", true},
    {"size(empty) = :v", R"({":v":{"N":"0"}})", true},
    {"size(b) = :v", R"({":v":{"N":"3"}})", true},
    {"size(ss) = :v", R"({":v":{"N":"2"}})", true},
    {"size(l) = :v", R"({":v":{"N":"4"}})", true},
    {"size(m) = :v", R"({":v":{"N":"3"}})", true},
    {"size(l) > size(ss)", "{}", true},
    {"size(s) BETWEEN :v AND :w", R"({":v":{"N":"4"},":w":{"N":"5"}})", true},
    {"size(s) IN (:v)", R"({":v":{"N":"4"}})", true},
};

const MatchCase kPathsAndLogic[] = {
    {"m.f = :v", R"({":v":{"S":"g"}})", true},
    {"#m.f = :v", R"({":v":{"S":"g"}})", true},
    {"#name = :v", R"({":v":{"S":"reserved"}})", true},
    {"l[0] = :v", R"({":v":{"N":"1"}})", true},
    {"l[2].d = :v", R"({":v":{"N":"5"}})", true},
    {"l[3][0] = :v", R"({":v":{"S":"in"}})", true},
    {"attribute_exists(l[4])", "{}", false},
    {"attribute_exists(m.e.x)", "{}", false},
    {"attribute_exists(s.f)", "{}", false},
    {"attribute_exists(ss[0])", "{}", false},
    {"attribute_exists(m[0])", "{}", false},
    {"attribute_exists(m.e)", "{}", true},
    // AND binds before OR, NOT before both.
    {"n = :v OR n = :w AND s = :w", R"({":v":{"N":"10"},":w":{"N":"0"}})", true},
    {"(n = :v OR n = :w) AND s = :w", R"({":v":{"N":"10"},":w":{"N":"0"}})", false},
    {"NOT n = :v AND s = :v", R"({":v":{"N":"10"}})", false},
    {"NOT (n = :v AND s = :v)", R"({":v":{"N":"10"}})", true},
    {"NOT NOT n = :v", R"({":v":{"N":"10"}})", true},
    {"n = :v AND s = :v OR attribute_exists(n)", R"({":v":{"N":"10"}})", true},
    {"not n = :v or attribute_exists (n) and size ( s )=:w", R"({":v":{"N":"10"},":w":{"N":"4"}})",
     true},
    {"n BETWEEN :v AND :v AND s = :v", R"({":v":{"N":"10"}})", false},
    {"(n) = :v", R"({":v":{"N":"10"}})", true},
    {"(n = :v) AND (s <> :v)", R"({":v":{"N":"10"}})", true},
    {"((n = :v) AND (s <> :v)) OR n = :v", R"({":v":{"N":"10"}})", true},
};

void Check(const MatchCase& match) {
  SCOPED_TRACE(fmt::format("{} {}", match.expression, match.values));
  EXPECT_EQ(Evaluate(match.expression, match.values, kItem), match.matches);
}

TEST(ConditionTest, ComparesValuesOfAllTypes) {
  for (const auto& match : kComparisons) Check(match);
}

TEST(ConditionTest, MissingAttributesAreUnequalToAll) {
  for (const auto& match : kMissing) Check(match);
}

TEST(ConditionTest, EvaluatesFunctionsAndRanges) {
  for (const auto& match : kFunctions) Check(match);
}

TEST(ConditionTest, FollowsPathsAndLogic) {
  for (const auto& match : kPathsAndLogic) Check(match);
}

TEST(ConditionTest, SizesOfTextAreInUtf16Units) {
  EXPECT_TRUE(Evaluate("size(s) = :v", R"({":v":{"N":"3"}})", R"({"s":{"S":"é𝄞"}})"));
}

}  // namespace
}  // namespace sumac::fake_dynamodb
