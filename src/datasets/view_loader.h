// The views of a Spicepod, bound to what their datasets are now.
#pragma once

#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "base/error.h"
#include "engine/database.h"
#include "spicepod/spicepod.h"

namespace sumac::datasets {

// Of a dataset or view that a query names before it is there. `what` is "dataset" or "view".
Error LoadingError(const std::string& what, const std::string& name);

// Thread-safe. `database` outlives it.
class ViewLoader {
 public:
  // Until Bind, queries on a view get LoadingError.
  ViewLoader(std::vector<spicepod::View> views, engine::Database& database);

  // These are the views from now on. Call after Bind. Those that are gone are unknown;
  // `change_datasets` is called then, which may give their names to datasets and those of datasets
  // to views; and then they are bound to what the datasets are.
  void Replace(std::vector<spicepod::View> views, const std::function<void()>& change_datasets);

  // Call when the datasets have loaded, or have not. Logs which views can be queried.
  void Bind();

  // Call when columns of datasets have changed: views may have become possible, or impossible.
  // Logs what is new. Returns false, and does nothing, before Bind.
  bool Rebind();

  // Whether Bind was called and every view can be queried. One that cannot be after Replace, and
  // could before or was not there, counts from when it can be: another Spicepod does not make a
  // server that is ready unready.
  bool AllReady() const;

 private:
  // `all_is_news`: also that a view fails for now.
  void BindLocked(bool all_is_news = true);

  struct Entry {
    spicepod::View view;
    bool ready = false;
    // Its state was logged.
    bool known = false;
    // A server is not ready without it.
    bool awaited = true;
  };

  engine::Database& database_;
  mutable std::mutex mutex_;
  bool bound_ = false;          // guarded by mutex_
  std::vector<Entry> entries_;  // guarded by mutex_
};

}  // namespace sumac::datasets
