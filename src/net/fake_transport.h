// A network made of a function, for tests: requests are answered on a thread of its own, in an
// order drawn from a seed, and timers move a ManualClock instead of waiting.
#pragma once

#include <algorithm>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <random>
#include <thread>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "net/transport.h"

namespace sumac::net {

class FakeTransport final : public Transport {
 public:
  // Answers a request; nothing means that no answer comes before the request's timeout.
  using Handler = std::function<std::optional<Result<HttpResponse>>(const HttpRequest&)>;

  FakeTransport(ManualClock& clock, Handler handler, uint64_t seed = 1)
      : clock_(clock), handler_(std::move(handler)), random_(seed), thread_([this] { Run(); }) {}

  ~FakeTransport() override { Stop(); }

  // Ends the thread and lets go of every callback, and with them of what holds this transport. Must
  // be called before the last reference goes.
  void Stop() {
    {
      std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    changed_.notify_all();
    if (thread_.joinable()) thread_.join();
    std::map<OperationId, PendingSend> sends;
    std::map<OperationId, Timer> timers;
    std::lock_guard lock(mutex_);
    sends.swap(sends_);
    timers.swap(timers_);
  }

  OperationId Send(HttpRequest request, HttpCallback callback) override {
    std::lock_guard lock(mutex_);
    const auto id = ++last_id_;
    sends_[id] = {std::move(request), std::move(callback), false};
    changed_.notify_all();
    return id;
  }

  OperationId After(std::chrono::milliseconds delay, std::function<void()> callback) override {
    std::lock_guard lock(mutex_);
    const auto id = ++last_id_;
    timers_[id] = {clock_.MonotonicNow() + delay, std::move(callback)};
    if (delay.count() > 0) waits_ms_.push_back(static_cast<int>(delay.count()));
    changed_.notify_all();
    return id;
  }

  void Cancel(OperationId id) override {
    std::lock_guard lock(mutex_);
    timers_.erase(id);
    const auto found = sends_.find(id);
    if (found != sends_.end()) found->second.cancelled = true;
    changed_.notify_all();
  }

  // While true, nothing that takes time ends: no answer, no timer with a delay.
  void Hold(bool hold) {
    std::lock_guard lock(mutex_);
    held_ = hold;
    changed_.notify_all();
  }

  // Lets one answer through (under Hold).
  void AnswerOne() {
    std::lock_guard lock(mutex_);
    ++answers_allowed_;
    changed_.notify_all();
  }

  // Blocks until `count` requests wait for their answer (under Hold).
  void AwaitRequests(size_t count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return sends_.size() >= count && !busy_; });
  }

  // Blocks until a timer with a delay is running (under Hold).
  void AwaitTimer() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return !timers_.empty() && !busy_; });
  }

  // Blocks until no request waits for its answer.
  void AwaitNothing() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return sends_.empty() && !busy_; });
  }

  // Every delay that was asked for, in order.
  std::vector<int> WaitsMs() const {
    std::lock_guard lock(mutex_);
    return waits_ms_;
  }

 private:
  struct PendingSend {
    HttpRequest request;
    HttpCallback callback;
    bool cancelled = false;
  };
  struct Timer {
    MonotonicTime due;
    std::function<void()> callback;
  };

  // The next thing to run, taken out of its list; null when there is nothing to do now.
  std::function<void()> Take() {
    const auto cancelled = std::find_if(sends_.begin(), sends_.end(),
                                        [](const auto& entry) { return entry.second.cancelled; });
    if (cancelled != sends_.end()) {
      auto node = sends_.extract(cancelled);
      return [callback = std::move(node.mapped().callback)] { callback(Fail(CancelledError())); };
    }
    const auto due = std::min_element(timers_.begin(), timers_.end(),
                                      [](auto& a, auto& b) { return a.second.due < b.second.due; });
    const bool due_now = due != timers_.end() && due->second.due <= clock_.MonotonicNow();
    if (due_now || (due != timers_.end() && sends_.empty() && !held_)) {
      if (!due_now) AdvanceTo(due->second.due);
      return timers_.extract(due).mapped().callback;
    }
    if (sends_.empty() || (held_ && answers_allowed_ == 0)) return nullptr;
    if (held_) --answers_allowed_;
    auto chosen = sends_.begin();
    std::advance(chosen, std::uniform_int_distribution<size_t>(0, sends_.size() - 1)(random_));
    auto node = sends_.extract(chosen);
    return [this, pending = std::move(node.mapped())] { Answer(pending); };
  }

  void Answer(const PendingSend& pending) {
    auto answer = handler_(pending.request);
    if (!answer) {
      clock_.Advance(std::chrono::milliseconds(pending.request.timeout_ms));
      Error error;
      error.code = ErrorCode::kDeadlineExceeded;
      error.blame = Blame::kNetwork;
      error.retryable = true;
      error.message = "no answer";
      answer = Fail(std::move(error));
    }
    pending.callback(*std::move(answer));
  }

  void AdvanceTo(MonotonicTime due) {
    clock_.Advance(
        std::chrono::duration_cast<std::chrono::milliseconds>(due - clock_.MonotonicNow()));
  }

  void Run() {
    std::unique_lock lock(mutex_);
    while (!stopping_) {
      if (auto next = Take()) {
        busy_ = true;
        lock.unlock();
        next();
        next = nullptr;
        lock.lock();
        busy_ = false;
        changed_.notify_all();
      } else {
        changed_.wait(lock);
      }
    }
  }

  ManualClock& clock_;
  const Handler handler_;

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::mt19937_64 random_;
  std::map<OperationId, PendingSend> sends_;
  std::map<OperationId, Timer> timers_;
  std::vector<int> waits_ms_;
  OperationId last_id_ = 0;
  bool held_ = false;
  int answers_allowed_ = 0;
  bool busy_ = false;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace sumac::net
