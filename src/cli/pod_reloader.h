// Takes over a changed Spicepod while `sumac run` serves, and with SIGHUP all that is read once.
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

  // SIGHUP reads this again, too: certificates, say. Its error is logged; what it read before is to
  // stay in use then. REQUIRES: called before the first HangUp.
  void OnHangUp(std::function<Status()> action) { actions_.push_back(std::move(action)); }

  // Calls `changed` on another thread when one of the files, which were read from `read_at` on, has
  // changed, and goes on with the files of the Spicepods that are taken over. Error: that of
  // PodWatcher.
  Status Watch(const std::vector<std::string>& files, WallTime read_at,
               std::function<void()> changed);

  // Reads the Spicepod again and has it served. What is wrong with it is logged, in one line, and
  // everything is as before.
  void Reload();
  // The same, after what OnHangUp was given.
  void HangUp();

 private:
  const std::string path_;
  const PodLogging logging_;
  datasets::Runtime& runtime_;
  const ServiceNotification& service_;
  std::vector<std::function<Status()>> actions_;
  std::unique_ptr<PodWatcher> watcher_;
};

}  // namespace sumac::cli
