#include "server/flight/call_watch.h"

#include <chrono>

namespace sumac::server {

CallWatch::CallWatch() : thread_([this] { Run(); }) {}

CallWatch::~CallWatch() {
  {
    std::lock_guard lock(mutex_);
    ending_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void CallWatch::Run() {
  constexpr std::chrono::milliseconds kLookEvery{20};
  std::unique_lock lock(mutex_);
  while (!ending_) {
    if (calls_.empty()) {
      changed_.wait(lock);
      continue;
    }
    for (const Call& call : calls_) {
      if (call.is_cancelled()) call.stop();
    }
    changed_.wait_for(lock, kLookEvery);
  }
}

CallWatch::Watched::Watched(CallWatch& watch, Call call) : watch_(watch) {
  std::lock_guard lock(watch_.mutex_);
  place_ = watch_.calls_.insert(watch_.calls_.end(), std::move(call));
  if (watch_.calls_.size() == 1) watch_.changed_.notify_all();
}

CallWatch::Watched::~Watched() {
  std::lock_guard lock(watch_.mutex_);
  watch_.calls_.erase(place_);
}

}  // namespace sumac::server
