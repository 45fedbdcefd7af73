// A thread that its owner waits for, or, where the owner ends on that very thread, the process.
//
// A callback may hold the last reference to what owns the thread that runs it: nobody can join the
// thread then. Detached, it could outlive main() and use what libraries clean up at exit (OpenSSL's
// state of each thread, the log). So the process knows its background threads: at exit() those that
// still run are told to stop, and joined.
#pragma once

#include <functional>
#include <memory>

namespace sumac {

// Not for use by several threads at once, but for Join().
class BackgroundThread {
 public:
  BackgroundThread() = default;
  // `stop` makes `run` return soon. It is called at exit(), on the thread that exits, when the
  // owner may be gone: it must own nothing of it that `run` does not own.
  BackgroundThread(std::function<void()> run, std::function<void()> stop);
  BackgroundThread(BackgroundThread&&) = default;
  BackgroundThread& operator=(BackgroundThread&&) = default;
  ~BackgroundThread() { Join(); }

  bool IsThisThread() const;

  // Waits until it has ended. Called on the thread itself, returns at once: it is joined by the
  // process.
  void Join();

  // To be called when a library was set up that cleans up at exit() and that background threads
  // use: exit() undoes in the reverse order.
  static void EndBeforeLibraries();

 private:
  struct State;
  class Registry;

  std::shared_ptr<State> state_;
};

}  // namespace sumac
