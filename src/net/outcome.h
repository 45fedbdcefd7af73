// Where a thread waits for what a Transport's callback brings: the blocking half of an asynchronous
// call. Never waited for on the transport's own thread.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

#include "base/result.h"
#include "net/transport.h"

namespace sumac::net {

// Thread-safe. Shared by the callback, which may come after the waiter has given up.
template <typename T>
class Outcome {
 public:
  // The first call counts.
  void Set(Result<T> result) {
    std::lock_guard lock(mutex_);
    if (result_) return;
    result_ = std::move(result);
    ready_.notify_all();
  }

  // Returns what was set, or kCancelled within about 20 ms of `*cancelled` becoming true; null
  // waits without end. Call once.
  Result<T> Wait(const std::atomic<bool>* cancelled) {
    constexpr auto kCancelPoll = std::chrono::milliseconds(20);
    std::unique_lock lock(mutex_);
    while (!result_) {
      if (cancelled != nullptr && cancelled->load()) return Fail(CancelledError());
      ready_.wait_for(lock, kCancelPoll);
    }
    return *std::move(result_);
  }

 private:
  std::mutex mutex_;
  std::condition_variable ready_;
  std::optional<Result<T>> result_;
};

// Transport::Send as a call that blocks. When it is cancelled the exchange ends by itself.
Result<HttpResponse> SendAndWait(Transport& transport, HttpRequest request,
                                 const std::atomic<bool>* cancelled);

// Blocks for `delay` on the transport's timer; kCancelled when cancelled before.
Status WaitFor(Transport& transport, std::chrono::milliseconds delay,
               const std::atomic<bool>* cancelled);

}  // namespace sumac::net
