#include "filter_equivalence/broken_rules.h"

#include <algorithm>
#include <cstdlib>
#include <string>

namespace sumac::filter_equivalence {
namespace {

using dynamodb::Comparison;
using dynamodb::Condition;
using Kind = Condition::Kind;

template <typename Change>
void ChangeAll(Condition& condition, const Change& change) {
  for (auto& part : condition.parts) ChangeAll(part, change);
  change(condition);
}

// A rule that changes conditions wherever they stand.
template <typename Change>
BrokenRule Conditions(const char* what, Change change) {
  return {what,
          [change](FilterOutcome& outcome) {
            for (auto& condition : outcome.conditions) ChangeAll(condition, change);
          },
          nullptr};
}

// A rule that forgets some parts of AND or OR, as long as others are left.
template <typename Forgotten>
BrokenRule Forget(const char* what, Kind kind, Forgotten forgotten) {
  return Conditions(what, [kind, forgotten](Condition& condition) {
    if (condition.kind != kind) return;
    auto left = condition.parts;
    std::erase_if(left, forgotten);
    if (!left.empty()) condition.parts = std::move(left);
    // As the right rules would have written it.
    condition = kind == Kind::kAny ? Condition::Any(std::move(condition.parts))
                                   : Condition::All(std::move(condition.parts));
  });
}

BrokenRule Compare(const char* what, Comparison right, Comparison wrong) {
  return Conditions(what, [right, wrong](Condition& condition) {
    if (condition.kind == Kind::kCompare && condition.comparison == right && !condition.of_size) {
      condition.comparison = wrong;
    }
  });
}

bool IsText(const Condition& condition) {
  return condition.kind == Kind::kCompare && condition.values[0].starts_with("{\"S\"");
}

}  // namespace

std::vector<BrokenRule> BrokenRules() {
  std::vector<BrokenRule> rules;
  rules.push_back(Conditions("the last part of OR is forgotten", [](Condition& condition) {
    if (condition.kind == Kind::kAny && condition.parts.size() > 2) condition.parts.pop_back();
  }));
  rules.push_back(Conditions("OR is AND", [](Condition& condition) {
    if (condition.kind == Kind::kAny) condition.kind = Kind::kAll;
  }));
  rules.push_back(Compare("the lower end of a range is out", Comparison::kGreaterOrEqual,
                          Comparison::kGreater));
  rules.push_back(
      Compare("the upper end of a range is out", Comparison::kLessOrEqual, Comparison::kLess));
  rules.push_back(
      Compare("the upper end of an open range is in", Comparison::kLess, Comparison::kLessOrEqual));
  rules.push_back(Compare("<> is =", Comparison::kNotEqual, Comparison::kEqual));
  rules.push_back(Forget("what has another type is nothing", Kind::kAny,
                         [](const Condition& part) { return part.kind == Kind::kHasType; }));
  rules.push_back(Forget("what is missing is not NULL", Kind::kAny,
                         [](const Condition& part) { return part.kind == Kind::kNotExists; }));
  rules.push_back(
      Forget("a column of text shows strings alone", Kind::kAny,
             [](const Condition& part) { return part.kind == Kind::kCompare && !IsText(part); }));
  rules.push_back(Forget("<> is true of NULL", Kind::kAll, [](const Condition& part) {
    return part.kind == Kind::kNot || part.kind == Kind::kExists;
  }));
  rules.push_back(Conditions("the last value of IN is forgotten", [](Condition& condition) {
    if (condition.kind == Kind::kIn && condition.values.size() > 1) condition.values.pop_back();
  }));
  rules.push_back(Conditions("a prefix is all of it", [](Condition& condition) {
    if (condition.kind == Kind::kBeginsWith) {
      condition = Condition::Compare(condition.path, Comparison::kEqual, condition.values[0]);
    }
  }));
  rules.push_back(Conditions("elements are counted from 1", [](Condition& condition) {
    for (auto& step : condition.path) {
      if (step.element) ++*step.element;
    }
  }));
  rules.push_back(Conditions("a size is in characters", [](Condition& condition) {
    if (!condition.of_size || condition.comparison != Comparison::kLessOrEqual) return;
    // Of four units a character.
    const auto number = condition.values[0].substr(6);
    const auto units = std::strtoll(number.c_str(), nullptr, 10);
    condition.values[0] = "{\"N\":\"" + std::to_string(units / 4) + "\"}";
  }));
  rules.push_back(Conditions("a value of NOT is the value", [](Condition& condition) {
    if (condition.kind == Kind::kNot) {
      Condition part = condition.parts[0];
      condition = std::move(part);
    }
  }));
  rules.push_back({"all is exact", [](FilterOutcome& outcome) { outcome.exact = true; }, nullptr});
  rules.push_back({"a filter of two is one",
                   [](FilterOutcome& outcome) {
                     if (outcome.conditions.size() > 1) outcome.conditions.pop_back();
                   },
                   nullptr});
  rules.push_back({"the last query is forgotten", nullptr, [](planning::ReadPlan& plan) {
                     if (plan.key_conditions.size() > 1) plan.key_conditions.pop_back();
                   }});
  rules.push_back({"a query has no filter", nullptr, [](planning::ReadPlan& plan) {
                     if (!plan.key_conditions.empty()) plan.filter.reset();
                   }});
  return rules;
}

}  // namespace sumac::filter_equivalence
