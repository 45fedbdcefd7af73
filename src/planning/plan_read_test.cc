#include <gtest/gtest.h>

#include "planning/key_sets.h"
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

// "Query: key | key; filter", "Scan: filter", "GetItem: key", "Nothing to read:".
std::string TextOf(const ReadPlan& plan) {
  std::string text = OperationName(plan);
  text += ":";
  if (plan.access_path == ReadPlan::AccessPath::kGetItems) {
    for (const auto& key : plan.keys) text += " " + key;
    return text;
  }
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
       R"(GetItem: {"customer":{"S":"ann"},"number":{"N":"7"}})"},
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
       R"(GetItem: {"customer":{"S":"ann"},"number":{"N":"7"}})"},
      {"the product of both keys",
       {Condition::In({"customer"}, {S("a"), S("b")}),
        Condition::In({"number"}, {N("2"), N("10")})},
       R"(BatchGetItem: {"customer":{"S":"a"},"number":{"N":"2"}})"
       R"( {"customer":{"S":"a"},"number":{"N":"10"}})"
       R"( {"customer":{"S":"b"},"number":{"N":"2"}})"
       R"( {"customer":{"S":"b"},"number":{"N":"10"}})"},
      {"a range of the sort key",
       {ann, Is("number", Comparison::kGreater, N("7"))},
       R"(Query: "customer" = {"S":"ann"} AND "number" > {"N":"7"})"},
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
      {"keys one by one, each once",
       {Condition::Any({Condition::All({Equal("customer", S("a")), Equal("number", N("1"))}),
                        Condition::All({Equal("number", N("2")), Equal("customer", S("b"))}),
                        Condition::All({Equal("customer", S("a")), Equal("number", N("1.0")),
                                        Equal("city", S("Oslo"))})}),
        Equal("city", S("Oslo"))},
       R"(BatchGetItem: {"customer":{"S":"a"},"number":{"N":"1"}} {"customer":{"S":"b"},"number":{"N":"2"}})"},
      {"keys, and a part without",
       {Condition::Any({Condition::All({Equal("customer", S("a")), Equal("number", N("1"))}),
                        Equal("customer", S("b"))})},
       R"(Query: "customer" = {"S":"a"} | "customer" = {"S":"b"})"},
      {"keys, of which none can be",
       {Condition::Any({Condition::All({Equal("customer", S("")), Equal("number", N("1"))}),
                        Condition::All({Equal("customer", N("7")), Equal("number", N("2"))})})},
       "Nothing to read:"},
      {"the empty key", {Equal("customer", S(""))}, "Nothing to read:"},
  };
  for (const auto& test : cases) {
    EXPECT_EQ(TextOf(PlanRead({test.conditions}, Orders())), test.plan) << test.what;
  }
}

