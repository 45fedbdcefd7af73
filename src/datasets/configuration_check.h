// What can be said of a Spicepod's datasets and views without reaching anything: connectors,
// parameters, secrets, accelerations, the SQL of views.
#pragma once

#include <string>
#include <vector>

#include "base/environment.h"
#include "base/result.h"
#include "spicepod/spicepod.h"

namespace sumac::datasets {

struct CheckedComponent {
  enum class Kind { kDataset, kView };

  Kind kind = Kind::kDataset;
  std::string name;
  std::string from;               // of a dataset
  std::vector<std::string> uses;  // of a view: "public.users"
  spicepod::Location location;
  // Its error names the component.
  Status status;
};

// Datasets, then views, each in the order of the Spicepod. Reads files of this machine (those of
// secrets, of `from: file:`), and uses no network. What is ignored in parameters is logged. Views
// may read the tables that the Runtime has of itself, and `served_tables`, those of servers.
// Errors: only when the engine cannot start.
Result<std::vector<CheckedComponent>> CheckConfiguration(
    const spicepod::Spicepod& pod, const Environment& environment,
    const std::vector<std::string>& served_tables = {});

}  // namespace sumac::datasets
