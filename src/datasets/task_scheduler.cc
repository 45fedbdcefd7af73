#include "datasets/task_scheduler.h"

#include <algorithm>

namespace sumac::datasets {
namespace {

// The clock is asked this often, because nothing tells when somebody has moved it.
constexpr std::chrono::milliseconds kLook{100};

}  // namespace

TaskScheduler::~TaskScheduler() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  for (auto& thread : threads_) thread.join();
}

size_t TaskScheduler::Add(Task task, std::optional<WallTime> first) {
  auto entry = std::make_unique<Entry>();
  entry->task = std::move(task);
  std::lock_guard lock(mutex_);
  SetDue(*entry, first);
  entries_.push_back(std::move(entry));
  return entries_.size() - 1;
}

void TaskScheduler::RunSoon(size_t number) {
  std::lock_guard lock(mutex_);
  auto& entry = *entries_[number];
  if (entry.running) {
    entry.again = true;
  } else {
    SetDue(entry, clock_->WallNow());
  }
  changed_.notify_one();
}

void TaskScheduler::RunAt(size_t number, std::optional<WallTime> time) {
  std::lock_guard lock(mutex_);
  auto& entry = *entries_[number];
  if (entry.running) return;
  SetDue(entry, time);
  changed_.notify_one();
}

std::optional<WallTime> TaskScheduler::NextRun(size_t number) const {
  std::lock_guard lock(mutex_);
  return entries_[number]->due;
}

void TaskScheduler::Start(size_t parallelism) {
  while (threads_.size() < parallelism) threads_.emplace_back([this] { Run(); });
}

void TaskScheduler::SetDue(Entry& entry, std::optional<WallTime> time) {
  entry.due = time;
  if (!time) return;
  const auto wait = std::max(*time - clock_->WallNow(), WallTime::duration::zero());
  entry.due_at_latest = clock_->MonotonicNow() + wait;
}

TaskScheduler::Entry* TaskScheduler::TakeDue() {
  const auto now = clock_->WallNow();
  const auto monotonic_now = clock_->MonotonicNow();
  Entry* first = nullptr;
  for (const auto& entry : entries_) {
    if (entry->running || !entry->due) continue;
    if (*entry->due > now && entry->due_at_latest > monotonic_now) continue;
    if (first == nullptr || *entry->due < *first->due) first = entry.get();
  }
  if (first == nullptr) return nullptr;
  first->running = true;
  first->again = false;
  first->due.reset();
  return first;
}

void TaskScheduler::Run() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    auto* entry = TakeDue();
    if (entry == nullptr) {
      changed_.wait_for(lock, kLook);
      continue;
    }
    lock.unlock();
    const auto next = entry->task(&stopping_);
    lock.lock();
    entry->running = false;
    SetDue(*entry, entry->again ? clock_->WallNow() : next);
    changed_.notify_one();
  }
}

}  // namespace sumac::datasets