TEST(PlanReadTest, QueriesThatCostMoreThanTheScanAreNone) {
  std::vector<std::string> values;
  for (int i = 100; i < 300; ++i) values.push_back(S(std::to_string(i)));
  const std::vector<Condition> conditions{Condition::In({"customer"}, values)};
  const auto path = [&](uint64_t size) { return PlanRead({conditions}, Orders(size)).access_path; };
  // 200 queries of half a unit; a scan of 8 KB a unit.
  EXPECT_EQ(path(101 * 8'192), ReadPlan::AccessPath::kQuery);
  EXPECT_EQ(path(99 * 8'192), ReadPlan::AccessPath::kScan);
  // Unknown is neither large nor small.
  EXPECT_EQ(path(0), ReadPlan::AccessPath::kScan);
  // So little is read without asking how large the table is.
  const auto of_small_table = [&](int queries) {
    std::vector<std::string> few(values.begin(), values.begin() + queries);
    return PlanRead({{Condition::In({"customer"}, few)}}, Orders(1)).access_path;
  };
  EXPECT_EQ(of_small_table(8), ReadPlan::AccessPath::kQuery);
  EXPECT_EQ(of_small_table(9), ReadPlan::AccessPath::kScan);
}

// Values come in the order of the service, which is that of bytes, however JSON writes them.
TEST(PlanReadTest, ComparesLiteralsAsTheServiceDoes) {
  const std::vector<std::string> in_order[] = {
      {S("\\u0001"), S("\\t"), S("!"), S("\\\""), S("#"), S("0"), S("["), S("\\\\"), S("]"), S("a"),
       S("a!"), S("a!\\\""), S("a\\\""), S("ab"), S("\xc3\xa9")},
      {R"({"B":"AA=="})", R"({"B":"AAE="})", R"({"B":"YQ=="})", R"({"B":"YWI="})",
       R"({"B":"/w=="})"},
      {N("-10"), N("-9.5"), N("0"), N("9"), N("1E1"), N("10.5")},
  };
  for (const auto& values : in_order) {
    for (size_t i = 0; i < values.size(); ++i) {
      for (size_t k = 0; k < values.size(); ++k) {
        const auto order = CompareLiterals(values[i], values[k]);
        ASSERT_TRUE(order.has_value()) << values[i] << " " << values[k];
        EXPECT_EQ(*order < 0, i < k) << values[i] << " " << values[k];
        EXPECT_EQ(*order == 0, i == k) << values[i] << " " << values[k];
      }
    }
  }
}

TEST(PlanReadTest, WholeNumbersWithinBoundsAreKeys) {
  dynamodb::TableDescription table;
  table.name = "events";
  table.keys = {{"id", dynamodb::KeyType::kNumber}};
  const auto at_least = [](const char* n) { return Is("id", Comparison::kGreaterOrEqual, N(n)); };
  const auto at_most = [](const char* n) { return Is("id", Comparison::kLessOrEqual, N(n)); };
  const std::vector<Condition> bounds{at_least("-1"), at_most("1")};
  EXPECT_EQ(TextOf(PlanRead({bounds, {"id"}}, table)),
            R"(BatchGetItem: {"id":{"N":"-1"}} {"id":{"N":"0"}} {"id":{"N":"1"}})");
  // There may be others between.
  EXPECT_EQ(PlanRead({bounds}, table).access_path, ReadPlan::AccessPath::kScan);
  const auto text_of = [&](const Condition& lower, const Condition& upper) {
    return TextOf(PlanRead({{lower, upper}, {"id"}}, table)).substr(0, 9);
  };
  EXPECT_EQ(text_of(at_least("7"), at_most("7.0")), "GetItem: ");
  EXPECT_EQ(text_of(at_least("7"), at_most("6")), "Nothing t");
  EXPECT_EQ(text_of(at_least("7.5"), at_most("9")), "Scan:; \"i");
  EXPECT_EQ(text_of(at_least("1"), at_most("1E20")), "Scan:; \"i");
  EXPECT_EQ(text_of(at_least("1"), at_most("900000")), "Scan:; \"i");
}

TEST(PlanReadTest, KeysThatCostMoreThanTheScanAreNone) {
  const auto path = [&](int keys, uint64_t items, uint64_t bytes) {
    std::vector<std::string> values;
    for (int i = 0; i < keys; ++i) values.push_back(N(std::to_string(i)));
    auto table = Orders(bytes);
    table.item_count = items;
    return PlanRead({{Equal("customer", S("a")), Condition::In({"number"}, values)}}, table)
        .access_path;
  };
  using AccessPath = ReadPlan::AccessPath;
  // 1,000 items of a million are 500 units, and the scan is 100,000,000 / 8,192.
  EXPECT_EQ(path(1'000, 1'000'000, 100'000'000), AccessPath::kGetItems);
  EXPECT_EQ(path(24'000, 1'000'000, 100'000'000), AccessPath::kGetItems);
  // All are of one partition.
  EXPECT_EQ(path(25'000, 1'000'000, 100'000'000), AccessPath::kQuery);
  // Items of 5 KB are two blocks each.
  EXPECT_EQ(path(1'200, 2'000, 10'000'000), AccessPath::kGetItems);
  EXPECT_EQ(path(1'300, 2'000, 10'000'000), AccessPath::kQuery);
  // One request for all, but 30 units where the partition is at most 2.
  EXPECT_EQ(path(60, 100, 16'000), AccessPath::kQuery);
  EXPECT_EQ(path(8, 100, 16'000), AccessPath::kGetItems);
  // A hundred requests where the size is unknown.
  EXPECT_EQ(path(10'000, 0, 0), AccessPath::kGetItems);
  EXPECT_EQ(path(10'001, 0, 0), AccessPath::kQuery);
  EXPECT_EQ(path(100'001, 1'000'000'000, 1'000'000'000'000), AccessPath::kQuery);
}

TEST(PlanReadTest, WhatIsNotAllowedIsReadAnotherWay) {
  const auto whole = PlanRead(
      {{Equal("customer", S("a")), Equal("number", N("1")), Equal("city", S("Oslo"))}}, Orders());
  ASSERT_EQ(whole.access_path, ReadPlan::AccessPath::kGetItems);
  EXPECT_EQ(TextOf(WithoutDenied(whole, {.get = true})),
            R"(Query: "customer" = {"S":"a"} AND "number" = {"N":"1"}; "city" = {"S":"Oslo"})");
  const char* scan =
      R"(Scan:; "customer" = {"S":"a"} AND "number" = {"N":"1"} AND "city" = {"S":"Oslo"})";
  EXPECT_EQ(TextOf(WithoutDenied(whole, {.get = true, .query = true})), scan);
  EXPECT_EQ(TextOf(WithoutDenied(WithoutDenied(whole, {.get = true}), {.query = true})), scan);
  EXPECT_EQ(TextOf(WithoutDenied(whole, {.query = true})), TextOf(whole));
  // More queries than are made where the size is unknown.
  std::vector<std::string> values;
  for (int i = 0; i < 2'000; ++i) values.push_back(N(std::to_string(i)));
  const auto many =
      PlanRead({{Equal("customer", S("a")), Condition::In({"number"}, values)}}, Orders());
  EXPECT_EQ(many.keys.size(), 2'000u);
  EXPECT_EQ(TextOf(WithoutDenied(many, {.get = true})),
            R"(Query: "customer" = {"S":"a"} AND "number" BETWEEN {"N":"0"} AND {"N":"1999"})");
}

TEST(PlanReadTest, LeavesOutWhatTheServiceRefuses) {
  std::vector<std::string> values;
  for (int i = 0; i < 100; ++i) values.push_back(S(std::to_string(i)));
  std::vector<Condition> conditions;
  for (int i = 0; i < 5; ++i) {
    conditions.push_back(Condition::In({"attribute" + std::to_string(i)}, values));
  }
  conditions.push_back(Equal("city", S("Oslo")));
  const auto plan = PlanRead({conditions}, Orders());
  ASSERT_TRUE(plan.filter.has_value());
  EXPECT_LE(dynamodb::ExpressionBytes(*plan.filter), 4'096u);
  EXPECT_NE(dynamodb::ConditionText(*plan.filter).find("Oslo"), std::string::npos);
  EXPECT_FALSE(plan.exact);
}

// A thousand comparisons of one column have their condition of its type in common. It is sent once,
// and as many of the others as there is room for.
TEST(PlanReadTest, SendsWhatComparisonsHaveInCommonOnce) {
  const auto has_type = Condition::HasType({"city"}, "S");
  std::vector<Condition> conditions;
  for (int i = 0; i < 1'000; ++i) {
    conditions.push_back(Condition::All(
        {Is("city", Comparison::kNotEqual, S("city " + std::to_string(i))), has_type}));
  }
  const auto plan = PlanRead({conditions}, Orders());
  ASSERT_TRUE(plan.filter.has_value());
  const auto text = dynamodb::ConditionText(*plan.filter);
  const auto count = [&text](const std::string& part) {
    size_t times = 0;
    for (auto at = text.find(part); at != text.npos; at = text.find(part, at + 1)) ++times;
    return times;
  };
  EXPECT_EQ(count("attribute_type"), 1u);
  EXPECT_GE(count("<>"), 90u);
  EXPECT_FALSE(plan.exact);
  const std::vector<Condition> few(conditions.begin(), conditions.begin() + 20);
  EXPECT_TRUE(PlanRead({few}, Orders()).exact);
}

TEST(PlanReadTest, KnowsWhetherItReadsJustWhatIsAskedFor) {
  const auto city = Equal("city", S("Oslo"));
  const auto ann = Equal("customer", S("ann"));
  const auto above = Is("number", Comparison::kGreater, N("7"));
  const auto below = Is("number", Comparison::kLess, N("9"));
  const auto most = Is("number", Comparison::kLessOrEqual, N("9"));
  struct ExactCase {
    const char* what;
    std::vector<Condition> conditions;
    bool exact;
  };
  const ExactCase cases[] = {
      {"everything", {}, true},
      {"a filter", {city}, true},
      {"the partition key and a filter", {ann, city}, true},
      {"an open range", {ann, above}, true},
      {"the tighter of two", {ann, Is("number", Comparison::kGreaterOrEqual, N("7")), above}, true},
      {"a closed range", {ann, Condition::Between({"number"}, N("1"), N("9")), most}, true},
      {"BETWEEN takes in its ends", {ann, above, most}, false},
      {"and its other end", {ann, Is("number", Comparison::kGreaterOrEqual, N("7")), below}, false},
      {"a range beside a value", {ann, Equal("number", N("7")), below}, false},
      {"all but one", {ann, Is("number", Comparison::kNotEqual, N("7"))}, false},
      {"a key within OR", {ann, Condition::Any({Equal("number", N("1")), city})}, false},
      {"a key and more within OR",
       {Condition::Any({Condition::All({ann, city}), Equal("customer", S("bob"))})},
       false},
      {"whole keys within OR",
       {Condition::Any({Condition::All({ann, Equal("number", N("1"))}),
                        Condition::All({ann, Equal("number", N("2"))})})},
       false},
      {"values of OR", {Condition::Any({ann, Equal("customer", S("bob"))})}, true},
      {"a bound that no key can be",
       {ann, Is("number", Comparison::kLessOrEqual, "{\"B\":\"\"}")},
       false},
      {"no value", {ann, Equal("customer", S("bob"))}, true},
      {"a filter that is too long", {Equal("city", S(std::string(2 << 20, 'x')))}, false},
  };
  for (const auto& test : cases) {
    EXPECT_EQ(PlanRead({test.conditions}, Orders()).exact, test.exact) << test.what;
  }
}

TEST(PlanReadTest, AScanStandsInForQueriesThatAreNotAllowed) {
  const auto plan = PlanRead({{Equal("customer", S("a")), Equal("city", S("Oslo"))}}, Orders());
  ASSERT_TRUE(plan.scan_filter.has_value());
  EXPECT_EQ(dynamodb::ConditionText(*plan.scan_filter),
            R"("customer" = {"S":"a"} AND "city" = {"S":"Oslo"})");
}

dynamodb::IndexDescription Index(const char* name, std::vector<dynamodb::KeyAttribute> partition,
                                 std::vector<dynamodb::KeyAttribute> sort) {
  dynamodb::IndexDescription index;
  index.name = name;
  index.partition_keys = std::move(partition);
  index.sort_keys = std::move(sort);
  return index;
}

TEST(PlanReadTest, AnIndexAnswersWhereItHoldsAllItems) {
  using dynamodb::KeyType;
  auto table = Orders();
  table.indexes = {
      Index("by_status", {{"status", KeyType::kString}}, {{"created", KeyType::kString}}),
      Index("by_score", {{"score", KeyType::kNumber}}, {{"total", KeyType::kNumber}}),
      Index("by_city", {{"country", KeyType::kString}, {"city", KeyType::kString}},
            {{"street", KeyType::kString}, {"house", KeyType::kNumber}}),
      Index("by_file", {{"file", KeyType::kBinary}}, {}),
  };
  const auto open = Equal("status", S("open"));
  const auto recent = Is("created", Comparison::kGreater, S("2026"));
  const auto text_or_number = Condition::Any({open, Equal("status", N("5"))});
  struct IndexCase {
    const char* what;
    std::vector<Condition> conditions;
    bool typed;
    const char* index;  // "" for none
  };
  const IndexCase cases[] = {
      {"both keys", {open, recent}, true, "by_status"},
      {"a range may have strings that no key can be", {open, recent}, false, ""},
      {"both values", {open, Equal("created", S("2026"))}, false, "by_status"},
      {"the other key may be missing", {open}, true, ""},
      {"it may not", {open, Condition::Exists({"created"})}, true, "by_status"},
      {"or have another type", {open, Condition::Exists({"created"})}, false, ""},
      {"another type, which is not asked for", {text_or_number, recent}, true, "by_status"},
      {"another type", {text_or_number, Equal("created", S("x"))}, false, ""},
      {"a value that is no key", {Equal("status", S("")), recent}, false, ""},
      {"what is not equal", {open, Is("created", Comparison::kNotEqual, S("x"))}, true, ""},
      {"what is missing", {open, Condition::NotExists({"created"})}, true, ""},
      {"in one of two cases", {open, Condition::Any({recent, Equal("city", S("x"))})}, true, ""},
      {"in both cases",
       {open, Condition::Any({recent, Equal("created", S("1"))})},
       true,
       "by_status"},
      {"numbers",
       {Equal("score", N("1")), Is("total", Comparison::kLess, N("9"))},
       false,
       "by_score"},
      {"bytes", {Equal("file", "{\"B\":\"YWI=\"}")}, false, "by_file"},
      {"of several attributes, all",
       {Equal("country", S("no")), Equal("city", S("Oslo")), Equal("street", S("x")),
        Equal("house", N("1"))},
       false,
       "by_city"},
      {"and not one",
       {Equal("country", S("no")), Equal("street", S("x")), Equal("house", N("1"))},
       true,
       ""},
      {"the key of the table knows as much", {Equal("customer", S("a")), open}, true, ""},
  };
  for (const auto& test : cases) {
    ReadDemand demand{.conditions = test.conditions};
    if (test.typed) demand.typed = {"status", "created", "country", "city", "street", "house"};
    EXPECT_EQ(PlanRead(demand, table).index_name, test.index) << test.what;
    demand.consistent_read = true;
    EXPECT_EQ(PlanRead(demand, table).index_name, "") << test.what;
  }
}

TEST(PlanReadTest, OfSeveralSortKeysTheFirstThatIsARangeIsTheLast) {
  using dynamodb::KeyType;
  auto table = Orders();
  table.indexes = {Index(
      "by_place", {{"country", KeyType::kString}},
      {{"city", KeyType::kString}, {"house", KeyType::kNumber}, {"floor", KeyType::kNumber}})};
  ReadDemand demand;
  demand.typed = {"country", "city", "house", "floor"};
  demand.conditions = {Equal("country", S("no")), Equal("city", S("Oslo")),
                       Is("house", Comparison::kGreater, N("3")), Equal("floor", N("2"))};
  const auto plan = PlanRead(demand, table);
  EXPECT_EQ(TextOf(plan),
            R"(Query: "country" = {"S":"no"} AND "city" = {"S":"Oslo"} AND "house" > {"N":"3"})");
  EXPECT_FALSE(plan.exact);
}

TEST(PlanReadTest, WhatAnIndexDoesNotHoldIsGotByKey) {
  using Projection = dynamodb::IndexDescription::Projection;
  auto table = Orders(8'192'000);
  table.item_count = 10'000;
  auto index = Index("by_score", {{"score", dynamodb::KeyType::kNumber}}, {});
  index.projection = Projection::kInclude;
  index.included = {"city"};
  table.indexes = {index};
  ReadDemand demand;
  demand.conditions = {Equal("score", N("1")), Equal("city", S("Oslo")), Equal("note", S("x"))};
  demand.attributes = {{"customer", "score", "city"}};
  const auto covered = PlanRead(demand, table);
  EXPECT_FALSE(covered.completed_by_key);
  // What is not in the index would look as if it were missing.
  EXPECT_EQ(TextOf(covered), R"(Query: "score" = {"N":"1"}; "city" = {"S":"Oslo"})");
  EXPECT_FALSE(covered.exact);

  demand.attributes.reset();
  const auto completed = PlanRead(demand, table);
  EXPECT_TRUE(completed.completed_by_key);
  // A scan takes 1,000 units, an item half of one.
  EXPECT_EQ(completed.completed_keys_max, 2'000u);
  const char* scan =
      R"(Scan:; "score" = {"N":"1"} AND "city" = {"S":"Oslo"} AND "note" = {"S":"x"})";
  EXPECT_EQ(TextOf(WithoutDenied(completed, {.index = true})), scan);
  EXPECT_EQ(TextOf(WithoutDenied(completed, {.get = true})), scan);

  demand.indexes = false;
  EXPECT_EQ(TextOf(PlanRead(demand, table)), scan);
  demand.indexes = true;
  // The service completes local indexes by itself.
  table.indexes[0].is_local = true;
  EXPECT_FALSE(PlanRead(demand, table).completed_by_key);
  table.indexes[0].active = false;
  EXPECT_EQ(PlanRead(demand, table).index_name, "");
}

}  // namespace
}  // namespace sumac::planning
