// How far a scan is. Pure.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "base/clock.h"

namespace sumac::dynamodb {

// What is known of a scan at one time.
struct ScanPosition {
  int segments_done = 0;
  int segments_begun = 0;  // those that are done among them
  int segments_total = 1;
  uint64_t pages = 0;
  uint64_t pages_of_segments_done = 0;
  uint64_t items_scanned = 0;
  // Of DescribeTable: as of some hours ago; 0 when unknown.
  uint64_t items_expected = 0;
};

// The part of the table that has been read, from 0 to less than 1. Segments are equal shares of the
// hash space, so those that are done count for what they are, and so do pages by the number that
// segments turned out to have; those that have not been begun are a part that is not read. The
// expected number of items only counts while few segments are done, and not once it is overrun: it
// may be stale. Nothing when nothing is known.
std::optional<double> FractionRead(const ScanPosition& position);

// Keeps a fraction from going back, and tells how long the rest takes. Not thread-safe.
class ProgressClock {
 public:
  // `fraction` is what had been read before that, when something had.
  explicit ProgressClock(MonotonicTime started_at, std::optional<double> fraction = std::nullopt)
      : started_at_(started_at), at_start_(fraction.value_or(0)), fraction_(fraction) {}

  // Returns the highest fraction so far; 1 only when `finished`.
  std::optional<double> Advance(std::optional<double> fraction, bool finished);

  // At the average rate so far; nothing before there is one.
  std::optional<std::chrono::milliseconds> TimeLeft(MonotonicTime now) const;

 private:
  MonotonicTime started_at_;
  double at_start_;
  std::optional<double> fraction_;
};

}  // namespace sumac::dynamodb
