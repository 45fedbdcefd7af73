// Refreshes schemas at intervals, on a thread of its own.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <random>
#include <thread>
#include <vector>

#include "base/clock.h"

namespace sumac::datasets {

// Destroying it cancels the refresh under way, waits for it, and ends the thread.
class SchemaRefresher {
 public:
  struct Task {
    std::chrono::milliseconds interval;
    // Refreshes; blocks, and polls `cancelled`.
    std::function<void(const std::atomic<bool>* cancelled)> refresh;
  };

  // Runs each task `interval` after now, or after its last run has ended, give or take a tenth, so
  // that datasets of one interval and processes of one start do not all read at the same moment.
  // One after another: a refresh that is late delays the others. `seed` draws the tenths.
  SchemaRefresher(std::vector<Task> tasks, std::shared_ptr<Clock> clock, uint64_t seed);
  ~SchemaRefresher();
  SchemaRefresher(const SchemaRefresher&) = delete;
  SchemaRefresher& operator=(const SchemaRefresher&) = delete;

 private:
  void Run();
  MonotonicTime DueAfter(const Task& task);

  const std::vector<Task> tasks_;
  const std::shared_ptr<Clock> clock_;
  std::mt19937_64 random_;
  std::vector<MonotonicTime> due_;  // by task
  std::atomic<bool> stopping_ = false;
  std::mutex mutex_;
  std::condition_variable stopped_;
  std::thread thread_;
};

}  // namespace sumac::datasets
