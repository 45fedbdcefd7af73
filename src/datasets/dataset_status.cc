#include "datasets/dataset_status.h"

namespace sumac::datasets {

std::string_view DatasetStateName(DatasetState state) {
  switch (state) {
    case DatasetState::kInitializing:
      return "Initializing";
    case DatasetState::kReady:
      return "Ready";
    case DatasetState::kRefreshing:
      return "Refreshing";
    case DatasetState::kError:
      return "Error";
    case DatasetState::kShuttingDown:
      return "ShuttingDown";
  }
  return "Error";
}

}  // namespace sumac::datasets
