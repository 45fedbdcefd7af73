// Loads one dataset: connector, parameters, secrets, schema, table, acceleration.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "datasets/accelerated_copy.h"
#include "datasets/acceleration_plan.h"
#include "datasets/connector.h"
#include "engine/database.h"
#include "spicepod/secrets.h"
#include "spicepod/spicepod.h"

namespace sumac::datasets {

// A dataset as it serves.
struct LoadedDataset {
  // The registered one; null before the dataset was loaded.
  std::shared_ptr<engine::TableSource> source;
  // What answers when the copy has no such row; null when nothing does.
  std::shared_ptr<engine::TableSource> behind_copy;
  // See ConnectedTable.
  std::shared_ptr<const items::TypeSummary> types;
  std::shared_ptr<items::SchemaObserver> observer;
  // Of an accelerated dataset, from when its place was opened; null for others.
  std::shared_ptr<AcceleratedCopy> copy;
  // See ConnectedTable; empty, too, of a copy of a process before whose source was not reached yet.
  std::vector<std::string> key_columns;
};

// Thread-safe. `pod` and `database` must outlive it.
class DatasetLoader {
 public:
  // `clock` tells how old copies are; the network has that of `context`.
  DatasetLoader(const spicepod::Spicepod& pod, engine::Database& database, ConnectorContext context,
                std::shared_ptr<Clock> clock);

  // How the dataset is accelerated; nothing when it is not. The error names the dataset.
  Result<std::optional<AccelerationPlan>> Plan(const spicepod::Dataset& dataset) const;

  // What can be said of the dataset without reaching its source. The error names the dataset.
  Status Check(const spicepod::Dataset& dataset) const;

  // The dataset's parameters as its connector gets them, with their secrets. The error does not
  // name the dataset.
  Result<std::map<std::string, SecretString>> Parameters(const spicepod::Dataset& dataset) const;

  // Opens the place of an accelerated dataset's copy, and registers the copy if there is one: that
  // of `before`, an older version of the dataset with which nothing is done any more, or a stored
  // one. Reads nothing else. The error names the dataset.
  Result<LoadedDataset> Restore(const spicepod::Dataset& dataset, const LoadedDataset& before);

  // Puts the source behind a copy that was restored. Blocks. On error, which names the dataset, the
  // copy serves, and queries that need the source fail with it. Error kUnsupported: the copy is of
  // another table.
  Status PutSourceBehind(const spicepod::Dataset& dataset, LoadedDataset& restored,
                         const std::atomic<bool>* cancelled);

  // Registers an accelerated dataset as one that is not, until its copy is loaded. `restored` is
  // what Restore gave. Blocks. The error names the dataset.
  Result<LoadedDataset> RegisterSource(const spicepod::Dataset& dataset,
                                       const LoadedDataset& restored,
                                       const std::atomic<bool>* cancelled);

  // Blocks until the dataset's table is registered, accelerated if it asks for it. The error names
  // the dataset.
  //
  // With a `before` that has a source (or a place for its copy), the new schema holds what was
  // known and noticed before, too. Its columns keep their names. A copy is loaded anew. On error,
  // `before` goes on serving.
  Result<LoadedDataset> Load(const spicepod::Dataset& dataset, const LoadedDataset& before,
                             const std::atomic<bool>* cancelled,
                             const RefreshOverrides& overrides = {});

  // Takes out of a copy what its retention says. Returns the dataset as it is then; nothing when
  // nothing went. The error names the dataset.
  Result<std::optional<LoadedDataset>> Retain(const spicepod::Dataset& dataset,
                                              const LoadedDataset& before);

  // How often the dataset's schema is to be refreshed. The error names the dataset.
  Result<std::optional<std::chrono::milliseconds>> SchemaRefreshInterval(
      const spicepod::Dataset& dataset);

  // Who the dataset would read as, without reading. The error names the dataset.
  Result<AccessReport> ExplainAccess(const spicepod::Dataset& dataset,
                                     const std::atomic<bool>* cancelled);

  // What a sample of the dataset's table shows. The error names the dataset.
  Result<TableInspection> Inspect(const spicepod::Dataset& dataset, const InspectOptions& options,
                                  const std::atomic<bool>* cancelled);

 private:
  Result<LoadedDataset> LoadTable(const spicepod::Dataset& dataset, const LoadedDataset& before,
                                  const std::atomic<bool>* cancelled);
  Result<LoadedDataset> LoadCopy(const spicepod::Dataset& dataset, const LoadedDataset& before,
                                 const std::atomic<bool>* cancelled,
                                 const RefreshOverrides& overrides);
  // Makes a copy what queries read, with what stands behind it.
  Status RegisterCopy(const spicepod::Dataset& dataset, LoadedDataset& loaded);
  // A connection for queries.
  Result<ConnectedTable> Connect(const spicepod::Dataset& dataset, const LoadedDataset& before,
                                 const std::atomic<bool>* cancelled);
  Result<std::shared_ptr<AcceleratedCopy>> OpenCopy(const spicepod::Dataset& dataset,
                                                    const AcceleratedCopy* before = nullptr);
  Result<Connector*> FindConnector(const std::string& prefix) const;
  // What the dataset's connector is told of it.
  Result<ConnectRequest> MakeRequest(const spicepod::Dataset& dataset, const Connector& connector,
                                     const std::atomic<bool>* cancelled) const;
  // The dataset's parameters, checked, with their secrets.
  Result<std::map<std::string, SecretString>> FillIn(const spicepod::Dataset& dataset,
                                                     const Connector& connector) const;

  engine::Database& database_;
  // What a dataset does not give itself.
  const spicepod::ParameterList default_parameters_;
  const std::string directory_;
  const std::shared_ptr<Clock> clock_;
  const std::shared_ptr<Metrics> metrics_;
  const Result<spicepod::SecretResolver> secrets_;
  const std::vector<std::unique_ptr<Connector>> connectors_;
};

}  // namespace sumac::datasets
