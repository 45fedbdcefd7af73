#include "dynamodb/page_cost.h"

#include <algorithm>
#include <cmath>

namespace sumac::dynamodb {
namespace {

// Of an item of which nothing is known: as for 4 KB, because a page too small costs a round trip
// and one too large breaks a bound.
constexpr double kUnknownItemUnits = 0.5;
constexpr double kUnitsMin = 0.5;
// The part that a new page has in an average.
constexpr double kNewPart = 0.3;
constexpr double kItemsMax = 1'000'000;

}  // namespace

PageCost::PageCost(double units_per_item, bool consistent_read)
    : units_per_item_((units_per_item > 0 ? units_per_item : kUnknownItemUnits) *
                      (consistent_read ? 2 : 1)),
      whole_page_units_(consistent_read ? 2 * kWholePageUnits : kWholePageUnits),
      whole_page_average_(whole_page_units_) {}

void PageCost::OnPage(uint64_t items_scanned, double units, bool was_limited) {
  if (units <= 0) return;
  if (!was_limited) whole_page_average_ += kNewPart * (units - whole_page_average_);
  if (items_scanned == 0) return;
  const double per_item = units / static_cast<double>(items_scanned);
  units_per_item_ += kNewPart * (per_item - units_per_item_);
}

PageOrder PageCost::Order(std::optional<double> units_max) const {
  if (!units_max || *units_max >= whole_page_units_) return {std::nullopt, whole_page_average_};
  const double items = std::clamp(std::floor(*units_max / units_per_item_), 1.0, kItemsMax);
  const double units =
      std::clamp(items * units_per_item_, kUnitsMin, std::max(whole_page_units_, units_per_item_));
  return {static_cast<int>(items), units};
}

}  // namespace sumac::dynamodb
