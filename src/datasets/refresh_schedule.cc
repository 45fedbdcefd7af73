#include "datasets/refresh_schedule.h"

#include <algorithm>

#include "base/log.h"
#include "datasets/retry_schedule.h"

namespace sumac::datasets {

RefreshSchedule::RefreshSchedule(std::shared_ptr<Clock> clock, uint64_t seed)
    : clock_(clock), random_(seed), scheduler_(clock) {}

size_t RefreshSchedule::AddDataset(const AccelerationPlan* plan,
                                   std::optional<std::chrono::milliseconds> schema_interval,
                                   Actions actions) {
  std::lock_guard lock(mutex_);
  auto entry = std::make_shared<Entry>();
  entry->actions = std::move(actions);
  if (plan != nullptr) entry->plan = *plan;
  entry->schema_interval = schema_interval;
  entry->refresh_task = scheduler_.Add(
      [this, entry](const std::atomic<bool>* cancelled) { return Refresh(*entry, cancelled); });
  const auto now = clock_->WallNow();
  if (schema_interval) {
    entry->other_tasks.push_back(scheduler_.Add(
        [this, entry](const std::atomic<bool>* cancelled) {
          return RefreshSchema(*entry, cancelled);
        },
        now + Spread(*schema_interval)));
  }
  if (plan != nullptr && plan->Retains()) {
    const auto interval = plan->retention_interval;
    entry->other_tasks.push_back(scheduler_.Add(
        [this, entry, interval](const std::atomic<bool>* cancelled) {
          const auto begun = clock_->WallNow();
          entry->actions.retain(cancelled);
          return std::optional(begun + interval);
        },
        now + interval));
  }
  entries_.emplace(next_number_, std::move(entry));
  return next_number_++;
}

void RefreshSchedule::Remove(size_t dataset) {
  std::lock_guard lock(mutex_);
  const auto entry = Find(dataset);
  if (entry == nullptr) return;
  scheduler_.Remove(entry->refresh_task);
  for (const size_t task : entry->other_tasks) scheduler_.Remove(task);
  entries_.erase(dataset);
}

std::shared_ptr<RefreshSchedule::Entry> RefreshSchedule::Find(size_t dataset) const {
  const auto found = entries_.find(dataset);
  return found == entries_.end() ? nullptr : found->second;
}

void RefreshSchedule::Begin(size_t dataset, std::optional<WallTime> read_at, bool must_load,
                            const std::optional<Error>& failure) {
  std::lock_guard lock(mutex_);
  const auto entry = Find(dataset);
  if (entry == nullptr) return;
  const auto now = clock_->WallNow();
  std::optional<WallTime> next;
  if (entry->plan && read_at) next = datasets::NextRefresh(*entry->plan, *read_at, random_);
  if (must_load || (read_at && entry->plan && entry->plan->refreshes_at_start)) next = now;
  if (failure) {
    next = RetryTime(*entry, *failure);
    if (!next && entry->plan) next = datasets::NextRefresh(*entry->plan, now, random_);
  }
  scheduler_.RunAt(entry->refresh_task, next);
}

void RefreshSchedule::Start(size_t parallelism) {
  scheduler_.Start(parallelism);
}

void RefreshSchedule::Request(size_t dataset, RefreshOverrides overrides) {
  // Under the lock, or a run that begins in between would take what is asked for, and another run
  // would follow that does not have it.
  std::lock_guard lock(mutex_);
  const auto entry = Find(dataset);
  if (entry == nullptr) return;
  entry->requested = std::move(overrides);
  scheduler_.RunSoon(entry->refresh_task);
}

std::optional<WallTime> RefreshSchedule::NextRefresh(size_t dataset) const {
  std::lock_guard lock(mutex_);
  const auto entry = Find(dataset);
  if (entry == nullptr) return std::nullopt;
  return scheduler_.NextRun(entry->refresh_task);
}

std::optional<WallTime> RefreshSchedule::RetryTime(Entry& entry, const Error& error) {
  ++entry.failures;
  if (!error.retryable) return std::nullopt;
  if (entry.plan && entry.plan->retries_max && entry.failures > *entry.plan->retries_max) {
    return std::nullopt;
  }
  return clock_->WallNow() + RetryDelay(entry.failures, random_);
}

std::optional<WallTime> RefreshSchedule::Refresh(Entry& entry, const std::atomic<bool>* cancelled) {
  RefreshOverrides overrides;
  const auto begun = clock_->WallNow();
  {
    std::lock_guard lock(mutex_);
    auto requested = std::exchange(entry.requested, std::nullopt);
    if (requested) overrides = *std::move(requested);
  }
  const auto refreshed = entry.actions.refresh(overrides, cancelled);
  std::lock_guard lock(mutex_);
  std::optional<WallTime> next;
  if (refreshed) {
    entry.failures = 0;
  } else if (refreshed.error().code != ErrorCode::kCancelled) {
    next = RetryTime(entry, refreshed.error());
    // What was asked for is what is tried again.
    if (next && !entry.requested) entry.requested = overrides;
  }
  if (next || !entry.plan) return next;
  if (!refreshed) entry.failures = 0;
  return datasets::NextRefresh(*entry.plan, begun, random_);
}

std::optional<WallTime> RefreshSchedule::RefreshSchema(Entry& entry,
                                                       const std::atomic<bool>* cancelled) {
  entry.actions.refresh_schema(cancelled);
  std::lock_guard lock(mutex_);
  return clock_->WallNow() + Spread(*entry.schema_interval);
}

std::chrono::milliseconds RefreshSchedule::Spread(std::chrono::milliseconds interval) {
  // Datasets of one interval and processes of one start are not to read at the same moment.
  std::uniform_real_distribution<double> factor(0.9, 1.1);
  const std::chrono::duration<double, std::milli> wait(interval * factor(random_));
  return std::chrono::duration_cast<std::chrono::milliseconds>(wait);
}

}  // namespace sumac::datasets
