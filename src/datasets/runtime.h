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
#include "base/metrics.h"
#include "base/result.h"
#include "datasets/accelerated_copy.h"
#include "datasets/connector.h"
#include "datasets/dataset_status.h"
#include "datasets/pod_reload.h"
#include "datasets/schema_change.h"
#include "engine/database.h"
#include "engine/session.h"
#include "spicepod/spicepod.h"

namespace sumac::datasets {

struct RuntimeOptions {
  engine::DatabaseOptions database;
  // The process environment, as an argument.
  std::map<std::string, std::string> environment;
  // True in a process that goes on serving: schemas are refreshed at the intervals that datasets
  // ask for, once they were loaded, and what scans notice is logged with how to refresh.
  bool serving = false;
  // Tells when schemas are due; null takes the system's.
  std::shared_ptr<Clock> clock;
  // Spreads the refreshes; 0 takes a seed from the system.
  uint64_t random_seed = 0;
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

  // Serves `pod` from now on instead of the one before. What is the same in both goes on untouched,
  // with its copy, its schedule and its place in time. A dataset that is gone is unknown to new
  // queries; one that is new loads, and one that has changed loads while the one before serves.
  // Secrets are read anew: a dataset whose parameters have other values has changed, and one that
  // could not be loaded is tried again. Does not wait for what loads; logs what it does, and which
  // changes need a restart. Waits for Load and for another Reload. Queries may run meanwhile.
  // Errors, after which everything is as before: what is wrong with the secret stores, kCancelled
  // (Load was). REQUIRES: `serving`, and Load was called.
  Result<PodChange> Reload(spicepod::Spicepod pod);

  // In the order of the Spicepod.
  std::vector<DatasetStatus> Datasets() const;

  // True when every dataset and every view can be queried. A Reload does not take it back: what it
  // has added counts from when it can be queried.
  bool Ready() const;

  // Brings a dataset's schema up to date with its items: samples again, and joins that with what
  // earlier samples showed and scans have noticed. When the columns changed, queries from now on
  // have the new ones, and those under way keep what they began with. An accelerated dataset's copy
  // is loaded anew in any case, and replaces the old one when it is complete. A dataset that failed
  // to load is loaded. One refresh of a dataset at a time: others wait for it and then do their
  // own. Blocks; polls `cancelled`, when given. Errors, after which the dataset serves as before:
  // kNotFound (no such dataset), kCancelled, those of loading.
  Result<SchemaChange> RefreshSchema(const std::string& dataset_name,
                                     const std::atomic<bool>* cancelled = nullptr);

  // Has the copy of an accelerated dataset refreshed as soon as others allow, and does not wait for
  // it. Errors: kNotFound (no such dataset), kInvalidArgument (it is not accelerated, wrong
  // `overrides`).
  Status RequestRefresh(const std::string& dataset_name, const RefreshOverrides& overrides = {});

  // From now on refreshes of an accelerated dataset read what `sql` selects; nothing: what the
  // Spicepod says. The copy stays as it is until it is refreshed. It holds until the process ends,
  // or a Spicepod is served that changes the dataset. Errors: as for RequestRefresh.
  Status SetRefreshSql(const std::string& dataset_name, const std::optional<std::string>& sql);

  // Grows, after the change, whenever a dataset or a view was registered anew or failed: when a
  // copy was loaded, when columns have changed. It says nothing of items that change in DynamoDB.
  uint64_t DataVersion() const;

  // What scans and refreshes have counted.
  const Metrics& metrics() const;
  // For those who serve it, to count there too. Lives as long as the Runtime.
  Metrics& metrics();

  // Who a dataset of the Spicepod reads as, and where; nothing is read with it, and the dataset
  // need not be loaded. Blocks. Errors: kNotFound (no such dataset), its configuration's.
  Result<AccessReport> ExplainAccess(const std::string& dataset_name,
                                     const std::atomic<bool>* cancelled = nullptr);

  // What a sample of a dataset's table shows; the dataset need not be loaded. Blocks. Errors:
  // kNotFound (no such dataset), those of reaching and reading the table.
  Result<TableInspection> Inspect(const std::string& dataset_name, const InspectOptions& options,
                                  const std::atomic<bool>* cancelled = nullptr);

  // For those who serve it, to show what they know of themselves: see engine::Database.
  void RegisterRowTable(const std::string& name, std::vector<engine::ResultColumn> columns,
                        engine::RowsCallback rows);

  std::unique_ptr<engine::Session> Connect();

  // The one that is served now.
  std::shared_ptr<const spicepod::Spicepod> pod() const;

 private:
  class State;
  explicit Runtime(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace sumac::datasets
