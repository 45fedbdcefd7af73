#include "dynamodb/segment_order.h"

#include <cmath>
#include <cstdint>
#include <initializer_list>
#include <numeric>

namespace sumac::dynamodb {
namespace {

constexpr double kGoldenRatio = 0.6180339887498949;

}  // namespace

SegmentOrder::SegmentOrder(int total) : total_(total) {
  const int wanted = static_cast<int>(std::lround(total * kGoldenRatio));
  // Without a common divisor the steps come by every segment. 1 has none with any number.
  for (int distance = 0; distance < total; ++distance) {
    for (const int step : {wanted - distance, wanted + distance}) {
      if (step >= 1 && step <= total && std::gcd(step, total) == 1) {
        step_ = step;
        return;
      }
    }
  }
}

int SegmentOrder::Next() {
  const int segment = position_;
  // In 64 bits for the sum: a million segments are allowed, more may come to be.
  position_ = static_cast<int>((static_cast<int64_t>(position_) + step_) % total_);
  ++begun_;
  return segment;
}

}  // namespace sumac::dynamodb
