// SIGINT and SIGTERM as callbacks on a thread, where anything may be called; a signal handler may
// call almost nothing.
#pragma once

#include <csetjmp>
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

  // While `jump` is set, SIGINT in the main thread leaves what it does by siglongjmp: the only way
  // out of a line editor that waits for a key.
  static void SetJump(sigjmp_buf* jump);

 private:
  void Run();

  std::mutex mutex_;
  std::function<void()> callback_;
  std::thread thread_;
};

}  // namespace sumac::cli
