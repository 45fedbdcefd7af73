// What becomes of the datasets that are served when another Spicepod is to be. Pure.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "datasets/served_dataset.h"
#include "spicepod/spicepod.h"

namespace sumac::datasets {

// What another Spicepod has changed. Names of datasets, in the order of the Spicepod that has them.
struct PodChange {
  std::vector<std::string> added;
  std::vector<std::string> changed;
  std::vector<std::string> removed;
  size_t unchanged = 0;
  bool views_changed = false;
  // Keys whose new value counts after a restart only.
  std::vector<std::string> keys_for_restart;
};

// "1 dataset added (orders), 2 unchanged".
std::string DescribePodChange(const PodChange& change);

// A dataset of the new Spicepod and what is served under its name.
struct DatasetSuccession {
  const spicepod::Dataset* dataset = nullptr;
  // The place of the one that is served; absent when there is none.
  std::optional<size_t> served;
  // That one can go on as it is.
  bool unchanged = false;
};

// One for each dataset of `pod`, in its order. `loader` is that of `pod`.
std::vector<DatasetSuccession> FindSuccessions(
    const spicepod::Spicepod& pod, const DatasetLoader& loader,
    const std::vector<std::shared_ptr<ServedDataset>>& served);

}  // namespace sumac::datasets
