#include "datasets/retry_schedule.h"

#include <algorithm>
#include <utility>

namespace sumac::datasets {

std::chrono::milliseconds RetryDelay(uint64_t attempt, std::mt19937_64& random) {
  using std::chrono::milliseconds;
  milliseconds delay = std::chrono::seconds(1);
  milliseconds before{0};
  for (uint64_t i = 1; i < attempt && delay < kRetryDelayMax; ++i) {
    before = std::exchange(delay, delay + before);
  }
  delay = std::min(delay, kRetryDelayMax);
  std::uniform_int_distribution<milliseconds::rep> less(0, delay.count() / 10);
  return delay - milliseconds(less(random));
}

}  // namespace sumac::datasets
