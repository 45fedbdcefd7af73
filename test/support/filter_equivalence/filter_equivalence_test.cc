// Filters by chance on tables by chance: what is read for them has every row that they are true
// for, and no other where they are said to be exact. And that this finds wrong rules.
// SUMAC_SEED and SUMAC_FILTERS: the seed, and how many filters are tried.
#include <algorithm>
#include <cstdlib>
#include <iostream>

#include <gtest/gtest.h>

#include "filter_equivalence/broken_rules.h"
#include "filter_equivalence/filtered_items.h"
#include "filter_equivalence/meets.h"
#include "filter_equivalence/random_filter.h"
#include "planning/read_plan.h"

namespace sumac::filter_equivalence {
namespace {

using dynamodb::Condition;
using planning::ReadPlan;

constexpr size_t kItems = 60;
constexpr int kFiltersOfTable = 60;

uint64_t FromEnvironment(const char* name, uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

// What of the items a plan finds. `scans` as the scan does that stands in for it.
Result<std::set<size_t>> Found(const std::vector<fake_dynamodb::AttributeMap>& items,
                               const ReadPlan& plan, bool scans) {
  std::set<size_t> all;
  for (size_t i = 0; i < items.size(); ++i) all.insert(i);
  std::set<size_t> found = all;
  if (plan.access_path == ReadPlan::AccessPath::kNothing) return std::set<size_t>{};
  const bool gets = plan.access_path == ReadPlan::AccessPath::kGetItems;
  if ((gets || plan.access_path == ReadPlan::AccessPath::kQuery) && !scans) {
    found.clear();
    auto keys = gets ? std::vector<Condition>() : plan.key_conditions;
    for (const auto& key : plan.keys) keys.push_back(KeyCondition(key));
    for (const auto& key : keys) {
      SUMAC_ASSIGN_OR_RETURN(const auto of_query, ItemsThatMeet(items, key));
      for (const auto item : of_query) {
        EXPECT_TRUE(found.insert(item).second) << "two requests find one item";
      }
    }
  }
  const auto& filter = scans ? plan.scan_filter : plan.filter;
  // Items that are got by key are not filtered.
  if (!filter || (gets && !scans)) return found;
  SUMAC_ASSIGN_OR_RETURN(const auto met, ItemsThatMeet(items, *filter));
  std::set<size_t> both;
  std::set_intersection(found.begin(), found.end(), met.begin(), met.end(),
                        std::inserter(both, both.end()));
  return both;
}

// What is wrong; empty when nothing is.
std::string Complaint(const std::set<size_t>& rows, const Result<std::set<size_t>>& found,
                      bool exact) {
  if (!found) return found.error().message;
  if (!std::includes(found->begin(), found->end(), rows.begin(), rows.end())) {
    std::string missed = "misses items";
    for (const auto row : rows) {
      if (found->count(row) == 0) missed += " " + std::to_string(row);
    }
    return missed;
  }
  if (!exact || *found == rows) return "";
  std::string more = "is not exact:";
  for (const auto item : *found) {
    if (rows.count(item) == 0) more += " " + std::to_string(item);
  }
  return more;
}

// For people: what a complaint is about.
std::string Story(const RandomTable& table, const std::string& filter, const ReadPlan& plan,
                  const std::string& complaint) {
  std::string story = complaint + "\n  WHERE " + filter + "\n  " + planning::OperationName(plan);
  for (const auto& key : plan.key_conditions) story += "\n  key " + dynamodb::ConditionText(key);
  if (plan.filter) story += "\n  filter " + dynamodb::ConditionText(*plan.filter);
  for (const auto& column : table.schema->columns) {
    story += "\n  " + column.sql_name + " " + column.shape.type.ToString();
  }
  std::string number;
  int shown = 0;
  for (const char c : complaint + " ") {
    if (c >= '0' && c <= '9') {
      number += c;
    } else if (!number.empty()) {
      const auto item = std::strtoull(number.c_str(), nullptr, 10);
      if (item < table.items.size() && ++shown <= 3)
        story += "\n  " + number + " " + table.items[item];
      number.clear();
    }
  }
  return story;
}

struct Counts {
  uint64_t asked = 0;
  uint64_t refused = 0;
  uint64_t narrowed = 0;
  uint64_t exact = 0;
  uint64_t by_key = 0;
};

dynamodb::TableDescription DescriptionOf(const RandomTable& table) {
  dynamodb::TableDescription description;
  description.keys = table.keys;
  return description;
}

// What is wrong with a plan for a filter that is true for `rows`.
std::string ComplaintOf(const std::vector<fake_dynamodb::AttributeMap>& items, const ReadPlan& plan,
                        const std::set<size_t>& rows, bool exact) {
  auto complaint = Complaint(rows, Found(items, plan, false), exact);
  if (complaint.empty() && plan.scan_filter) {
    complaint = Complaint(rows, Found(items, plan, true), exact);
  }
  return complaint;
}

TEST(FilterEquivalenceTest, WhatIsReadHasTheRowsOfTheFilter) {
  const uint64_t seed = FromEnvironment("SUMAC_SEED", 20261125);
  const uint64_t filters = FromEnvironment("SUMAC_FILTERS", 3000);
  std::cout << "SUMAC_SEED=" << seed << " SUMAC_FILTERS=" << filters << "\n";
  Counts counts;
  for (uint64_t number = 0; counts.asked < filters && !HasFailure(); ++number) {
    Random random(seed + number);
    FilteredItems items(MakeRandomTable(random, kItems));
    const auto& table = items.table();
    const auto read_items = ReadItems(table.items);
    const auto description = DescriptionOf(table);
    for (int i = 0; i < kFiltersOfTable; ++i) {
      const auto filter = MakeRandomFilter(random, *table.schema);
      ++counts.asked;
      const auto outcome = items.Ask(filter);
      if (!outcome) {
        ++counts.refused;
        if (std::getenv("SUMAC_VERBOSE"))
          std::cout << filter << ": " << outcome.error().message << "\n";
        continue;
      }
      if (!outcome->was_shown) continue;
      const auto plan = planning::PlanRead({outcome->conditions}, description);
      const bool exact = plan.exact && outcome->exact;
      counts.narrowed += outcome->conditions.empty() ? 0 : 1;
      counts.exact += exact ? 1 : 0;
      counts.by_key += plan.access_path == ReadPlan::AccessPath::kScan ? 0 : 1;
      const auto complaint = ComplaintOf(read_items, plan, outcome->rows, exact);
      EXPECT_EQ(complaint, "") << "table " << seed + number << ": "
                               << Story(table, filter, plan, complaint);
    }
  }
  std::cout << "asked " << counts.asked << ", refused " << counts.refused << ", narrowed "
            << counts.narrowed << ", exact " << counts.exact << ", by key " << counts.by_key
            << "\n";
  EXPECT_LT(counts.refused, counts.asked / 5);
  EXPECT_GT(counts.narrowed, counts.asked / 2);
  EXPECT_GT(counts.exact, counts.asked / 5);
}

// A filter, and what a broken rule makes of it.
bool IsFound(const BrokenRule& rule, const RandomTable& table,
             const std::vector<fake_dynamodb::AttributeMap>& items, FilterOutcome outcome) {
  if (rule.of_filter) rule.of_filter(outcome);
  auto plan = planning::PlanRead({outcome.conditions}, DescriptionOf(table));
  if (rule.of_plan) rule.of_plan(plan);
  const auto found = Found(items, plan, false);
  // What the service refuses is not what is meant here.
  return found && !Complaint(outcome.rows, found, plan.exact && outcome.exact).empty();
}

TEST(FilterEquivalenceTest, FindsRulesThatAreWrong) {
  constexpr uint64_t kTablesMax = 150;
  const uint64_t seed = FromEnvironment("SUMAC_SEED", 20261125) + 1'000'000;
  auto rules = BrokenRules();
  bool finds_negation = false;
  for (uint64_t number = 0; number < kTablesMax && !(rules.empty() && finds_negation); ++number) {
    Random random(seed + number);
    FilteredItems items(MakeRandomTable(random, kItems));
    const auto read_items = ReadItems(items.table().items);
    for (int i = 0; i < kFiltersOfTable; ++i) {
      const auto filter = MakeRandomFilter(random, *items.table().schema);
      const auto outcome = items.Ask(filter);
      if (!outcome || !outcome->was_shown) continue;
      std::erase_if(rules, [&](const BrokenRule& rule) {
        return IsFound(rule, items.table(), read_items, *outcome);
      });
      if (finds_negation || outcome->conditions.empty()) continue;
      // NOT of what may be true for others.
      const auto negation = items.Ask("NOT (" + filter + ")");
      if (!negation || !negation->was_shown) continue;
      auto wrong = *negation;
      wrong.conditions = {Condition::Not(Condition::All(outcome->conditions))};
      wrong.exact = false;
      finds_negation =
          !ComplaintOf(read_items, planning::PlanRead({wrong.conditions}, {}), wrong.rows, false)
               .empty();
    }
  }
  for (const auto& rule : rules) ADD_FAILURE() << "not found: " << rule.what;
  EXPECT_TRUE(finds_negation) << "not found: NOT of what may be true for others";
}

}  // namespace
}  // namespace sumac::filter_equivalence
