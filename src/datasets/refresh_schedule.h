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
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "datasets/accelerated_copy.h"
#include "datasets/acceleration_plan.h"
#include "datasets/task_scheduler.h"

namespace sumac::datasets {

// Thread-safe. Destroying it cancels what is under way.
class RefreshSchedule {
 public:
  // What is done for one dataset. All block and poll `cancelled`.
  struct Actions {
    // Loads the dataset, or its copy anew.
    std::function<Status(const RefreshOverrides&, const std::atomic<bool>* cancelled)> refresh;
    std::function<void(const std::atomic<bool>* cancelled)> refresh_schema;
    std::function<void(const std::atomic<bool>* cancelled)> retain;
  };

  RefreshSchedule(std::shared_ptr<Clock> clock, uint64_t seed);

  // Returns the dataset's number, from 0. `plan` is null for one without acceleration.
  size_t AddDataset(const AccelerationPlan* plan,
                    std::optional<std::chrono::milliseconds> schema_interval, Actions actions);
  // Cancels what is under way for the dataset and does nothing more for it. Does not wait, so what
  // its actions use must live as long as they do.
  void Remove(size_t dataset);
  // Runs `task` as soon as a thread is free, and again at the time that it returns. Returns what
  // RemoveOnce takes.
  size_t AddOnce(TaskScheduler::Task task) { return scheduler_.AddOnce(std::move(task)); }
  // Cancels such a task; does nothing when it has ended.
  void RemoveOnce(size_t task) { scheduler_.Remove(task); }
  // How the dataset's start went: it has a copy that was read at `read_at`, or its loading is still
  // to be done (`must_load`), or it failed.
  void Begin(size_t dataset, std::optional<WallTime> read_at, bool must_load,
             const std::optional<Error>& failure);
  // Later calls can only raise `parallelism`. For one thread at a time.
  void Start(size_t parallelism);

  // Refreshes as soon as a thread is free.
  void Request(size_t dataset, RefreshOverrides overrides);
  // Nothing when only on demand, or now.
  std::optional<WallTime> NextRefresh(size_t dataset) const;

 private:
  struct Entry {
    Actions actions;
    std::optional<AccelerationPlan> plan;
    std::optional<std::chrono::milliseconds> schema_interval;
    size_t refresh_task = 0;
    std::vector<size_t> other_tasks;
    // Attempts that have failed since the last that did not.
    uint64_t failures = 0;
    std::optional<RefreshOverrides> requested;
  };

  std::optional<WallTime> Refresh(Entry& entry, const std::atomic<bool>* cancelled);
  std::optional<WallTime> RefreshSchema(Entry& entry, const std::atomic<bool>* cancelled);
  // Null when it was removed. Called with the lock held.
  std::shared_ptr<Entry> Find(size_t dataset) const;
  // When to try again after `error`; nothing: not before the next time.
  std::optional<WallTime> RetryTime(Entry& entry, const Error& error);
  std::chrono::milliseconds Spread(std::chrono::milliseconds interval);

  const std::shared_ptr<Clock> clock_;
  mutable std::mutex mutex_;
  std::mt19937_64 random_;                            // guarded by mutex_
  std::map<size_t, std::shared_ptr<Entry>> entries_;  // guarded by mutex_
  size_t next_number_ = 0;                            // guarded by mutex_
  TaskScheduler scheduler_;                           // the first to go
};

}  // namespace sumac::datasets
