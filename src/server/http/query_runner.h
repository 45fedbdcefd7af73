// The workers that run queries and what else takes long, so that none of it runs on the threads
// that serve the network.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <set>
#include <thread>
#include <vector>

#include "server/http/job.h"

namespace sumac::server {

// Thread-safe.
class QueryRunner {
 public:
  QueryRunner(int threads, size_t queued_max);
  ~QueryRunner();  // Stop

  // Runs `job` when a worker is free. False, and nothing happens, when too many wait already.
  bool Submit(std::shared_ptr<Job> job);

  // Waits until no job waits or runs, at most for `timeout`; true when that is so.
  bool WaitUntilIdle(std::chrono::milliseconds timeout);
  // Cancels what waits and what runs.
  void CancelAll();

  // Cancels everything, waits for it, and ends the workers. Submit refuses from then on.
  void Stop();

 private:
  void Work();

  const size_t queued_max_;
  std::mutex mutex_;
  // Apart, so that a job wakes one worker and not all of them.
  std::condition_variable submitted_;
  std::condition_variable idle_;
  std::deque<std::shared_ptr<Job>> queue_;
  std::set<std::shared_ptr<Job>> running_;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace sumac::server
