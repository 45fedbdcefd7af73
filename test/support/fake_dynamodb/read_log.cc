#include "fake_dynamodb/read_log.h"

#include <algorithm>

#include <fmt/format.h>

namespace sumac::fake_dynamodb {
namespace {

constexpr int64_t kSecondsMax = 3'600;

// {"a":1,"b":2}, without the braces.
std::string Counts(const std::map<std::string, uint64_t>& counts) {
  std::string text;
  for (const auto& [name, count] : counts) {
    text += fmt::format("{}\"{}\":{}", text.empty() ? "" : ",", name, count);
  }
  return text;
}

}  // namespace

void ReadLog::AddPage(const std::string& operation, MonotonicTime at, double read_units,
                      uint64_t body_bytes) {
  std::lock_guard lock(mutex_);
  if (pages_ == 0) begin_ = at;
  ++pages_;
  ++requests_[operation];
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
  auto json = fmt::format(R"({{"pages":{},"bytes":{},"requests":{{{}}},"throttles":{{{}}},)"
                          R"("read_units_by_second":[{:.1f}]}})",
                          pages_, bytes_, Counts(requests_), Counts(throttles_),
                          fmt::join(read_units_by_second_, ","));
  pages_ = 0;
  bytes_ = 0;
  requests_.clear();
  throttles_.clear();
  read_units_by_second_.clear();
  return json;
}

}  // namespace sumac::fake_dynamodb
