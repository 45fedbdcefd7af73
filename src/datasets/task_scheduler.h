// Runs what is due: refreshes, retries, retention. Each task says itself when it is due again.
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "base/clock.h"

namespace sumac::datasets {

// Thread-safe. Destroying it cancels the tasks under way, waits for them, and ends the threads.
class TaskScheduler {
 public:
  // Runs; blocks, and polls `cancelled`. Returns when to run again; nothing: only when asked to. A
  // time that has passed means at once, after others that are due.
  using Task = std::function<std::optional<WallTime>(const std::atomic<bool>* cancelled)>;

  explicit TaskScheduler(std::shared_ptr<Clock> clock) : clock_(std::move(clock)) {}
  ~TaskScheduler();
  TaskScheduler(const TaskScheduler&) = delete;
  TaskScheduler& operator=(const TaskScheduler&) = delete;

  // Returns the task's number, from 0. `first` as what a task returns.
  size_t Add(Task task, std::optional<WallTime> first = std::nullopt);
  // Runs `task` as soon as a thread is free, and again while it returns a time. Returns its number,
  // which means nothing once it has ended.
  size_t AddOnce(Task task);
  // Cancels the task, does not run it again, and does not wait for it. Its number means nothing
  // from now on.
  void Remove(size_t number);
  // Runs it as soon as a thread is free; once more when it runs now.
  void RunSoon(size_t number);
  // Sets when it runs, unless it runs now.
  void RunAt(size_t number, std::optional<WallTime> time);
  // When a task is to run; nothing when only on demand, or it runs now.
  std::optional<WallTime> NextRun(size_t number) const;

  // Begins to run tasks, at most `parallelism` at the same time; later calls can only raise that.
  // For one thread at a time.
  void Start(size_t parallelism);

 private:
  struct Entry {
    Task task;
    std::optional<WallTime> due;
    // The same by the clock that is never set: whichever comes first, so that a machine whose date
    // is put back does not wait for it to come again.
    MonotonicTime due_at_latest;
    bool running = false;
    bool again = false;
    bool once = false;
    std::atomic<bool> cancelled = false;
  };

  void Run();
  void SetDue(Entry& entry, std::optional<WallTime> time);
  // The task that has been due for the longest. Called with the lock held.
  std::optional<std::pair<size_t, std::shared_ptr<Entry>>> TakeDue();

  const std::shared_ptr<Clock> clock_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::map<size_t, std::shared_ptr<Entry>> entries_;  // guarded by mutex_
  size_t next_number_ = 0;                            // guarded by mutex_
  bool stopping_ = false;                             // guarded by mutex_
  std::vector<std::thread> threads_;
};

}  // namespace sumac::datasets
