// What a server has answered to reads of items, second by second, as a bench wants to know it.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "base/clock.h"

namespace sumac::fake_dynamodb {

// Thread-safe. Keeps an hour at most; what is later counts to its last second.
class ReadLog {
 public:
  // What one request of `operation` read at `at`, which begins the first second if it is the first.
  void AddPage(const std::string& operation, MonotonicTime at, double read_units,
               uint64_t body_bytes);
  void AddThrottle(const std::string& reason);

  // One line of JSON: {"pages", "bytes", "requests": {OPERATION: COUNT}, "throttles":
  // {REASON: COUNT}, "read_units_by_second"}. Begins anew.
  std::string Take();

 private:
  std::mutex mutex_;
  uint64_t pages_ = 0;
  uint64_t bytes_ = 0;
  std::map<std::string, uint64_t> requests_;
  std::map<std::string, uint64_t> throttles_;
  MonotonicTime begin_;
  std::vector<double> read_units_by_second_;
};

}  // namespace sumac::fake_dynamodb
