#include "datasets/view_loader.h"

#include <algorithm>

#include "base/log.h"

namespace sumac::datasets {

Error LoadingError(const std::string& what, const std::string& name) {
  Error error;
  error.code = ErrorCode::kUnavailable;
  error.message = what + " '" + name + "' is still loading; try again in a moment";
  error.retryable = true;
  return error;
}

ViewLoader::ViewLoader(const spicepod::Spicepod& pod, engine::Database& database)
    : pod_(pod), database_(database), ready_(pod.views.size()) {
  for (const auto& view : pod.views) {
    database.RegisterFailedTable(view.name, LoadingError("view", view.name));
  }
}

void ViewLoader::Bind() {
  std::lock_guard lock(mutex_);
  BindLocked();
}

bool ViewLoader::Rebind() {
  std::lock_guard lock(mutex_);
  if (bound_) BindLocked();
  return bound_;
}

bool ViewLoader::AllReady() const {
  std::lock_guard lock(mutex_);
  return bound_ && std::all_of(ready_.begin(), ready_.end(), [](bool ready) { return ready; });
}

void ViewLoader::BindLocked() {
  std::vector<engine::ViewDefinition> definitions;
  for (const auto& view : pod_.views) {
    definitions.push_back({view.name, view.sql, view.description});
  }
  const auto registered = database_.RegisterViews(definitions);
  for (size_t i = 0; i < registered.size(); ++i) {
    const bool ready = registered[i].has_value();
    const bool news = !bound_ || ready != ready_[i];
    if (news && ready) spdlog::info("View {} registered", pod_.views[i].name);
    if (news && !ready) spdlog::warn("{}", registered[i].error().message);
    ready_[i] = ready;
  }
  bound_ = true;
}

}  // namespace sumac::datasets
