// What a dataset of a Runtime does and has, for those who show it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/error.h"

namespace sumac::datasets {

enum class DatasetState { kInitializing, kReady, kRefreshing, kError, kShuttingDown };

// The state as /v1/datasets shows it: "Initializing", "Ready", "Refreshing", "Error",
// "ShuttingDown".
std::string_view DatasetStateName(DatasetState state);

// The copy that an accelerated dataset serves.
struct CopyStatus {
  uint64_t rows = 0;
  uint64_t bytes = 0;
  // When reading it began: it shows the source as it was then, or newer.
  WallTime read_at;
};

struct DatasetStatus {
  std::string name;
  std::string from;
  std::string description;
  // The columns that no two rows have the same values in; empty when there are none, and before
  // the dataset was loaded.
  std::vector<std::string> key_columns;
  bool acceleration_enabled = false;
  // As the Spicepod names it; empty without acceleration.
  std::string acceleration_engine;
  DatasetState state = DatasetState::kInitializing;
  // Why, when the state is kError; of a dataset that serves, why its last refresh failed.
  std::optional<Error> error;
  // Of an accelerated dataset only; absent before there is a copy.
  std::optional<CopyStatus> copy;
  // When the last load or refresh ended, well or not; absent before the first has.
  std::optional<WallTime> attempted_at;
  // When the copy is to be refreshed, or a load that failed tried again; absent when only on
  // demand.
  std::optional<WallTime> next_refresh;
};

}  // namespace sumac::datasets
