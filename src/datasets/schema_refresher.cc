#include "datasets/schema_refresher.h"

#include <algorithm>

namespace sumac::datasets {
namespace {

// The clock is asked this often, because nothing tells when somebody has moved it.
constexpr std::chrono::milliseconds kLook{100};

}  // namespace

SchemaRefresher::SchemaRefresher(std::vector<Task> tasks, std::shared_ptr<Clock> clock,
                                 uint64_t seed)
    : tasks_(std::move(tasks)), clock_(std::move(clock)), random_(seed) {
  for (const auto& task : tasks_) due_.push_back(DueAfter(task));
  if (!tasks_.empty()) thread_ = std::thread([this] { Run(); });
}

SchemaRefresher::~SchemaRefresher() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  stopped_.notify_all();
  if (thread_.joinable()) thread_.join();
}

MonotonicTime SchemaRefresher::DueAfter(const Task& task) {
  std::uniform_real_distribution<double> factor(0.9, 1.1);
  const std::chrono::duration<double, std::milli> wait(task.interval * factor(random_));
  return clock_->MonotonicNow() + std::chrono::duration_cast<MonotonicTime::duration>(wait);
}

void SchemaRefresher::Run() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    const auto next = std::min_element(due_.begin(), due_.end());
    const auto now = clock_->MonotonicNow();
    if (*next > now) {
      const auto wait = std::min<MonotonicTime::duration>(kLook, *next - now);
      stopped_.wait_for(lock, wait, [this] { return stopping_.load(); });
      continue;
    }
    const auto& task = tasks_[static_cast<size_t>(next - due_.begin())];
    // From one beginning to the next, however long a refresh takes.
    *next = DueAfter(task);
    lock.unlock();
    task.refresh(&stopping_);
    lock.lock();
  }
}

}  // namespace sumac::datasets
