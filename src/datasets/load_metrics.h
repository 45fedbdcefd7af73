// What a Runtime counts of loads and refreshes; docs/metrics.md lists it.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/metrics.h"
#include "base/result.h"
#include "datasets/dataset_status.h"
#include "spicepod/spicepod.h"

namespace sumac::datasets {

// Thread-safe. Both arguments outlive it.
class LoadMetrics {
 public:
  LoadMetrics(Metrics& metrics, const spicepod::Spicepod& pod) : metrics_(metrics), pod_(pod) {}

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

 private:
  Metrics& metrics_;
  const spicepod::Spicepod& pod_;
};

}  // namespace sumac::datasets
