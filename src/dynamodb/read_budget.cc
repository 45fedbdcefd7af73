#include "dynamodb/read_budget.h"

#include <algorithm>

namespace sumac::dynamodb {
namespace {

// Less is no page.
constexpr double kUnitsMin = 0.5;
// Sums of halves and of estimates are not exact.
constexpr double kTolerance = 1e-6;

}  // namespace

std::optional<PageOrder> ReadBudget::TryTake(const PageOrder& wanted, const PageCost& cost) {
  std::lock_guard lock(mutex_);
  const double left = units_max_ - spent_ - under_way_ + kTolerance;
  auto order = wanted;
  if (order.units > left) order = cost.Order(std::max(left, kUnitsMin));
  if (order.units > left) {
    exhausted_ = true;
    return std::nullopt;
  }
  under_way_ += order.units;
  return order;
}

bool ReadBudget::TryTake(double units) {
  std::lock_guard lock(mutex_);
  const bool fits = units <= units_max_ - spent_ - under_way_ + kTolerance;
  if (fits) under_way_ += units;
  exhausted_ = exhausted_ || !fits;
  return fits;
}

void ReadBudget::Settle(double paid_units, double units) {
  std::lock_guard lock(mutex_);
  under_way_ = std::max(0.0, under_way_ - paid_units);
  spent_ += units > 0 ? units : paid_units;
}

void ReadBudget::GiveBack(double paid_units) {
  std::lock_guard lock(mutex_);
  under_way_ = std::max(0.0, under_way_ - paid_units);
}

double ReadBudget::Spent() const {
  std::lock_guard lock(mutex_);
  return spent_;
}

bool ReadBudget::IsUnderWay() const {
  std::lock_guard lock(mutex_);
  return under_way_ > kTolerance;
}

bool ReadBudget::Exhausted() const {
  std::lock_guard lock(mutex_);
  return exhausted_;
}

}  // namespace sumac::dynamodb
