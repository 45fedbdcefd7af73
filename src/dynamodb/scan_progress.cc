#include "dynamodb/scan_progress.h"

#include <algorithm>
#include <cmath>

namespace sumac::dynamodb {
namespace {

// From so many segments on, they alone say how far a scan is.
constexpr double kSegmentsEnough = 32;
// Up to here the expected number of items is believed; what comes after it creeps towards 1.
constexpr double kItemsBelieved = 0.9;
// Nothing is done before the last page has come.
constexpr double kFractionMax = 0.99;
// Below this part a rate says nothing of the rest.
constexpr double kFractionForTime = 0.005;

double ByItems(double items, double expected) {
  const double share = items / expected;
  if (share <= kItemsBelieved) return share;
  return kItemsBelieved + (1 - kItemsBelieved) * (1 - std::exp(-(share - kItemsBelieved) * 2));
}

}  // namespace

std::optional<double> FractionRead(const ScanPosition& position) {
  const double total = std::max(1, position.segments_total);
  const double done = position.segments_done;
  // What is read of the segments under way, at most.
  const double open_max = (position.segments_begun - done) * kItemsBelieved;
  std::optional<double> by_segments;
  if (position.segments_done > 0) {
    // Pages of those under way, in segments of the average length; at most what they can be.
    const double pages_each =
        std::max(1.0, static_cast<double>(position.pages_of_segments_done) / done);
    const auto open_pages = static_cast<double>(position.pages - position.pages_of_segments_done);
    const double open = std::min(open_pages / pages_each, open_max);
    by_segments = (done + open) / total;
  }
  std::optional<double> by_items;
  // A count that is overrun was wrong. One segment has nothing else.
  const bool refuted = total > 1 && position.items_scanned > position.items_expected;
  if (position.items_expected > 0 && !refuted) {
    by_items = ByItems(static_cast<double>(position.items_scanned),
                       static_cast<double>(position.items_expected));
  }
  if (!by_segments && !by_items) return std::nullopt;
  const double weight = by_items ? std::min(1.0, done / std::min(total, kSegmentsEnough)) : 1.0;
  const double fraction = weight * by_segments.value_or(0) + (1 - weight) * by_items.value_or(0);
  // One segment has nothing to be held against.
  const double most = total > 1 ? (done + open_max) / total : kFractionMax;
  return std::clamp(fraction, 0.0, std::min(most, kFractionMax));
}

std::optional<double> ProgressClock::Advance(std::optional<double> fraction, bool finished) {
  if (finished) fraction = 1;
  if (fraction) fraction_ = std::max(*fraction, fraction_.value_or(0));
  return fraction_;
}

std::optional<std::chrono::milliseconds> ProgressClock::TimeLeft(MonotonicTime now) const {
  if (!fraction_ || *fraction_ - at_start_ < kFractionForTime) return std::nullopt;
  const double passed_ms = std::chrono::duration<double, std::milli>(now - started_at_).count();
  return std::chrono::milliseconds(
      static_cast<int64_t>(passed_ms * (1 - *fraction_) / (*fraction_ - at_start_)));
}

}  // namespace sumac::dynamodb
