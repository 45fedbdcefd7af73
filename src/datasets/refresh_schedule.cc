#include "datasets/refresh_schedule.h"

#include <algorithm>

#include "base/log.h"
#include "datasets/retry_schedule.h"

namespace sumac::datasets {

RefreshSchedule::RefreshSchedule(std::shared_ptr<Clock> clock, uint64_t seed, Actions actions)
    : clock_(clock), actions_(std::move(actions)), random_(seed), scheduler_(clock) {}

void RefreshSchedule::AddDataset(const AccelerationPlan* plan,
                                 std::optional<std::chrono::milliseconds> schema_interval) {
  std::lock_guard lock(mutex_);
  const size_t dataset = entries_.size();
  auto entry = std::make_unique<Entry>();
  if (plan != nullptr) entry->plan = *plan;
  entry->schema_interval = schema_interval;
  entry->refresh_task = scheduler_.Add(
      [this, dataset](const std::atomic<bool>* cancelled) { return Refresh(dataset, cancelled); });
  const auto now = clock_->WallNow();
  if (schema_interval) {
    scheduler_.Add(
        [this, dataset](const std::atomic<bool>* cancelled) {
          return RefreshSchema(dataset, cancelled);
        },
        now + Spread(*schema_interval));
  }
  if (plan != nullptr && plan->Retains()) {
    const auto interval = plan->retention_interval;
    scheduler_.Add(
        [this, dataset, interval](const std::atomic<bool>* cancelled) {
          const auto begun = clock_->WallNow();
          actions_.retain(dataset, cancelled);
          return std::optional(begun + interval);
        },
        now + interval);
  }
  entries_.push_back(std::move(entry));
}

void RefreshSchedule::Begin(size_t dataset, std::optional<WallTime> read_at, bool must_load,
                            const std::optional<Error>& failure) {
  std::optional<WallTime> next;
  {
    std::lock_guard lock(mutex_);
    auto& entry = *entries_[dataset];
    const auto now = clock_->WallNow();
    if (entry.plan && read_at) next = datasets::NextRefresh(*entry.plan, *read_at, random_);
    if (must_load || (read_at && entry.plan && entry.plan->refreshes_at_start)) next = now;
    if (failure) {
      next = RetryTime(entry, *failure);
      if (!next && entry.plan) next = datasets::NextRefresh(*entry.plan, now, random_);
    }
  }
  scheduler_.RunAt(entries_[dataset]->refresh_task, next);
}

void RefreshSchedule::Start(size_t parallelism) {
  scheduler_.Start(parallelism);
}

void RefreshSchedule::Request(size_t dataset, RefreshOverrides overrides) {
  // Under the lock, or a run that begins in between would take what is asked for, and another run
  // would follow that does not have it.
  std::lock_guard lock(mutex_);
  entries_[dataset]->requested = std::move(overrides);
  scheduler_.RunSoon(entries_[dataset]->refresh_task);
}

std::optional<WallTime> RefreshSchedule::NextRefresh(size_t dataset) const {
  return scheduler_.NextRun(entries_[dataset]->refresh_task);
}

std::optional<WallTime> RefreshSchedule::RetryTime(Entry& entry, const Error& error) {
  ++entry.failures;
  if (!error.retryable) return std::nullopt;
  if (entry.plan && entry.plan->retries_max && entry.failures > *entry.plan->retries_max) {
    return std::nullopt;
  }
  return clock_->WallNow() + RetryDelay(entry.failures, random_);
}

std::optional<WallTime> RefreshSchedule::Refresh(size_t dataset,
                                                 const std::atomic<bool>* cancelled) {
  RefreshOverrides overrides;
  const auto begun = clock_->WallNow();
  {
    std::lock_guard lock(mutex_);
    auto requested = std::exchange(entries_[dataset]->requested, std::nullopt);
    if (requested) overrides = *std::move(requested);
  }
  const auto refreshed = actions_.refresh(dataset, overrides, cancelled);
  std::lock_guard lock(mutex_);
  auto& entry = *entries_[dataset];
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

std::optional<WallTime> RefreshSchedule::RefreshSchema(size_t dataset,
                                                       const std::atomic<bool>* cancelled) {
  actions_.refresh_schema(dataset, cancelled);
  std::lock_guard lock(mutex_);
  return clock_->WallNow() + Spread(*entries_[dataset]->schema_interval);
}

std::chrono::milliseconds RefreshSchedule::Spread(std::chrono::milliseconds interval) {
  // Datasets of one interval and processes of one start are not to read at the same moment.
  std::uniform_real_distribution<double> factor(0.9, 1.1);
  const std::chrono::duration<double, std::milli> wait(interval * factor(random_));
  return std::chrono::duration_cast<std::chrono::milliseconds>(wait);
}

}  // namespace sumac::datasets
