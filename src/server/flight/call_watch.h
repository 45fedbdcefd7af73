// Sees that a client has cancelled its call, and stops what runs for it. gRPC's synchronous calls
// can be asked whether they are cancelled, and say nothing by themselves.
#pragma once

#include <condition_variable>
#include <functional>
#include <list>
#include <mutex>
#include <thread>

namespace sumac::server {

// Thread-safe.
class CallWatch {
 public:
  struct Call {
    // Both are called on a thread of the watch, while the call is watched only.
    std::function<bool()> is_cancelled;
    // Again and again until the call is no longer watched: an interrupt that comes too early is
    // lost.
    std::function<void()> stop;
  };

  // Watches while it lives.
  class Watched {
   public:
    Watched(CallWatch& watch, Call call);
    ~Watched();
    Watched(const Watched&) = delete;
    Watched& operator=(const Watched&) = delete;

   private:
    CallWatch& watch_;
    std::list<Call>::iterator place_;
  };

  CallWatch();
  // No call may be watched any more.
  ~CallWatch();

 private:
  void Run();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::list<Call> calls_;
  bool ending_ = false;
  std::thread thread_;
};

}  // namespace sumac::server
