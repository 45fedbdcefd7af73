// The order in which the segments of a scan are begun. Pure.
#pragma once

namespace sumac::dynamodb {

// Each segment once, and those that are begun together far apart: neighbours in the hash space are
// likely to be in one partition of the service, which would then serve all streams at once. Steps
// through the segments by the golden ratio of their number, so that any few in a row are spread
// evenly. Not thread-safe.
class SegmentOrder {
 public:
  // REQUIRES: total >= 1.
  explicit SegmentOrder(int total);

  bool AtEnd() const { return begun_ == total_; }
  int begun() const { return begun_; }
  // REQUIRES: !AtEnd().
  int Next();

 private:
  int total_;
  int step_ = 1;
  int position_ = 0;
  int begun_ = 0;
};

}  // namespace sumac::dynamodb
