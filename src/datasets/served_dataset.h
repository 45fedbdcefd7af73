// One dataset of the Spicepod that a Runtime serves: loaded, refreshed, held to its retention, and
// replaced by a newer version of itself.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>

#include "base/clock.h"
#include "base/result.h"
#include "datasets/dataset_loader.h"
#include "datasets/dataset_status.h"
#include "datasets/load_metrics.h"
#include "datasets/schema_change.h"
#include "engine/database.h"

namespace sumac::datasets {

// What the datasets of a Runtime share. Outlives them.
struct DatasetServices {
  engine::Database& database;
  LoadMetrics& load_metrics;
  std::shared_ptr<Clock> clock;
  // The columns of a dataset have changed, or it is a table now.
  std::function<void()> columns_changed;
  // What a dataset serves has changed, or whether it does.
  std::function<void()> data_changed;
  // What a dataset does or has changed.
  std::function<void()> status_changed;
};

// Thread-safe. One thing at a time is done with a dataset: others wait, or come again.
class ServedDataset {
 public:
  // Registers nothing. `predecessor` is the version of it that there was so far; while this one is
  // not loaded, it goes on serving, if it does.
  ServedDataset(spicepod::Dataset dataset, std::shared_ptr<DatasetLoader> loader,
                DatasetServices& services, std::shared_ptr<ServedDataset> predecessor = nullptr);

  const spicepod::Dataset& dataset() const { return dataset_; }
  DatasetLoader& loader() const { return *loader_; }
  bool IsAccelerated() const { return dataset_.acceleration && dataset_.acceleration->enabled; }
  // Null when it is not accelerated, or its configuration is wrong.
  const AccelerationPlan* plan() const { return plan_ && *plan_ ? &**plan_ : nullptr; }

  // Without the time of the next refresh.
  DatasetStatus Status() const;
  // Whether queries on it are answered.
  bool Serves() const;

  // Loads it for the first time. Logs what fails. Returns false when something else is being done
  // with it or its predecessor: it is to be tried again.
  bool FirstLoad(const std::atomic<bool>* cancelled);

  // What the schedule has to know once it was loaded, or was not.
  struct Beginning {
    std::optional<WallTime> read_at;
    bool must_load = false;
    std::optional<Error> failure;
  };
  Beginning HowItBegan();

  // See Runtime::RefreshSchema.
  Result<SchemaChange> RefreshSchema(const std::atomic<bool>* cancelled);
  // Loads it, or its copy, anew. The error was logged.
  ::sumac::Status Refresh(const RefreshOverrides& overrides, const std::atomic<bool>* cancelled);
  void Retain();
  // What refreshes read from now on, instead of what the Spicepod says; nothing: what that says.
  // Checked already. A Spicepod that changes the dataset takes it back.
  void SetRefreshSql(std::optional<std::string> sql);

  // Has nothing more done with it, for good. Returns false, and does nothing, while something is.
  bool Retire();

 private:
  // The functions below are called with mutex_ held.

  // Ends what is done with the predecessor, and takes over its copy. False while it is busy.
  bool TakeOver();
  // The same, but waits. Errors: kCancelled, kUnavailable (it was replaced itself).
  ::sumac::Status Prepare(const std::atomic<bool>* cancelled);
  // What it serves first: the copy that there is already, the source until there is one, or what is
  // loaded now.
  Result<LoadedDataset> LoadFirst(const std::atomic<bool>* cancelled);
  // Counts what a copy takes.
  Result<LoadedDataset> Load(const std::atomic<bool>* cancelled,
                             const RefreshOverrides& overrides = {});
  // `attempted`: it was a load or a refresh.
  void Finish(Result<LoadedDataset> loaded, bool attempted = true);
  Result<SchemaChange> RefreshNow(const std::atomic<bool>* cancelled,
                                  const RefreshOverrides& overrides = {});

  // Locks mutex_ for `work` that may be cancelled while it waits.
  Result<std::unique_lock<std::timed_mutex>> Lock(const std::atomic<bool>* cancelled);
  bool PredecessorServes() const;
  void SetState(DatasetState state, std::optional<Error> error);

  const spicepod::Dataset dataset_;
  const std::shared_ptr<DatasetLoader> loader_;
  const Result<std::optional<AccelerationPlan>> plan_;
  DatasetServices& services_;

  std::timed_mutex mutex_;  // held while it is loaded or refreshed
  // Guarded by mutex_ up to the counters.
  LoadedDataset loaded_;
  // The source serves, and the copy is to be loaded behind it.
  bool must_load_ = false;
  std::optional<Error> failure_;  // of the last load
  // Why there is no source behind a copy that was restored; on its way to the status.
  std::optional<Error> source_failure_;
  bool retired_ = false;
  std::shared_ptr<ServedDataset> predecessor_;
  // What the predecessor had, for as long as it serves.
  LoadedDataset inherited_;

  // Refreshes are numbered, so that those who wait can share the result of one that began after
  // they asked.
  std::atomic<uint64_t> begun_{0};
  uint64_t last_number_ = 0;                  // guarded by mutex_; of the last that ended
  std::optional<Result<SchemaChange>> last_;  // guarded by mutex_

  mutable std::mutex status_mutex_;
  DatasetStatus status_;                    // guarded by status_mutex_
  bool predecessor_serves_ = false;         // guarded by status_mutex_
  std::optional<std::string> refresh_sql_;  // guarded by status_mutex_
};

}  // namespace sumac::datasets
