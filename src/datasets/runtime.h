// A Spicepod brought to life: every dataset connected, its schema known, its table registered with
// the engine, its acceleration loaded. One bad dataset never hides the others.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "datasets/connector.h"
#include "engine/database.h"
#include "engine/session.h"
#include "spicepod/spicepod.h"

namespace sumac::datasets {

enum class DatasetState { kInitializing, kReady, kRefreshing, kError, kShuttingDown };

// The state as /v1/datasets shows it: "Initializing", "Ready", "Refreshing", "Error",
// "ShuttingDown".
std::string_view DatasetStateName(DatasetState state);

struct DatasetStatus {
  std::string name;
  std::string from;
  std::string description;
  bool acceleration_enabled = false;
  DatasetState state = DatasetState::kInitializing;
  // Why, when the state is kError.
  std::optional<Error> error;
};

struct RuntimeOptions {
  engine::DatabaseOptions database;
  // The process environment, as an argument.
  std::map<std::string, std::string> environment;
};

// Thread-safe.
class Runtime {
 public:
  // Starts without loading anything; errors only when the engine itself cannot start.
  static Result<std::unique_ptr<Runtime>> Create(spicepod::Spicepod pod, RuntimeOptions options);
  ~Runtime();

  // Loads every dataset, several at a time, then the views over them, and returns when each is
  // ready or has failed. A failure is logged and kept in Datasets(); the others go on. Queries may
  // run meanwhile. Returns early when `cancelled` becomes true.
  void Load(const std::atomic<bool>* cancelled = nullptr);

  // In the order of the Spicepod.
  std::vector<DatasetStatus> Datasets() const;

  // True when every dataset and every view is ready.
  bool Ready() const;

  // Who a dataset of the Spicepod reads as, and where; nothing is read with it, and the dataset
  // need not be loaded. Blocks. Errors: kNotFound (no such dataset), its configuration's.
  Result<AccessReport> ExplainAccess(const std::string& dataset_name,
                                     const std::atomic<bool>* cancelled = nullptr);

  // What a sample of a dataset's table shows; the dataset need not be loaded. Blocks. Errors:
  // kNotFound (no such dataset), those of reaching and reading the table.
  Result<TableInspection> Inspect(const std::string& dataset_name, const InspectOptions& options,
                                  const std::atomic<bool>* cancelled = nullptr);

  std::unique_ptr<engine::Session> Connect();

  const spicepod::Spicepod& pod() const;

 private:
  class State;
  explicit Runtime(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace sumac::datasets
