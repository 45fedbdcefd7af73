// What the next page of a scan is going to cost, from those before. Pure.
#pragma once

#include <cstdint>
#include <optional>

namespace sumac::dynamodb {

// The service ends a page at 1 MB, which costs this much with eventually consistent reads, and
// twice as much with consistent ones. Source: developer guide, "Read capacity unit consumption"
// (half a unit for each 4 KB begun).
inline constexpr double kWholePageUnits = 128.5;

// What one request asks for.
struct PageOrder {
  // Items to evaluate at most; nothing asks for a whole page.
  std::optional<int> items_max;
  // What it is expected to cost.
  double units = 0;
};

// Not thread-safe.
class PageCost {
 public:
  // `units_per_item` is an estimate to begin with; 0 when there is none.
  PageCost(double units_per_item, bool consistent_read);

  // A page was read. Pages of which the service does not say the cost are not counted.
  void OnPage(uint64_t items_scanned, double units, bool was_limited);

  // A page of about `units_max` at most, and of one item at least.
  PageOrder Order(std::optional<double> units_max) const;

 private:
  double units_per_item_;
  double whole_page_units_;
  double whole_page_average_;
};

}  // namespace sumac::dynamodb
