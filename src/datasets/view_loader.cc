#include "datasets/view_loader.h"

#include <algorithm>
#include <map>

#include "base/log.h"
#include "spicepod/difference.h"

namespace sumac::datasets {

Error LoadingError(const std::string& what, const std::string& name) {
  Error error;
  error.code = ErrorCode::kUnavailable;
  error.message = what + " '" + name + "' is still loading; try again in a moment";
  error.retryable = true;
  return error;
}

ViewLoader::ViewLoader(std::vector<spicepod::View> views, engine::Database& database)
    : database_(database) {
  for (auto& view : views) {
    database.RegisterFailedTable(view.name, LoadingError("view", view.name));
    auto& entry = entries_.emplace_back();
    entry.view = std::move(view);
  }
}

void ViewLoader::Replace(std::vector<spicepod::View> views,
                         const std::function<void()>& change_datasets) {
  std::lock_guard lock(mutex_);
  std::map<std::string, Entry> before;
  for (auto& entry : entries_)
    before.emplace(spicepod::TableKey(entry.view.name), std::move(entry));
  entries_.clear();
  std::vector<bool> held_up;
  for (auto& view : views) {
    auto old = before.extract(spicepod::TableKey(view.name));
    auto& entry = entries_.emplace_back();
    // What held the readiness up goes on to.
    held_up.push_back(!old.empty() && old.mapped().awaited && !old.mapped().ready);
    if (!old.empty() && spicepod::SameView(old.mapped().view, view)) {
      entry.ready = old.mapped().ready;
      entry.known = old.mapped().known;
    }
    entry.view = std::move(view);
  }
  // Until they are bound again, they stay as they are whatever becomes of their datasets.
  static_cast<void>(database_.RegisterViews({}));
  for (const auto& [key, entry] : before) database_.RemoveTable(entry.view.name);
  change_datasets();
  // They are bound again when what they wait for is loaded, or is not.
  BindLocked(false);
  for (size_t i = 0; i < entries_.size(); ++i) {
    entries_[i].awaited = entries_[i].ready || held_up[i];
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
  return bound_ && std::all_of(entries_.begin(), entries_.end(),
                               [](const auto& entry) { return entry.ready || !entry.awaited; });
}

void ViewLoader::BindLocked(bool all_is_news) {
  std::vector<engine::ViewDefinition> definitions;
  for (const auto& [view, ready, known, awaited] : entries_) {
    definitions.push_back({view.name, view.sql, view.description});
  }
  const auto registered = database_.RegisterViews(definitions);
  for (size_t i = 0; i < registered.size(); ++i) {
    auto& entry = entries_[i];
    const bool ready = registered[i].has_value();
    const bool put_off = !all_is_news && !ready && registered[i].error().retryable;
    const bool news = !put_off && (!entry.known || ready != entry.ready);
    if (news && ready) spdlog::info("View {} registered", entry.view.name);
    if (news && !ready) spdlog::warn("{}", registered[i].error().message);
    entry.ready = ready;
    entry.known = !put_off;
    if (ready) entry.awaited = true;
  }
  bound_ = true;
}

}  // namespace sumac::datasets
