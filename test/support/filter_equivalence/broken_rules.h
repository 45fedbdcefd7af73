// Rules of translation as they could be wrong, for showing that the comparison with DuckDB finds
// them. Each is a change of what the right rules made of a filter.
#pragma once

#include <functional>
#include <vector>

#include "filter_equivalence/filtered_items.h"
#include "planning/read_plan.h"

namespace sumac::filter_equivalence {

struct BrokenRule {
  const char* what;
  // One of the two.
  std::function<void(FilterOutcome&)> of_filter;
  std::function<void(planning::ReadPlan&)> of_plan;
};

std::vector<BrokenRule> BrokenRules();

}  // namespace sumac::filter_equivalence
