#include "dynamodb/row_goal.h"

#include <algorithm>
#include <cmath>

#include "dynamodb/page_cost.h"

namespace sumac::dynamodb {
namespace {

// Where a filter stands before the rows. A request for these costs a few read units, and no more
// time than one for five.
constexpr uint64_t kFirstItems = 50;
constexpr uint64_t kGrowth = 4;
// More than it looks like, because matches come unevenly.
constexpr double kMargin = 1.5;
// Of items whose size is unknown: 1 KB each.
constexpr uint64_t kItemsPerPageUnknown = 1'000;
constexpr double kItemsPerPageMax = 20'000;

uint64_t ItemsPerPage(double units_per_item) {
  if (units_per_item <= 0) return kItemsPerPageUnknown;
  return static_cast<uint64_t>(
      std::clamp(std::floor(kWholePageUnits / units_per_item), 1.0, kItemsPerPageMax));
}

}  // namespace

RowGoal::RowGoal(RowGoalOptions options, int segments, double units_per_item)
    : segments_(std::max(1, segments)),
      items_per_page_(ItemsPerPage(units_per_item)),
      filtered_(options.filtered),
      rows_wanted_(std::max<uint64_t>(1, options.rows)),
      items_allowed_(filtered_ ? std::max(rows_wanted_, kFirstItems) : rows_wanted_),
      step_(items_allowed_) {}

uint64_t RowGoal::ItemsLeft() const {
  const uint64_t spent = items_evaluated_ + items_under_way_;
  return items_allowed_ - std::min(items_allowed_, spent);
}

uint64_t RowGoal::ItemsOfARequest() const {
  return std::min((step_ + streams_ - 1) / streams_, items_per_page_);
}

bool RowGoal::WantsMore() const {
  return !holds_back_ || (rows_ < rows_wanted_ && ItemsLeft() > 0);
}

std::optional<int> RowGoal::ItemsMax() const {
  if (!holds_back_) return std::nullopt;
  return static_cast<int>(std::min(ItemsLeft(), ItemsOfARequest()));
}

void RowGoal::OnSent(int items_max) {
  items_under_way_ += static_cast<uint64_t>(items_max);
}

void RowGoal::OnFailure(int items_max) {
  items_under_way_ -= static_cast<uint64_t>(items_max);
}

void RowGoal::OnPage(int items_max, uint64_t items_scanned, uint64_t rows, bool segment_ended) {
  items_under_way_ -= static_cast<uint64_t>(items_max);
  items_evaluated_ += items_scanned;
  rows_ += rows;
  // One after the other small segments would take a round trip each.
  if (segment_ended) streams_ = std::min<uint64_t>(streams_ * 2, segments_);
  if (rows_ < rows_wanted_ && ItemsLeft() == 0 && items_under_way_ == 0) Raise();
}

void RowGoal::OnReaderWaits() {
  // Rows were dropped after they had come, or are larger than a page.
  rows_wanted_ = std::max(rows_wanted_, 2 * std::max<uint64_t>(1, rows_));
  filtered_ = true;
  if (ItemsLeft() == 0) Raise();
}

void RowGoal::Raise() {
  uint64_t step = std::max(step_, kFirstItems) * kGrowth;
  if (rows_ > 0 && rows_ < rows_wanted_) {
    const double items_per_row = static_cast<double>(items_evaluated_) / static_cast<double>(rows_);
    const double items = static_cast<double>(rows_wanted_ - rows_) * items_per_row * kMargin;
    step = std::clamp<uint64_t>(static_cast<uint64_t>(items), kFirstItems, step);
  }
  step_ = step;
  streams_ = std::min<uint64_t>(streams_ * 2, segments_);
  items_allowed_ = items_evaluated_ + items_under_way_ + step_;
  if ((step_ + streams_ - 1) / streams_ >= items_per_page_) holds_back_ = false;
}

bool IsOnePage(const RowGoalOptions& options, double units_per_item) {
  return !options.filtered && options.rows <= ItemsPerPage(units_per_item);
}

}  // namespace sumac::dynamodb
