#include "fake_dynamodb/condition_parser.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <simdjson.h>

namespace sumac::fake_dynamodb {
namespace {

// What parsing says; empty when the expression is good.
std::string Refusal(const std::string& expression) {
  simdjson::dom::parser parser;
  const simdjson::dom::object request = parser.parse(std::string(R"({
    "FilterExpression":"","ExpressionAttributeNames":{"#a":"a"},
    "ExpressionAttributeValues":{":s":{"S":"x"},":t":{"S":"a"},":n":{"N":"1"},":m":{"N":"0"},
      ":b":{"BOOL":true},":ss":{"SS":["a"]},":z":{"NULL":true},":l":{"L":[]}}})"));
  auto scope = ExpressionScope::Read(request, {"ProjectionExpression", "FilterExpression"});
  if (!scope) return scope.error().message;
  const auto condition = ParseCondition(expression, "FilterExpression", *scope);
  if (condition) return "";
  const std::string prefix = "Invalid FilterExpression: ";
  EXPECT_EQ(condition.error().message.substr(0, prefix.size()), prefix);
  return condition.error().message.substr(prefix.size());
}

TEST(ConditionParserTest, RefusesInTheServicesWords) {
  const std::string type =
      "Incorrect operand type for operator or function; operator or function: ";
  const std::string count =
      "Incorrect number of operands for operator or function; operator or function: ";
  const std::string misused =
      "The function is not allowed to be used this way in an expression; function: ";
  const std::string distinct =
      "The first operand must be distinct from the remaining operands for this operator or "
      "function; operator: ";
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"", "The expression can not be empty;"},
      {"a", R"(Syntax error; token: "<EOF>", near: "a")"},
      {"a =", R"(Syntax error; token: "<EOF>", near: "=")"},
      {"a = :s b", R"(Syntax error; token: "b", near: ":s b")"},
      {"a == :s", R"(Syntax error; token: "=", near: "== :s")"},
      {"a = 'x'", R"(Syntax error; token: "'", near: "= 'x")"},
      {"a = 1", R"(Syntax error; token: "1", near: "= 1")"},
      {"a AND b = :s", R"(Syntax error; token: "AND", near: "a AND b")"},
      {"(a = :s", R"(Syntax error; token: "<EOF>", near: ":s")"},
      {"a = :s)", "Syntax error; token: \")\", near: \":s)\""},
      {"a IN ()", "Syntax error; token: \")\", near: \"()\""},
      {"a IN :s", R"(Syntax error; token: ":s", near: "IN :s")"},
      {"a BETWEEN :s OR :t", R"(Syntax error; token: "OR", near: ":s OR :t")"},
      {"a[x] = :s", R"(Syntax error; token: "x", near: "[x]")"},
      {"a. = :s", R"(Syntax error; token: "=", near: ". = :s")"},
      {"(a = :s) = :t", "Syntax error; token: \"=\", near: \") = :t\""},
      {": = a", R"(Syntax error; token: ":", near: ": =")"},
      {"NOT", R"(Syntax error; token: "<EOF>", near: "NOT")"},
      {"((a = :s))", "The expression has redundant parentheses;"},
      {"length(a) = :n", "Invalid function name; function: length"},
      {"Size(a) = :n", "Invalid function name; function: Size"},
      {"size(a)", misused + "size"},
      {"NOT size(a)", misused + "size"},
      {"contains(a, :s) = :b", misused + "contains"},
      {"contains(a, begins_with(a, :s))", misused + "begins_with"},
      {"name = :s", "Attribute name is a reserved keyword; reserved keyword: name"},
      {"a.Status = :s", "Attribute name is a reserved keyword; reserved keyword: Status"},
      {"#b = :s",
       "An expression attribute name used in the document path is not defined; attribute name: #b"},
      {"a = :u",
       "An expression attribute value used in expression is not defined; attribute value: :u"},
      {"attribute_exists(a, b)", count + "attribute_exists, number of operands: 2"},
      {"begins_with(a)", count + "begins_with, number of operands: 1"},
      {"size(a, b) = :n", count + "size, number of operands: 2"},
      {"a = #a", distinct + "=, first operand: [a]"},
      {"a.b[1] < a.b[1]", distinct + "<, first operand: [a, b, [1]]"},
      {"contains(a, a)", distinct + "contains, first operand: [a]"},
      {"attribute_exists(:s)",
       "Operator or function requires a document path; operator or function: attribute_exists"},
      {"attribute_not_exists(size(a))",
       "Operator or function requires a document path; operator or function: "
       "attribute_not_exists"},
      {"begins_with(a, :n)", type + "begins_with, operand type: N"},
      {"begins_with(a, :ss)", type + "begins_with, operand type: SS"},
      {"begins_with(a, size(b))", type + "begins_with, operand type: N"},
      {"contains(:n, a)", type + "contains, operand type: N"},
      {"attribute_type(a, :n)", type + "attribute_type, operand type: N"},
      {"attribute_type(a, b)",
       type + "attribute_type, operand type: {NS,SS,L,BS,N,M,B,BOOL,NULL,S}"},
      {"attribute_type(a, :s)",
       "Invalid attribute type name found; type: x, valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}"},
      {"size(:n) = :n", type + "size, operand type: N"},
      {"a < :b", type + "<, operand type: BOOL"},
      {"a >= :z", type + ">=, operand type: NULL"},
      {"a BETWEEN :l AND :l", type + "BETWEEN, operand type: L"},
      {"a BETWEEN :s AND :t",
       "The BETWEEN operator requires upper bound to be greater than or equal to lower bound; "
       "lower bound operand: AttributeValue: {S:x}, upper bound operand: AttributeValue: {S:a}"},
      {"a BETWEEN :n AND :m",
       "The BETWEEN operator requires upper bound to be greater than or equal to lower bound; "
       "lower bound operand: AttributeValue: {N:1}, upper bound operand: AttributeValue: {N:0}"},
      {"a BETWEEN :n AND :s",
       "The BETWEEN operator requires same data type for lower and upper bounds; lower bound "
       "operand: AttributeValue: {N:1}, upper bound operand: AttributeValue: {S:x}"},
      // The first in the service's order, not in that of the text.
      {"a < :b AND name = :s", "Attribute name is a reserved keyword; reserved keyword: name"},
      {"a < :b AND name =", R"(Syntax error; token: "<EOF>", near: "=")"},
  };
  for (const auto& [expression, refusal] : cases) {
    SCOPED_TRACE(expression);
    EXPECT_EQ(Refusal(expression), refusal);
  }
}

