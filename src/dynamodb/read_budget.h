// Read units that several reads may consume together, and no more: those of one query of one
// dataset, say. A page is paid for before it is asked for, by an estimate, cut so that it fits what
// is left, and corrected by what the service says it cost.
#pragma once

#include <mutex>
#include <optional>

#include "dynamodb/page_cost.h"

namespace sumac::dynamodb {

// Thread-safe.
class ReadBudget {
 public:
  explicit ReadBudget(double units_max) : units_max_(units_max) {}

  // Pays for the page that `wanted` says, or a smaller one. Nothing when not even the smallest fits
  // any more; what is under way may turn out to cost less than was thought.
  std::optional<PageOrder> TryTake(const PageOrder& wanted, const PageCost& cost);
  // The same of a read that cannot be cut; false when it does not fit.
  bool TryTake(double units);

  // What was paid for as `paid_units` cost `units`; 0 when the service does not say, and the
  // estimate stays.
  void Settle(double paid_units, double units);
  // It was refused, and cost nothing.
  void GiveBack(double paid_units);

  double units_max() const { return units_max_; }
  // By what the service says, without what is under way.
  double Spent() const;
  // Whether something is paid for of which it is not known yet what it cost.
  bool IsUnderWay() const;
  // Whether something did not fit.
  bool Exhausted() const;

 private:
  const double units_max_;
  mutable std::mutex mutex_;
  double spent_ = 0;        // guarded
  double under_way_ = 0;    // guarded
  bool exhausted_ = false;  // guarded
};

}  // namespace sumac::dynamodb
