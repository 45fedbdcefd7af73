#include "datasets/runtime.h"

#include <algorithm>
#include <chrono>
#include <mutex>
#include <thread>

#include <fmt/format.h>

#include "base/log.h"
#include "base/nearest_name.h"
#include "datasets/dataset_loader.h"

namespace sumac::datasets {
namespace {

// Datasets that load at the same time unless runtime.dataset_load_parallelism says otherwise:
// loading is waiting for the network, so more than the cores.
constexpr int64_t kLoadParallelism = 8;
// A thread each, so that a number from a file cannot ask for any number of them.
constexpr int64_t kLoadParallelismMax = 64;

// `what` is "dataset" or "view".
Error LoadingError(const std::string& what, const std::string& name) {
  Error error;
  error.code = ErrorCode::kUnavailable;
  error.message = what + " '" + name + "' is still loading; try again in a moment";
  error.retryable = true;
  return error;
}

// Error kNotFound, with the nearest name.
Result<const spicepod::Dataset*> FindDataset(const spicepod::Spicepod& pod,
                                             const std::string& dataset_name) {
  std::vector<std::string> names;
  for (const auto& dataset : pod.datasets) {
    if (dataset.name == dataset_name) return &dataset;
    names.push_back(dataset.name);
  }
  std::string message = "there is no dataset '" + dataset_name + "'";
  if (const auto nearest = NearestName(dataset_name, names)) {
    message += "; did you mean '" + *nearest + "'?";
  }
  return Fail(ErrorCode::kNotFound, message);
}

}  // namespace

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

class Runtime::State {
 public:
  State(spicepod::Spicepod pod_in, std::unique_ptr<engine::Database> database_in,
        ConnectorContext context)
      : pod(std::move(pod_in)),
        database(std::move(database_in)),
        loader(pod, *database, std::move(context)) {
    for (const auto& dataset : pod.datasets) {
      DatasetStatus status;
      status.name = dataset.name;
      status.from = dataset.from;
      status.description = dataset.description;
      status.acceleration_enabled = dataset.acceleration && dataset.acceleration->enabled;
      statuses.push_back(std::move(status));
      database->RegisterFailedTable(dataset.name, LoadingError("dataset", dataset.name));
    }
    for (const auto& view : pod.views) {
      database->RegisterFailedTable(view.name, LoadingError("view", view.name));
    }
  }

  // Takes datasets off the list until none is left.
  void LoadNext(std::atomic<size_t>& next, const std::atomic<bool>* cancelled) {
    while (true) {
      const size_t index = next.fetch_add(1);
      if (index >= pod.datasets.size() || (cancelled != nullptr && *cancelled)) return;
      Finish(index, loader.Load(pod.datasets[index], cancelled));
    }
  }

  void Finish(size_t index, Status loaded) {
    const std::string& name = pod.datasets[index].name;
    if (!loaded) {
      // A query on the dataset and /v1/datasets give the same reason as the log.
      spdlog::warn("{}", loaded.error().message);
      database->RegisterFailedTable(name, loaded.error());
    }
    std::lock_guard lock(mutex);
    statuses[index].state = loaded ? DatasetState::kReady : DatasetState::kError;
    if (!loaded) statuses[index].error = loaded.error();
  }

  // Call when the datasets have loaded, or have not.
  void LoadViews() {
    std::vector<engine::ViewDefinition> definitions;
    for (const auto& view : pod.views) {
      definitions.push_back({view.name, view.sql, view.description});
    }
    const auto registered = database->RegisterViews(definitions);
    bool all = true;
    for (size_t i = 0; i < registered.size(); ++i) {
      if (registered[i]) {
        spdlog::info("View {} registered", pod.views[i].name);
      } else {
        spdlog::warn("{}", registered[i].error().message);
        all = false;
      }
    }
    std::lock_guard lock(mutex);
    views_ready = all;
  }

  const spicepod::Spicepod pod;
  const std::unique_ptr<engine::Database> database;
  DatasetLoader loader;
  mutable std::mutex mutex;
  std::vector<DatasetStatus> statuses;  // guarded by mutex
  bool views_ready = false;             // guarded by mutex
};

Result<std::unique_ptr<Runtime>> Runtime::Create(spicepod::Spicepod pod, RuntimeOptions options) {
  SUMAC_ASSIGN_OR_RETURN(auto database, engine::Database::Open(options.database));
  SUMAC_ASSIGN_OR_RETURN(auto context, MakeConnectorContext(std::move(options.environment)));
  return std::unique_ptr<Runtime>(new Runtime(
      std::make_unique<State>(std::move(pod), std::move(database), std::move(context))));
}

Runtime::Runtime(std::unique_ptr<State> state) : state_(std::move(state)) {}

Runtime::~Runtime() = default;

void Runtime::Load(const std::atomic<bool>* cancelled) {
  const auto& pod = state_->pod;
  const auto parallelism = std::min(pod.runtime.dataset_load_parallelism.value_or(kLoadParallelism),
                                    kLoadParallelismMax);
  const size_t workers = std::min(static_cast<size_t>(parallelism), pod.datasets.size());
  std::atomic<size_t> next{0};
  std::vector<std::thread> threads;
  for (size_t i = 0; i < workers; ++i) {
    threads.emplace_back([this, &next, cancelled] { state_->LoadNext(next, cancelled); });
  }
  for (auto& thread : threads) thread.join();
  if (cancelled == nullptr || !*cancelled) state_->LoadViews();
}

std::vector<DatasetStatus> Runtime::Datasets() const {
  std::lock_guard lock(state_->mutex);
  return state_->statuses;
}

bool Runtime::Ready() const {
  std::lock_guard lock(state_->mutex);
  return state_->views_ready &&
         std::all_of(state_->statuses.begin(), state_->statuses.end(),
                     [](const auto& status) { return status.state == DatasetState::kReady; });
}

Result<AccessReport> Runtime::ExplainAccess(const std::string& dataset_name,
                                            const std::atomic<bool>* cancelled) {
  SUMAC_ASSIGN_OR_RETURN(const auto* dataset, FindDataset(state_->pod, dataset_name));
  return state_->loader.ExplainAccess(*dataset, cancelled);
}

Result<TableInspection> Runtime::Inspect(const std::string& dataset_name,
                                         const InspectOptions& options,
                                         const std::atomic<bool>* cancelled) {
  SUMAC_ASSIGN_OR_RETURN(const auto* dataset, FindDataset(state_->pod, dataset_name));
  return state_->loader.Inspect(*dataset, options, cancelled);
}

std::unique_ptr<engine::Session> Runtime::Connect() {
  return state_->database->Connect();
}

const spicepod::Spicepod& Runtime::pod() const {
  return state_->pod;
}

}  // namespace sumac::datasets
