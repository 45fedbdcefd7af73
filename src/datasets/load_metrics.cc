#include "datasets/load_metrics.h"

#include <map>

#include "engine/dataset_metrics.h"

namespace sumac::datasets {
namespace {

// Of the metric kLoadState.
double StateNumber(DatasetState state) {
  switch (state) {
    case DatasetState::kInitializing:
      return 0;
    case DatasetState::kReady:
      return 1;
    case DatasetState::kError:
      return 3;
    case DatasetState::kRefreshing:
      return 4;
    case DatasetState::kShuttingDown:
      return 5;
  }
  return 3;
}

}  // namespace

void LoadMetrics::CountLoadError() {
  metrics_.Add(engine::kLoadErrors, {});
}

void LoadMetrics::CountRefresh(const std::string& dataset_name, bool appends, const Status& outcome,
                               std::chrono::steady_clock::duration took, WallTime now) {
  const std::vector<std::string> labels = {dataset_name, appends ? "append" : "full"};
  if (outcome) {
    metrics_.Observe(engine::kRefreshDuration, labels,
                     std::chrono::duration<double, std::milli>(took).count());
    const auto completed =
        std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch());
    metrics_.Set(engine::kLastRefresh, {dataset_name}, static_cast<double>(completed.count()));
  } else if (outcome.error().code != ErrorCode::kCancelled) {
    metrics_.Add(engine::kRefreshErrors, labels);
  }
}

void LoadMetrics::CountSchemaRefresh(const std::string& dataset_name, const char* result) {
  metrics_.Add(engine::kSchemaRefreshes, {dataset_name, result});
}

void LoadMetrics::SetColumns(const std::string& dataset_name, size_t count) {
  metrics_.Set(engine::kSchemaColumns, {dataset_name}, static_cast<double>(count));
}

void LoadMetrics::SetStatuses(const std::vector<DatasetStatus>& statuses) {
  std::lock_guard lock(mutex_);
  std::map<std::string, int> active;
  for (const auto& engine_name : engines_) active[engine_name] = 0;
  for (const auto& status : statuses) {
    if (status.state != DatasetState::kInitializing) {
      metrics_.Set(engine::kLoadState, {status.name}, StateNumber(status.state));
    }
    if (status.copy) {
      metrics_.Set(engine::kCopyBytes, {status.name}, static_cast<double>(status.copy->bytes));
      metrics_.Set(engine::kCopyRows, {status.name}, static_cast<double>(status.copy->rows));
    }
    const bool serves =
        status.state == DatasetState::kReady || status.state == DatasetState::kRefreshing;
    active[status.acceleration_enabled ? status.acceleration_engine : engine::kNoAcceleration] +=
        serves ? 1 : 0;
  }
  for (const auto& [engine_name, count] : active) {
    metrics_.Set(engine::kActiveDatasets, {engine_name}, count);
    engines_.insert(engine_name);
  }
}

void LoadMetrics::Forget(const std::string& dataset_name) {
  for (const auto* gauge : {&engine::kLoadState, &engine::kCopyBytes, &engine::kCopyRows,
                            &engine::kLastRefresh, &engine::kSchemaColumns}) {
    metrics_.Remove(*gauge, {dataset_name});
  }
}

}  // namespace sumac::datasets
