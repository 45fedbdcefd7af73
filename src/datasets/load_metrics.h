// What a Runtime counts of loads and refreshes; docs/metrics.md lists it.
#pragma once

#include <chrono>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/metrics.h"
#include "base/result.h"
#include "datasets/dataset_status.h"

namespace sumac::datasets {

// Thread-safe. `metrics` outlives it.
class LoadMetrics {
 public:
  explicit LoadMetrics(Metrics& metrics) : metrics_(metrics) {}

  // A first load that failed.
  void CountLoadError();

  // A load or refresh of a copy that ended `now`. One that was cancelled does not count.
  void CountRefresh(const std::string& dataset_name, bool appends, const Status& outcome,
                    std::chrono::steady_clock::duration took, WallTime now);

  // `result` is engine::kRefreshChanged or another of these.
  void CountSchemaRefresh(const std::string& dataset_name, const char* result);

  void SetColumns(const std::string& dataset_name, size_t count);

  // What all datasets do now, in the order of the Spicepod.
  void SetStatuses(const std::vector<DatasetStatus>& statuses);

  // Takes away what is so now of a dataset that is not served any more.
  void Forget(const std::string& dataset_name);

 private:
  Metrics& metrics_;
  std::mutex mutex_;
  std::set<std::string> engines_;  // guarded by mutex_; that datasets had once
};

}  // namespace sumac::datasets
