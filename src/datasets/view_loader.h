// The views of a Spicepod, bound to what their datasets are now.
#pragma once

#include <mutex>
#include <string>
#include <vector>

#include "base/error.h"
#include "engine/database.h"
#include "spicepod/spicepod.h"

namespace sumac::datasets {

// Of a dataset or view that a query names before it is there. `what` is "dataset" or "view".
Error LoadingError(const std::string& what, const std::string& name);

// Thread-safe. Both arguments outlive it.
class ViewLoader {
 public:
  // Until Bind, queries on a view get LoadingError.
  ViewLoader(const spicepod::Spicepod& pod, engine::Database& database);

  // Call when the datasets have loaded, or have not. Logs which views can be queried.
  void Bind();

  // Call when columns of datasets have changed: views may have become possible, or impossible.
  // Logs what is new. Returns false, and does nothing, before Bind.
  bool Rebind();

  // Whether Bind was called and every view can be queried.
  bool AllReady() const;

 private:
  void BindLocked();

  const spicepod::Spicepod& pod_;
  engine::Database& database_;
  mutable std::mutex mutex_;
  bool bound_ = false;       // guarded by mutex_
  std::vector<bool> ready_;  // guarded by mutex_; as pod.views
};

}  // namespace sumac::datasets
