// SIGINT, SIGTERM and SIGHUP as callbacks on a thread, where anything may be called; a signal
// handler may call almost nothing.
#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <thread>

namespace sumac::cli {

// One per process. Make it first: threads that are started while it stands do not get the signals,
// so they interrupt nothing.
class SignalWatcher {
 public:
  SignalWatcher();
  ~SignalWatcher();
  SignalWatcher(const SignalWatcher&) = delete;
  SignalWatcher& operator=(const SignalWatcher&) = delete;

  // What a signal does from now on; an empty function ignores it. After this returns, the function
  // that was set before runs no more.
  void OnSignal(std::function<void()> callback);

  // What SIGHUP does from now on; until this is called, it ends the process. After this returns,
  // the function that was set before runs no more.
  void OnHangUp(std::function<void()> callback);

  // Whether SIGTERM has come: whoever waits in a loop should leave it.
  bool TerminationAsked() const { return termination_asked_; }

 private:
  void Run();

  std::mutex mutex_;
  std::function<void()> callback_;
  std::function<void()> hang_up_callback_;
  std::atomic<bool> termination_asked_ = false;
  std::thread thread_;
};

}  // namespace sumac::cli
