#include "fake_dynamodb/read_log.h"

#include <algorithm>

#include <fmt/format.h>

namespace sumac::fake_dynamodb {
namespace {

constexpr int64_t kSecondsMax = 3'600;

}  // namespace

void ReadLog::AddPage(MonotonicTime at, double read_units, uint64_t body_bytes) {
  std::lock_guard lock(mutex_);
  if (pages_ == 0) begin_ = at;
  ++pages_;
  bytes_ += body_bytes;
  const auto second = std::chrono::duration_cast<std::chrono::seconds>(at - begin_).count();
  const auto index = static_cast<size_t>(std::clamp<int64_t>(second, 0, kSecondsMax - 1));
  if (read_units_by_second_.size() <= index) read_units_by_second_.resize(index + 1);
  read_units_by_second_[index] += read_units;
}

void ReadLog::AddThrottle(const std::string& reason) {
  std::lock_guard lock(mutex_);
  ++throttles_[reason];
}

std::string ReadLog::Take() {
  std::lock_guard lock(mutex_);
  std::string throttles;
  for (const auto& [reason, count] : throttles_) {
    throttles += fmt::format("{}\"{}\":{}", throttles.empty() ? "" : ",", reason, count);
  }
  auto json =
      fmt::format(R"({{"pages":{},"bytes":{},"throttles":{{{}}},"read_units_by_second":[{:.1f}]}})",
                  pages_, bytes_, throttles, fmt::join(read_units_by_second_, ","));
  pages_ = 0;
  bytes_ = 0;
  throttles_.clear();
  read_units_by_second_.clear();
  return json;
}

}  // namespace sumac::fake_dynamodb
