#include "datasets/schema_refresher.h"

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
  SchemaRefresher::Task Task(const std::string& name, milliseconds interval) {
    return {interval, [this, name](const std::atomic<bool>*) {
              std::lock_guard lock(mutex_);
              notes_.push_back(name);
              changed_.notify_all();
            }};
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

TEST(SchemaRefresher, RunsEachAtItsInterval) {
  auto clock = std::make_shared<ManualClock>();
  Notes notes;
  SchemaRefresher refresher({notes.Task("slow", seconds(100)), notes.Task("fast", seconds(10))},
                            clock, 7);
  clock->Advance(milliseconds(8'999));
  EXPECT_TRUE(notes.Empty());
  clock->Advance(milliseconds(2'001));  // 11 s: a tenth late
  EXPECT_EQ(notes.Wait(), "fast");
  for (int i = 0; i < 5; ++i) {
    clock->Advance(seconds(11));
    EXPECT_EQ(notes.Wait(), "fast");
  }
  EXPECT_TRUE(notes.Empty());
  clock->Advance(seconds(110));
  std::vector<std::string> both = {notes.Wait(), notes.Wait()};
  std::sort(both.begin(), both.end());
  EXPECT_EQ(both, (std::vector<std::string>{"fast", "slow"}));
}

TEST(SchemaRefresher, StopsAtOnceWhileItWaits) {
  Notes notes;
  const SchemaRefresher refresher({notes.Task("never", std::chrono::hours(24))},
                                  std::make_shared<SystemClock>(), 1);
}

TEST(SchemaRefresher, CancelsTheRefreshUnderWay) {
  auto clock = std::make_shared<ManualClock>();
  std::atomic<bool> began = false;
  std::atomic<bool> saw_cancelled = false;
  const auto refresh = [&](const std::atomic<bool>* cancelled) {
    began = true;
    while (!*cancelled) std::this_thread::yield();
    saw_cancelled = true;
  };
  auto refresher = std::make_unique<SchemaRefresher>(
      std::vector<SchemaRefresher::Task>{{seconds(1), refresh}}, clock, 1);
  clock->Advance(seconds(2));
  while (!began) std::this_thread::yield();
  refresher.reset();
  EXPECT_TRUE(saw_cancelled);
}

}  // namespace
}  // namespace sumac::datasets
