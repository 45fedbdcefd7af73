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
    for (const auto& [number, entry] : entries_) entry->cancelled = true;
  }
  changed_.notify_all();
  for (auto& thread : threads_) thread.join();
}

size_t TaskScheduler::Add(Task task, std::optional<WallTime> first) {
  auto entry = std::make_shared<Entry>();
  entry->task = std::move(task);
  std::lock_guard lock(mutex_);
  SetDue(*entry, first);
  entries_.emplace(next_number_, std::move(entry));
  return next_number_++;
}

size_t TaskScheduler::AddOnce(Task task) {
  auto entry = std::make_shared<Entry>();
  entry->task = std::move(task);
  entry->once = true;
  std::lock_guard lock(mutex_);
  SetDue(*entry, clock_->WallNow());
  entries_.emplace(next_number_, std::move(entry));
  changed_.notify_one();
  return next_number_++;
}

void TaskScheduler::Remove(size_t number) {
  std::shared_ptr<Entry> removed;
  std::lock_guard lock(mutex_);
  const auto found = entries_.find(number);
  if (found == entries_.end()) return;
  removed = std::move(found->second);
  removed->cancelled = true;
  entries_.erase(found);
}

void TaskScheduler::RunSoon(size_t number) {
  std::lock_guard lock(mutex_);
  const auto found = entries_.find(number);
  if (found == entries_.end()) return;
  auto& entry = *found->second;
  if (entry.running) {
    entry.again = true;
  } else {
    SetDue(entry, clock_->WallNow());
  }
  changed_.notify_one();
}

void TaskScheduler::RunAt(size_t number, std::optional<WallTime> time) {
  std::lock_guard lock(mutex_);
  const auto found = entries_.find(number);
  if (found == entries_.end() || found->second->running) return;
  SetDue(*found->second, time);
  changed_.notify_one();
}

std::optional<WallTime> TaskScheduler::NextRun(size_t number) const {
  std::lock_guard lock(mutex_);
  const auto found = entries_.find(number);
  return found == entries_.end() ? std::nullopt : found->second->due;
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

std::optional<std::pair<size_t, std::shared_ptr<TaskScheduler::Entry>>> TaskScheduler::TakeDue() {
  const auto now = clock_->WallNow();
  const auto monotonic_now = clock_->MonotonicNow();
  auto first = entries_.end();
  for (auto at = entries_.begin(); at != entries_.end(); ++at) {
    const auto& entry = *at->second;
    if (entry.running || !entry.due) continue;
    if (*entry.due > now && entry.due_at_latest > monotonic_now) continue;
    if (first == entries_.end() || *entry.due < *first->second->due) first = at;
  }
  if (first == entries_.end()) return std::nullopt;
  auto& entry = *first->second;
  entry.running = true;
  entry.again = false;
  entry.due.reset();
  return *first;
}

void TaskScheduler::Run() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    auto taken = TakeDue();
    if (!taken) {
      changed_.wait_for(lock, kLook);
      continue;
    }
    auto& [number, entry] = *taken;
    lock.unlock();
    const auto next = entry->task(&entry->cancelled);
    lock.lock();
    entry->running = false;
    SetDue(*entry, entry->again ? clock_->WallNow() : next);
    if (entry->once && !next) entries_.erase(number);
    // What it holds goes without the lock.
    lock.unlock();
    taken.reset();
    lock.lock();
    changed_.notify_one();
  }
}

}  // namespace sumac::datasets
