// What one query may cost of a dataset. Pure.
#pragma once

#include <algorithm>
#include <optional>

#include "planning/price_table.h"

namespace sumac::planning {

struct QueryBudget {
  // Read units, of all its scans together; nothing sets no bound.
  std::optional<double> read_units;
  std::optional<double> dollars;
  // Whether it may read the whole table where nothing ends that early.
  bool allow_full_scan = true;
};

// What both bounds leave in read units: dollars bound nothing where reads cost nothing extra, or
// the price is unknown.
inline std::optional<double> UnitsAllowed(const QueryBudget& budget, const ReadPrice& price) {
  auto units = budget.read_units;
  if (!budget.dollars || price.kind != ReadPrice::Kind::kPerUnit) return units;
  if (price.dollars_per_million <= 0) return units;
  const double by_dollars = *budget.dollars / price.dollars_per_million * 1e6;
  return units ? std::min(*units, by_dollars) : by_dollars;
}

}  // namespace sumac::planning
