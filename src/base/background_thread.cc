#include "base/background_thread.h"

#include <atomic>
#include <cstdlib>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace sumac {

struct BackgroundThread::State {
  // Several may wait for it, the owner and whoever exits.
  void Join() {
    std::lock_guard lock(mutex);
    if (thread.joinable()) thread.join();
    // Another thread may get the same.
    id = std::thread::id();
  }

  std::function<void()> stop;
  std::atomic<std::thread::id> id;
  std::atomic<bool> ended = false;  // all but what the system does
  std::mutex mutex;
  std::thread thread;  // guarded
};

class BackgroundThread::Registry {
 public:
  // Never destroyed: threads may end while the process exits.
  static Registry& Get() {
    static auto* const registry = [] {
      EndBeforeLibraries();
      return new Registry();
    }();
    return *registry;
  }

  void Add(std::shared_ptr<State> added) {
    std::vector<std::shared_ptr<State>> ended;
    {
      std::lock_guard lock(mutex_);
      std::erase_if(running_, [&](const std::shared_ptr<State>& state) {
        if (state->ended) ended.push_back(state);
        return state->ended.load();
      });
      running_.push_back(std::move(added));
    }
    for (const auto& state : ended) state->Join();
  }

  void EndAll() {
    // What one does while it ends may begin another.
    while (true) {
      std::vector<std::shared_ptr<State>> running;
      {
        std::lock_guard lock(mutex_);
        running.swap(running_);
      }
      if (running.empty()) return;
      std::erase_if(running, [](const std::shared_ptr<State>& state) {
        return state->id == std::this_thread::get_id();
      });
      // One may wait for another, so all are told first.
      for (const auto& state : running) {
        if (!state->ended) state->stop();
      }
      for (const auto& state : running) state->Join();
    }
  }

 private:
  std::mutex mutex_;
  std::vector<std::shared_ptr<State>> running_;  // guarded
};

void BackgroundThread::EndBeforeLibraries() {
  std::atexit([] { Registry::Get().EndAll(); });
}

BackgroundThread::BackgroundThread(std::function<void()> run, std::function<void()> stop)
    : state_(std::make_shared<State>()) {
  state_->stop = std::move(stop);
  std::lock_guard lock(state_->mutex);
  state_->thread = std::thread([run = std::move(run), state = state_]() mutable {
    state->id = std::this_thread::get_id();
    run();
    // What it holds may be the owner, whose destructor is part of the work.
    run = nullptr;
    state->ended = true;
  });
  Registry::Get().Add(state_);
}

bool BackgroundThread::IsThisThread() const {
  return state_ != nullptr && state_->id == std::this_thread::get_id();
}

void BackgroundThread::Join() {
  if (state_ != nullptr && !IsThisThread()) state_->Join();
}

}  // namespace sumac
