// When the datasets of a serving process are refreshed, tried again after a failure, and held to
// their retention.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <random>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "datasets/accelerated_copy.h"
#include "datasets/acceleration_plan.h"
#include "datasets/task_scheduler.h"

namespace sumac::datasets {

// Thread-safe. Destroying it cancels what is under way.
class RefreshSchedule {
 public:
  // Datasets are numbered as in the Spicepod. All block and poll `cancelled`.
  struct Actions {
    // Loads the dataset, or its copy anew.
    std::function<Status(size_t, const RefreshOverrides&, const std::atomic<bool>* cancelled)>
        refresh;
    std::function<void(size_t, const std::atomic<bool>* cancelled)> refresh_schema;
    std::function<void(size_t, const std::atomic<bool>* cancelled)> retain;
  };

  RefreshSchedule(std::shared_ptr<Clock> clock, uint64_t seed, Actions actions);

  // Call for each dataset, in their order, before Start. `plan` is null for one without
  // acceleration.
  void AddDataset(const AccelerationPlan* plan,
                  std::optional<std::chrono::milliseconds> schema_interval);
  // How the dataset's start went: it has a copy that was read at `read_at`, or its loading is still
  // to be done (`must_load`), or it failed.
  void Begin(size_t dataset, std::optional<WallTime> read_at, bool must_load,
             const std::optional<Error>& failure);
  void Start(size_t parallelism);

  // Refreshes as soon as a thread is free.
  void Request(size_t dataset, RefreshOverrides overrides);
  // Nothing when only on demand, or now.
  std::optional<WallTime> NextRefresh(size_t dataset) const;

 private:
  struct Entry {
    std::optional<AccelerationPlan> plan;
    std::optional<std::chrono::milliseconds> schema_interval;
    size_t refresh_task = 0;
    // Attempts that have failed since the last that did not.
    uint64_t failures = 0;
    std::optional<RefreshOverrides> requested;
  };

  std::optional<WallTime> Refresh(size_t dataset, const std::atomic<bool>* cancelled);
  std::optional<WallTime> RefreshSchema(size_t dataset, const std::atomic<bool>* cancelled);
  // When to try again after `error`; nothing: not before the next time.
  std::optional<WallTime> RetryTime(Entry& entry, const Error& error);
  std::chrono::milliseconds Spread(std::chrono::milliseconds interval);

  const std::shared_ptr<Clock> clock_;
  const Actions actions_;
  mutable std::mutex mutex_;
  std::mt19937_64 random_;                       // guarded by mutex_
  std::vector<std::unique_ptr<Entry>> entries_;  // guarded by mutex_
  TaskScheduler scheduler_;                      // the first to go
};

}  // namespace sumac::datasets
