#include <gtest/gtest.h>

#include "planning/read_plan.h"

namespace sumac::planning {
namespace {

using dynamodb::Comparison;
using dynamodb::Condition;

std::string S(const std::string& text) {
  return "{\"S\":\"" + text + "\"}";
}
std::string N(const std::string& text) {
  return "{\"N\":\"" + text + "\"}";
}

Condition Is(const std::string& name, Comparison comparison, const std::string& value) {
  return Condition::Compare({name}, comparison, value);
}
Condition Equal(const std::string& name, const std::string& value) {
  return Is(name, Comparison::kEqual, value);
}

dynamodb::TableDescription Orders(uint64_t size_bytes = 0) {
  dynamodb::TableDescription table;
  table.name = "orders";
  table.keys = {{"customer", dynamodb::KeyType::kString}, {"number", dynamodb::KeyType::kNumber}};
  table.size_bytes = size_bytes;
  return table;
}

// "Query: key | key; filter", "Scan: filter", "Nothing to read:".
std::string TextOf(const ReadPlan& plan) {
  std::string text = OperationName(plan.access_path);
  text += ":";
  for (size_t i = 0; i < plan.key_conditions.size(); ++i) {
    text += (i > 0 ? " | " : " ") + dynamodb::ConditionText(plan.key_conditions[i]);
  }
  if (plan.filter) text += "; " + dynamodb::ConditionText(*plan.filter);
  return text;
}

struct Case {
  const char* what;
  std::vector<Condition> conditions;
  const char* plan;
};

TEST(PlanReadTest, ReadsTheFewestItems) {
  const auto city = Equal("city", S("Oslo"));
  const auto ann = Equal("customer", S("ann"));
  const Case cases[] = {
      {"nothing is asked", {}, "Scan:"},
      {"a filter", {city}, R"(Scan:; "city" = {"S":"Oslo"})"},
      {"the partition key", {ann}, R"(Query: "customer" = {"S":"ann"})"},
      {"and a filter", {ann, city}, R"(Query: "customer" = {"S":"ann"}; "city" = {"S":"Oslo"})"},
      {"the whole key",
       {ann, Equal("number", N("7"))},
       R"(Query: "customer" = {"S":"ann"} AND "number" = {"N":"7"})"},
      {"the sort key alone", {Equal("number", N("7"))}, R"(Scan:; "number" = {"N":"7"})"},
      {"a range of the partition key",
       {Is("customer", Comparison::kGreater, S("a"))},
       R"(Scan:; "customer" > {"S":"a"})"},
      {"several partitions",
       {Condition::In({"customer"}, {S("b"), S("a"), S("b")})},
       R"(Query: "customer" = {"S":"a"} | "customer" = {"S":"b"})"},
      {"by OR",
       {Condition::Any({Equal("customer", S("b")), Equal("customer", S("a"))})},
       R"(Query: "customer" = {"S":"a"} | "customer" = {"S":"b"})"},
      {"those that are in both",
       {Condition::In({"customer"}, {S("a"), S("b")}),
        Condition::In({"customer"}, {S("b"), S("c")})},
       R"(Query: "customer" = {"S":"b"})"},
      {"none is in both",
       {Condition::In({"customer"}, {S("a")}), Equal("customer", S("c"))},
       "Nothing to read:"},
      {"numbers are the same however they are written",
       {ann, Equal("number", N("7")), Equal("number", N("7.0"))},
       R"(Query: "customer" = {"S":"ann"} AND "number" = {"N":"7"})"},
      {"the product of both keys",
       {Condition::In({"customer"}, {S("a"), S("b")}),
        Condition::In({"number"}, {N("2"), N("10")})},
       R"(Query: "customer" = {"S":"a"} AND "number" = {"N":"2"})"
       R"( | "customer" = {"S":"a"} AND "number" = {"N":"10"})"
       R"( | "customer" = {"S":"b"} AND "number" = {"N":"2"})"
       R"( | "customer" = {"S":"b"} AND "number" = {"N":"10"})"},
      {"a range of the sort key",
       {ann, Is("number", Comparison::kGreater, N("7"))},
       R"(Query: "customer" = {"S":"ann"} AND "number" >= {"N":"7"})"},
      {"the tightest range",
       {ann, Is("number", Comparison::kGreater, N("7")),
        Is("number", Comparison::kGreater, N("10")), Is("number", Comparison::kLess, N("1E3")),
        Is("number", Comparison::kLessOrEqual, N("99.5"))},
       R"(Query: "customer" = {"S":"ann"} AND "number" BETWEEN {"N":"10"} AND {"N":"99.5"})"},
      {"a range that is none",
       {ann, Is("number", Comparison::kGreater, N("7")), Is("number", Comparison::kLess, N("-8"))},
       "Nothing to read:"},
      {"a filter on the key within OR is no filter of a query",
       {ann, Condition::Any({Equal("number", N("1")), city})},
       R"(Query: "customer" = {"S":"ann"})"},
      {"a key that is too long",
       {Equal("customer", S(std::string(2'049, 'x')))},
       "Nothing to read:"},
      {"the empty key", {Equal("customer", S(""))}, "Nothing to read:"},
  };
  for (const auto& test : cases) {
    EXPECT_EQ(TextOf(PlanRead(test.conditions, Orders())), test.plan) << test.what;
  }
}

TEST(PlanReadTest, QueriesThatCostMoreThanTheScanAreNone) {
  std::vector<std::string> values;
  for (int i = 100; i < 300; ++i) values.push_back(S(std::to_string(i)));
  const std::vector<Condition> conditions{Condition::In({"customer"}, values)};
  const auto path = [&](uint64_t size) { return PlanRead(conditions, Orders(size)).access_path; };
  // 200 queries of half a unit; a scan of 8 KB a unit.
  EXPECT_EQ(path(101 * 8'192), ReadPlan::AccessPath::kQuery);
  EXPECT_EQ(path(99 * 8'192), ReadPlan::AccessPath::kScan);
  // Unknown is neither large nor small.
  EXPECT_EQ(path(0), ReadPlan::AccessPath::kScan);
  // One or two are few.
  EXPECT_EQ(PlanRead({Equal("customer", S("x"))}, Orders(1)).access_path,
            ReadPlan::AccessPath::kQuery);
}

TEST(PlanReadTest, LeavesOutWhatTheServiceRefuses) {
  std::vector<std::string> values;
  for (int i = 0; i < 100; ++i) values.push_back(S(std::to_string(i)));
  std::vector<Condition> conditions;
  for (int i = 0; i < 5; ++i) {
    conditions.push_back(Condition::In({"attribute" + std::to_string(i)}, values));
  }
  conditions.push_back(Equal("city", S("Oslo")));
  const auto plan = PlanRead(conditions, Orders());
  ASSERT_TRUE(plan.filter.has_value());
  EXPECT_LE(dynamodb::ExpressionBytes(*plan.filter), 4'096u);
  EXPECT_NE(dynamodb::ConditionText(*plan.filter).find("Oslo"), std::string::npos);
}

TEST(PlanReadTest, AScanStandsInForQueriesThatAreNotAllowed) {
  const auto plan = PlanRead({Equal("customer", S("a")), Equal("city", S("Oslo"))}, Orders());
  ASSERT_TRUE(plan.scan_filter.has_value());
  EXPECT_EQ(dynamodb::ConditionText(*plan.scan_filter),
            R"("customer" = {"S":"a"} AND "city" = {"S":"Oslo"})");
}

}  // namespace
}  // namespace sumac::planning
