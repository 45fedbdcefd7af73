#include "cli/pod_watcher.h"

#include <cstring>
#include <filesystem>
#include <set>

#include <fmt/format.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"

namespace sumac::cli {
namespace {

namespace fs = std::filesystem;

constexpr uint32_t kFolderEvents = IN_CLOSE_WRITE | IN_MODIFY | IN_ATTRIB | IN_CREATE | IN_DELETE |
                                   IN_MOVED_FROM | IN_MOVED_TO | IN_DELETE_SELF | IN_MOVE_SELF;

Error NotWatched(const std::string& what) {
  return UserError(ErrorCode::kResourceExhausted,
                   fmt::format("{} cannot be watched for changes: {}; SIGHUP has them taken over",
                               what, std::strerror(errno)));
}

// The folder that `file` is in, or the nearest above it that is there.
fs::path FolderOf(const fs::path& file) {
  std::error_code ignored;
  fs::path folder = fs::absolute(file, ignored).parent_path();
  while (!fs::is_directory(folder, ignored) && folder.has_relative_path()) {
    folder = folder.parent_path();
  }
  return folder;
}

// The file system's time is that of the kernel's last tick.
constexpr std::chrono::milliseconds kTick{50};

int64_t Nanoseconds(const timespec& time) {
  return int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

}  // namespace

Result<std::unique_ptr<PodWatcher>> PodWatcher::Start(PodWatcherOptions options,
                                                      std::function<void()> changed) {
  std::unique_ptr<PodWatcher> watcher(new PodWatcher(options, std::move(changed)));
  watcher->events_ = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
  if (watcher->events_ < 0) return Fail(NotWatched("the Spicepod's files"));
  watcher->wake_ = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (watcher->wake_ < 0) return Fail(NotWatched("the Spicepod's files"));
  watcher->thread_ = std::thread([it = watcher.get()] { it->Run(); });
  return watcher;
}

PodWatcher::PodWatcher(PodWatcherOptions options, std::function<void()> changed)
    : changed_(std::move(changed)), settling_(options.quiet, options.at_most) {}

PodWatcher::~PodWatcher() {
  if (thread_.joinable()) {
    {
      std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    eventfd_write(wake_, 1);
    thread_.join();
  }
  if (events_ >= 0) close(events_);
  if (wake_ >= 0) close(wake_);
}

PodWatcher::Mark PodWatcher::MarkOf(const std::string& file) {
  struct stat found {};
  if (stat(file.c_str(), &found) != 0) return {};
  return {found.st_dev, found.st_ino, found.st_size, Nanoseconds(found.st_mtim),
          Nanoseconds(found.st_ctim)};
}

Status PodWatcher::Watch(const std::vector<std::string>& files, WallTime read_at) {
  std::lock_guard lock(mutex_);
  marks_.clear();
  for (const auto& file : files) marks_[file] = {};
  // From here on changes are seen; those before are found by their time.
  auto watched = WatchFolders();
  const auto since = std::chrono::nanoseconds((read_at - kTick).time_since_epoch());
  for (auto& [file, mark] : marks_) {
    mark = MarkOf(file);
    if (mark.changed_ns <= since.count()) continue;
    mark = {};
    settling_.Touch(std::chrono::steady_clock::now());
  }
  eventfd_write(wake_, 1);
  return watched;
}

Status PodWatcher::WatchFolders() {
  std::set<std::string> folders;
  for (const auto& [file, mark] : marks_) {
    folders.insert(FolderOf(file).string());
    // What a link leads to changes elsewhere.
    std::error_code error;
    const auto target = fs::canonical(file, error);
    if (!error) folders.insert(target.parent_path().string());
  }
  Status watched;
  for (const auto& folder : folders) {
    const int watch = inotify_add_watch(events_, folder.c_str(), kFolderEvents);
    if (watch < 0 && watched) watched = Fail(NotWatched("files in " + folder));
  }
  return watched;
}

bool PodWatcher::TakeChanges() {
  // Folders may have come and gone.
  static_cast<void>(WatchFolders());
  bool changed = false;
  for (auto& [file, mark] : marks_) {
    const auto now = MarkOf(file);
    changed = changed || !(now == mark);
    mark = now;
  }
  return changed;
}

void PodWatcher::Run() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    int timeout_ms = -1;
    if (const auto due = settling_.due()) {
      const auto wait =
          std::chrono::ceil<std::chrono::milliseconds>(*due - std::chrono::steady_clock::now());
      timeout_ms = static_cast<int>(std::max<int64_t>(wait.count(), 0));
    }
    lock.unlock();
    pollfd waited[] = {{events_, POLLIN, 0}, {wake_, POLLIN, 0}};
    poll(waited, 2, timeout_ms);
    eventfd_t ignored = 0;
    eventfd_read(wake_, &ignored);
    bool seen = false;
    alignas(inotify_event) char buffer[16 << 10];
    while (read(events_, buffer, sizeof(buffer)) > 0) seen = true;
    lock.lock();
    const auto now = std::chrono::steady_clock::now();
    if (seen) settling_.Touch(now);
    if (!settling_.TakeDone(now) || !TakeChanges() || stopping_) continue;
    lock.unlock();
    changed_();
    lock.lock();
  }
}

}  // namespace sumac::cli
