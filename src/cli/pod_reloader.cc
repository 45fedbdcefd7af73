#include "cli/pod_reloader.h"

#include "base/log.h"

namespace sumac::cli {

Status PodReloader::Watch(const std::vector<std::string>& files, WallTime read_at,
                          std::function<void()> changed) {
  SUMAC_ASSIGN_OR_RETURN(watcher_, PodWatcher::Start({}, std::move(changed)));
  return watcher_->Watch(files, read_at);
}

void PodReloader::Reload() {
  service_.Reloading();
  std::vector<std::string> files;
  const auto read_at = SystemClock().WallNow();
  // Its level of the log counts when it is taken over.
  auto pod = LoadPod(path_, PodLogging{.takes_output_level = false}, &files);
  const auto level = pod ? pod->runtime.output_level : std::nullopt;
  if (watcher_ != nullptr) {
    if (auto watched = watcher_->Watch(files, read_at); !watched) {
      spdlog::warn("{}", watched.error().message);
    }
  }
  Status reloaded;
  if (!pod) {
    reloaded = Fail(pod.error());
  } else if (auto taken = take_ ? take_(*pod) : Status(); !taken) {
    reloaded = std::move(taken);
  } else if (auto change = runtime_.Reload(*std::move(pod)); !change) {
    reloaded = Fail(change.error());
  }
  if (!reloaded) {
    spdlog::error("{}; the Spicepod before it is served as it was", reloaded.error().message);
  } else if (level && logging_.takes_output_level) {
    SetLogLevel(*level);
  }
  service_.Ready();
}

}  // namespace sumac::cli