std::string Repeated(const std::string& text, int count, const std::string& separator) {
  std::string all;
  for (int i = 0; i < count; ++i) all += (i > 0 ? separator : "") + text;
  return all;
}

TEST(ConditionParserTest, HoldsTheServicesBounds) {
  EXPECT_EQ(Refusal("a IN (" + Repeated(":s", 100, ",") + ")"), "");
  EXPECT_EQ(Refusal("a IN (" + Repeated(":s", 101, ",") + ")"),
            "The IN operator is provided with too many operands; number of operands: 101");
  const std::string equals = "a=:s";
  EXPECT_EQ(Refusal(equals + std::string(4096 - equals.size(), ' ')), "");
  EXPECT_EQ(Refusal(equals + std::string(4097 - equals.size(), ' ')),
            "Expression size has exceeded the maximum allowed size; expression size: 4097");
  // 150 comparisons and 149 times OR.
  EXPECT_EQ(Refusal(Repeated("a=:s", 150, " OR ")), "");
  EXPECT_EQ(Refusal(Repeated("a=:s", 151, " OR ")),
            "The expression contains too many operators; operator count: 301");
  EXPECT_NE(Refusal(std::string(4000, '(')), "");
  EXPECT_NE(Refusal(Repeated("NOT", 1000, " ") + " a=:s"), "");
  EXPECT_NE(Refusal(Repeated("size(", 800, "") + "a"), "");
}

std::string RequestRefusal(const std::string& members) {
  simdjson::dom::parser parser;
  const simdjson::dom::object request = parser.parse("{" + members + "}");
  auto scope = ExpressionScope::Read(request, {"ProjectionExpression", "FilterExpression"});
  return scope ? "" : scope.error().message;
}

TEST(ConditionParserTest, RefusesPlaceholdersThatCannotBe) {
  const std::string filter = R"("FilterExpression":"a=:s",)";
  const std::vector<std::pair<std::string, std::string>> cases = {
      {R"("ExpressionAttributeValues":{":s":{"S":"x"}})",
       "ExpressionAttributeValues can only be specified when using expressions: FilterExpression "
       "is null"},
      {filter + R"("ExpressionAttributeValues":{})", "ExpressionAttributeValues must not be empty"},
      {filter + R"("ExpressionAttributeValues":{"s":{"S":"x"}})",
       "ExpressionAttributeValues contains invalid key: Syntax error; key: \"s\""},
      {filter + R"("ExpressionAttributeNames":{"#a-b":"x"})",
       "ExpressionAttributeNames contains invalid key: Syntax error; key: \"#a-b\""},
  };
  for (const auto& [members, refusal] : cases) EXPECT_EQ(RequestRefusal(members), refusal);
  // Numbers that the service does not take, and what is no attribute value.
  for (const auto* value :
       {R"({"N":"x"})", R"({"N":""})", R"({"N":"1E126"})", R"({"N":"1E-131"})",
        R"({"N":"1.23456789012345678901234567890123456789"})", R"({"B":"A"})", R"({"S":1})",
        R"({})", R"({"Q":"1"})", R"({"S":"a","N":"1"})", R"({"NULL":false})"}) {
    SCOPED_TRACE(value);
    EXPECT_NE(RequestRefusal(filter + R"("ExpressionAttributeValues":{":s":)" + value + "}"), "");
  }
}

}  // namespace
}  // namespace sumac::fake_dynamodb
