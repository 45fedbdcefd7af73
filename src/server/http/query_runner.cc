#include "server/http/query_runner.h"

#include <utility>

namespace sumac::server {

QueryRunner::QueryRunner(int threads, size_t queued_max) : queued_max_(queued_max) {
  for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { Work(); });
}

QueryRunner::~QueryRunner() {
  Stop();
}

bool QueryRunner::Submit(std::shared_ptr<Job> job) {
  {
    std::lock_guard lock(mutex_);
    const size_t free_workers = threads_.size() - running_.size();
    if (stopping_ || queue_.size() >= queued_max_ + free_workers) return false;
    queue_.push_back(std::move(job));
  }
  submitted_.notify_one();
  return true;
}

bool QueryRunner::WaitUntilIdle(std::chrono::milliseconds timeout) {
  std::unique_lock lock(mutex_);
  return idle_.wait_for(lock, timeout, [this] { return queue_.empty() && running_.empty(); });
}

void QueryRunner::CancelAll() {
  std::vector<std::shared_ptr<Job>> jobs;
  {
    std::lock_guard lock(mutex_);
    jobs.assign(running_.begin(), running_.end());
    jobs.insert(jobs.end(), queue_.begin(), queue_.end());
  }
  for (const auto& job : jobs) job->Cancel();
}

void QueryRunner::Stop() {
  constexpr std::chrono::milliseconds kAgainAfter{50};
  {
    std::lock_guard lock(mutex_);
    if (threads_.empty()) return;
    stopping_ = true;
  }
  do {
    CancelAll();
  } while (!WaitUntilIdle(kAgainAfter));
  std::vector<std::thread> threads;
  {
    std::lock_guard lock(mutex_);
    threads.swap(threads_);
  }
  submitted_.notify_all();
  for (std::thread& thread : threads) thread.join();
}

void QueryRunner::Work() {
  std::unique_lock lock(mutex_);
  while (true) {
    submitted_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
    if (queue_.empty()) return;
    std::shared_ptr<Job> job = std::move(queue_.front());
    queue_.pop_front();
    running_.insert(job);
    lock.unlock();
    job->Run();
    lock.lock();
    running_.erase(job);
    if (queue_.empty() && running_.empty()) idle_.notify_all();
  }
}

}  // namespace sumac::server
