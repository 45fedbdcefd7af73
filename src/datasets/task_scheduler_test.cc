#include "datasets/task_scheduler.h"

#include <deque>
#include <string>

#include <gtest/gtest.h>

namespace sumac::datasets {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// Notes which task ran; Wait takes the notes in their order.
class Notes {
 public:
  TaskScheduler::Task Every(const std::string& name, seconds interval,
                            std::shared_ptr<Clock> clock) {
    return [this, name, interval, clock](const std::atomic<bool>*) {
      std::lock_guard lock(mutex_);
      notes_.push_back(name);
      changed_.notify_all();
      return std::optional(clock->WallNow() + interval);
    };
  }
  std::string Wait() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return !notes_.empty(); });
    std::string note = notes_.front();
    notes_.pop_front();
    return note;
  }
  bool Empty() {
    std::lock_guard lock(mutex_);
    return notes_.empty();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::string> notes_;
};

TEST(TaskScheduler, RunsEachWhenItIsDue) {
  auto clock = std::make_shared<ManualClock>(WallTime(seconds(1'000)));
  Notes notes;
  TaskScheduler scheduler(clock);
  const auto slow =
      scheduler.Add(notes.Every("slow", seconds(100), clock), clock->WallNow() + seconds(100));
  scheduler.Add(notes.Every("fast", seconds(10), clock), clock->WallNow() + seconds(10));
  EXPECT_EQ(scheduler.NextRun(slow), clock->WallNow() + seconds(100));
  scheduler.Start(1);
  clock->Advance(milliseconds(9'999));
  EXPECT_TRUE(notes.Empty());
  for (int i = 0; i < 5; ++i) {
    clock->Advance(seconds(10));
    EXPECT_EQ(notes.Wait(), "fast");
  }
  EXPECT_TRUE(notes.Empty());
  clock->Advance(seconds(60));
  std::vector<std::string> both = {notes.Wait(), notes.Wait()};
  std::sort(both.begin(), both.end());
  EXPECT_EQ(both, (std::vector<std::string>{"fast", "slow"}));
}

TEST(TaskScheduler, RunsWhatIsAskedFor) {
  auto clock = std::make_shared<ManualClock>();
  Notes notes;
  TaskScheduler scheduler(clock);
  const auto number = scheduler.Add(notes.Every("asked", seconds(1'000'000), clock));
  EXPECT_EQ(scheduler.NextRun(number), std::nullopt);
  scheduler.Start(2);
  for (int i = 0; i < 3; ++i) {
    scheduler.RunSoon(number);
    EXPECT_EQ(notes.Wait(), "asked");
  }
}

TEST(TaskScheduler, StopsAtOnceWhileItWaits) {
  auto clock = std::make_shared<SystemClock>();
  Notes notes;
  TaskScheduler scheduler(clock);
  scheduler.Add(notes.Every("never", seconds(1), clock), clock->WallNow() + std::chrono::hours(24));
  scheduler.Start(3);
}

TEST(TaskScheduler, CancelsTheTaskUnderWay) {
  auto clock = std::make_shared<ManualClock>();
  std::atomic<bool> began = false;
  std::atomic<bool> saw_cancelled = false;
  {
    TaskScheduler scheduler(clock);
    scheduler.Add(
        [&](const std::atomic<bool>* cancelled) -> std::optional<WallTime> {
          began = true;
          while (!*cancelled) std::this_thread::yield();
          saw_cancelled = true;
          return std::nullopt;
        },
        clock->WallNow());
    scheduler.Start(1);
    while (!began) std::this_thread::yield();
  }
  EXPECT_TRUE(saw_cancelled);
}

TEST(TaskScheduler, RemovingATaskCancelsItAlone) {
  auto clock = std::make_shared<ManualClock>();
  Notes notes;
  std::atomic<bool> began = false;
  std::atomic<bool> ended = false;
  TaskScheduler scheduler(clock);
  const auto removed = scheduler.Add(
      [&](const std::atomic<bool>* cancelled) {
        began = true;
        while (!*cancelled) std::this_thread::yield();
        ended = true;
        return std::optional(clock->WallNow());
      },
      clock->WallNow());
  const auto other = scheduler.Add(notes.Every("other", seconds(1'000'000), clock));
  scheduler.Start(1);
  while (!began) std::this_thread::yield();
  scheduler.Remove(removed);
  EXPECT_EQ(scheduler.NextRun(removed), std::nullopt);
  // It would run again at once.
  scheduler.RunSoon(removed);
  scheduler.RunSoon(other);
  EXPECT_EQ(notes.Wait(), "other");
  EXPECT_TRUE(ended);
  began = false;
  scheduler.RunSoon(other);
  EXPECT_EQ(notes.Wait(), "other");
  EXPECT_FALSE(began);
}

TEST(TaskScheduler, WhatRunsOnceRunsUntilItIsDone) {
  auto clock = std::make_shared<ManualClock>();
  TaskScheduler scheduler(clock);
  std::atomic<int> runs = 0;
  auto held = std::make_shared<int>(0);
  std::weak_ptr<int> watched = held;
  scheduler.AddOnce([&runs, clock, held = std::move(held)](const std::atomic<bool>*) {
    return ++runs < 3 ? std::optional(clock->WallNow()) : std::nullopt;
  });
  scheduler.Start(1);
  while (!watched.expired()) std::this_thread::yield();
  EXPECT_EQ(runs, 3);
}

}  // namespace
}  // namespace sumac::datasets
