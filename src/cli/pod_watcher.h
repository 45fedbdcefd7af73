// Tells when a file of a Spicepod has changed: written in place, replaced by an editor, or behind a
// symbolic link that points elsewhere now, as those of Kubernetes do.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "cli/settling.h"

namespace sumac::cli {

struct PodWatcherOptions {
  // What is written in steps is taken when it was quiet for so long, and at the latest after so
  // long.
  std::chrono::milliseconds quiet{300};
  std::chrono::milliseconds at_most{5000};
};

// Thread-safe.
class PodWatcher {
 public:
  // Calls `changed` on a thread of its own, not for a change that leaves all files as they were.
  // Error kResourceExhausted: the system has no watches left.
  static Result<std::unique_ptr<PodWatcher>> Start(PodWatcherOptions options,
                                                   std::function<void()> changed);
  ~PodWatcher();
  PodWatcher(const PodWatcher&) = delete;
  PodWatcher& operator=(const PodWatcher&) = delete;

  // These are the files from now on; those that are not there may come. `read_at` is when reading
  // them began: what was written since is a change. Error kResourceExhausted: some are not watched.
  Status Watch(const std::vector<std::string>& files, WallTime read_at);

 private:
  // What shows that a file is another; equal for all that are not there.
  struct Mark {
    uint64_t device = 0;
    uint64_t inode = 0;
    int64_t size_bytes = -1;
    int64_t modified_ns = 0;
    int64_t changed_ns = 0;

    friend bool operator==(const Mark&, const Mark&) = default;
  };

  PodWatcher(PodWatcherOptions options, std::function<void()> changed);
  static Mark MarkOf(const std::string& file);
  void Run();
  // The functions below are called with the lock held.
  Status WatchFolders();
  bool TakeChanges();

  const std::function<void()> changed_;
  std::mutex mutex_;
  Settling settling_;                  // guarded by mutex_
  std::map<std::string, Mark> marks_;  // guarded by mutex_; by file
  int events_ = -1;                    // of inotify
  int wake_ = -1;
  bool stopping_ = false;  // guarded by mutex_
  std::thread thread_;
};

}  // namespace sumac::cli
