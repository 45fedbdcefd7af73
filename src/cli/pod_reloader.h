// Takes over a changed Spicepod while `sumac run` serves.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "cli/pod_source.h"
#include "cli/pod_watcher.h"
#include "cli/service_notification.h"
#include "datasets/runtime.h"

namespace sumac::cli {

// For one thread.
class PodReloader {
 public:
  // The arguments outlive it. `path` is the file or folder, as for LoadPod.
  PodReloader(std::string path, PodLogging logging, datasets::Runtime& runtime,
              const ServiceNotification& service)
      : path_(std::move(path)), logging_(logging), runtime_(runtime), service_(service) {}

  // Takes what others than the Runtime use of a Spicepod. After an error, which is logged, it has
  // taken nothing, and the Spicepod is not taken over. REQUIRES: called before the first Reload.
  void OnPod(std::function<Status(const spicepod::Spicepod&)> take) { take_ = std::move(take); }

  // Calls `changed` on another thread when one of the files, which were read from `read_at` on, has
  // changed, and goes on with the files of the Spicepods that are taken over. Error: that of
  // PodWatcher.
  Status Watch(const std::vector<std::string>& files, WallTime read_at,
               std::function<void()> changed);

  // Reads the Spicepod again and has it served. What is wrong with it is logged, in one line, and
  // everything is as before.
  void Reload();

 private:
  const std::string path_;
  const PodLogging logging_;
  datasets::Runtime& runtime_;
  const ServiceNotification& service_;
  std::function<Status(const spicepod::Spicepod&)> take_;
  std::unique_ptr<PodWatcher> watcher_;
};

}  // namespace sumac::cli
