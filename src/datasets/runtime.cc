#include "datasets/runtime.h"

#include <algorithm>
#include <chrono>
#include <mutex>
#include <random>
#include <thread>

#include <fmt/format.h>

#include "base/log.h"
#include "base/nearest_name.h"
#include "datasets/dataset_loader.h"
#include "datasets/datasets_table.h"
#include "datasets/load_metrics.h"
#include "datasets/refresh_schedule.h"
#include "datasets/view_loader.h"
#include "engine/dataset_metrics.h"

namespace sumac::datasets {
namespace {

// Datasets that load at the same time unless runtime.dataset_load_parallelism says otherwise:
// loading is waiting for the network, so more than the cores.
constexpr int64_t kLoadParallelism = 8;
// A thread each, so that a number from a file cannot ask for any number of them.
constexpr int64_t kLoadParallelismMax = 64;

// Who waits for the refresh of another looks this often whether to give up.
constexpr std::chrono::milliseconds kLookForCancel{20};

}  // namespace

class Runtime::State {
 public:
  State(spicepod::Spicepod pod_in, std::unique_ptr<engine::Database> database_in,
        ConnectorContext context, RuntimeOptions options_in)
      : pod(std::move(pod_in)),
        options(std::move(options_in)),
        metrics(context.metrics),
        load_metrics(*metrics, pod),
        database(std::move(database_in)),
        loader(pod, *database, std::move(context), options.clock),
        views(pod, *database),
        loading(pod.datasets.size()) {
    for (const auto& dataset : pod.datasets) {
      DatasetStatus status;
      status.name = dataset.name;
      status.from = dataset.from;
      status.description = dataset.description;
      status.acceleration_enabled = dataset.acceleration && dataset.acceleration->enabled;
      statuses.push_back(std::move(status));
      database->RegisterFailedTable(dataset.name, LoadingError("dataset", dataset.name));
    }
    RegisterDatasetsTable(
        *database, [this] { return Statuses(); }, options.clock);
  }

  std::vector<DatasetStatus> Statuses() const {
    std::lock_guard lock(mutex);
    auto all = statuses;
    if (schedule == nullptr) return all;
    for (size_t index = 0; index < all.size(); ++index) {
      all[index].next_refresh = schedule->NextRefresh(index);
    }
    return all;
  }

  void CountStatuses() {
    // So that the last to look is the last to write.
    std::lock_guard lock(count_mutex);
    load_metrics.SetStatuses(Statuses());
  }

  // Takes datasets off the list until none is left.
  void LoadNext(std::atomic<size_t>& next, const std::atomic<bool>* cancelled) {
    while (true) {
      const size_t index = next.fetch_add(1);
      if (index >= pod.datasets.size() || (cancelled != nullptr && *cancelled)) return;
      std::lock_guard lock(loading[index].mutex);
      auto loaded = LoadFirst(index, cancelled);
      // A query on the dataset and /v1/datasets give the same reason as the log.
      if (!loaded) {
        spdlog::warn("{}", loaded.error().message);
        load_metrics.CountLoadError();
      }
      // A copy of a process before was not loaded now.
      const bool attempted = !loaded || loaded->source != loading[index].dataset.source;
      Finish(index, std::move(loaded), attempted);
      if (auto failure = std::exchange(loading[index].source_failure, std::nullopt)) {
        SetState(index, DatasetState::kReady, std::move(failure));
      }
    }
  }

  // What the dataset serves first: the copy of a process before, the source until there is a copy,
  // or what is loaded now. Called with the dataset's `loading` mutex held.
  Result<LoadedDataset> LoadFirst(size_t index, const std::atomic<bool>* cancelled) {
    const auto& dataset = pod.datasets[index];
    auto& state = loading[index];
    SUMAC_ASSIGN_OR_RETURN(state.plan, loader.Plan(dataset));
    if (!state.plan) return Load(index, cancelled);
    SUMAC_ASSIGN_OR_RETURN(state.dataset, loader.Restore(dataset));
    if (state.dataset.source != nullptr && state.plan->falls_back) {
      // It serves while its source is looked for.
      Finish(index, state.dataset, false);
      if (auto found = loader.PutSourceBehind(dataset, state.dataset, cancelled); !found) {
        // A refresh finds it, and is tried until it does.
        spdlog::warn("{}", found.error().message);
        state.must_load = true;
        state.source_failure = found.error();
      }
    }
    if (state.dataset.source != nullptr) return state.dataset;
    if (state.plan->ready_before_load) {
      state.must_load = true;
      return loader.RegisterSource(dataset, state.dataset, cancelled);
    }
    return Load(index, cancelled);
  }

  // Counts what a copy takes. Called with the dataset's `loading` mutex held.
  Result<LoadedDataset> Load(size_t index, const std::atomic<bool>* cancelled,
                             const RefreshOverrides& overrides = {}) {
    const auto& dataset = pod.datasets[index];
    auto& state = loading[index];
    const auto began = std::chrono::steady_clock::now();
    auto loaded = loader.Load(dataset, state.dataset, cancelled, overrides);
    if (!state.plan) return loaded;
    const bool appends = overrides.refresh_mode
                             ? *overrides.refresh_mode == spicepod::RefreshMode::kAppend
                             : state.plan->appends;
    load_metrics.CountRefresh(dataset.name, appends,
                              loaded ? Status() : Status(Fail(loaded.error())),
                              std::chrono::steady_clock::now() - began, options.clock->WallNow());
    return loaded;
  }

  // Called with the dataset's `loading` mutex held. `attempted`: it was a load or a refresh.
  void Finish(size_t index, Result<LoadedDataset> loaded, bool attempted = true) {
    const std::string& name = pod.datasets[index].name;
    auto& dataset = loading[index].dataset;
    std::optional<Error> failure;
    if (loaded) {
      dataset = *std::move(loaded);
      load_metrics.SetColumns(name, dataset.source->Columns().size());
    } else {
      failure = loaded.error();
      if (dataset.source == nullptr) database->RegisterFailedTable(name, *failure);
    }
    loading[index].failure = failure;
    const bool serves = dataset.source != nullptr;
    if (failure && failure->code == ErrorCode::kCancelled && serves) failure.reset();
    const auto copy = StatusOf(dataset);
    {
      std::lock_guard lock(mutex);
      statuses[index].state = serves ? DatasetState::kReady : DatasetState::kError;
      statuses[index].error = std::move(failure);
      statuses[index].copy = copy;
      statuses[index].key_columns = dataset.key_columns;
      if (attempted) statuses[index].attempted_at = options.clock->WallNow();
    }
    CountStatuses();
    ++data_version;
  }

  static std::optional<CopyStatus> StatusOf(const LoadedDataset& dataset) {
    if (dataset.copy == nullptr || !dataset.copy->copy()) return std::nullopt;
    const auto& facts = dataset.copy->copy()->facts;
    return CopyStatus{facts.rows, dataset.copy->Bytes(), facts.read_at};
  }

  void SetState(size_t index, DatasetState state, std::optional<Error> error) {
    {
      std::lock_guard lock(mutex);
      statuses[index].state = state;
      statuses[index].error = std::move(error);
    }
    CountStatuses();
  }

  Result<SchemaChange> RefreshSchema(size_t index, const std::atomic<bool>* cancelled) {
    auto& state = loading[index];
    const uint64_t begun = state.begun;
    std::unique_lock lock(state.mutex, std::defer_lock);
    while (!lock.try_lock_for(kLookForCancel)) {
      if (cancelled != nullptr && *cancelled) return Fail(CancelledError());
    }
    // One that began after this was asked for has read what this would.
    if (state.last && state.last_number > begun) return *state.last;
    const uint64_t number = ++state.begun;
    auto change = RefreshNow(index, cancelled);
    if (change || change.error().code != ErrorCode::kCancelled) {
      state.last_number = number;
      state.last = change;
    }
    return change;
  }

  // Called with the dataset's `loading` mutex held.
  Result<SchemaChange> RefreshNow(size_t index, const std::atomic<bool>* cancelled,
                                  const RefreshOverrides& overrides = {}) {
    const auto& dataset = pod.datasets[index];
    const auto before = loading[index].dataset.source;
    const bool accelerated = dataset.acceleration && dataset.acceleration->enabled;
    if (before != nullptr && accelerated) {
      SetState(index, DatasetState::kRefreshing, std::nullopt);
    }
    auto loaded = Load(index, cancelled, overrides);
    if (!loaded) {
      const Error error = loaded.error();
      if (error.code != ErrorCode::kCancelled || before != nullptr) {
        Finish(index, std::move(loaded));
      }
      if (error.code == ErrorCode::kCancelled) return Fail(error);
      load_metrics.CountSchemaRefresh(dataset.name, engine::kRefreshFailed);
      spdlog::warn("{}{}: {}",
                   accelerated ? "A refresh has failed" : "The schema could not be refreshed",
                   before != nullptr ? ", the dataset serves as before" : "", error.message);
      return Fail(error);
    }
    Finish(index, std::move(loaded));
    const auto& now = loading[index].dataset.source->Columns();
    auto change = CompareColumns(before ? before->Columns() : std::decay_t<decltype(now)>(), now);
    if (!change.Empty() && views.Rebind()) ++data_version;
    load_metrics.CountSchemaRefresh(
        dataset.name, change.Empty() ? engine::kRefreshUnchanged : engine::kRefreshChanged);
    spdlog::log(change.Empty() ? spdlog::level::debug : spdlog::level::info, "{}",
                DescribeChange(dataset.name, change));
    return change;
  }

  // From now on, in a process that goes on.
  void StartSchedule() {
    RefreshSchedule::Actions actions;
    actions.refresh = [this](size_t index, const RefreshOverrides& overrides,
                             const std::atomic<bool>* cancelled) -> Status {
      std::unique_lock lock(loading[index].mutex, std::defer_lock);
      while (!lock.try_lock_for(kLookForCancel)) {
        if (*cancelled) return Fail(CancelledError());
      }
      // Logged and counted.
      const auto change = RefreshNow(index, cancelled, overrides);
      if (!change) return Fail(change.error());
      return {};
    };
    actions.refresh_schema = [this](size_t index, const std::atomic<bool>* cancelled) {
      static_cast<void>(RefreshSchema(index, cancelled));
    };
    actions.retain = [this](size_t index, const std::atomic<bool>*) { Retain(index); };
    const uint64_t seed = options.random_seed != 0 ? options.random_seed : std::random_device()();
    auto made = std::make_unique<RefreshSchedule>(options.clock, seed, std::move(actions));
    for (size_t index = 0; index < pod.datasets.size(); ++index) {
      std::lock_guard lock(loading[index].mutex);
      auto& state = loading[index];
      const auto interval = loader.SchemaRefreshInterval(pod.datasets[index]);
      // What is wrong with its parameters was said when it was loaded.
      made->AddDataset(state.plan ? &*state.plan : nullptr,
                       interval ? *interval : std::optional<std::chrono::milliseconds>());
      const auto copy = StatusOf(state.dataset);
      made->Begin(index, copy ? std::optional(copy->read_at) : std::nullopt, state.must_load,
                  state.failure);
    }
    made->Start(std::min(LoadParallelism(), pod.datasets.size()));
    std::lock_guard lock(mutex);
    schedule = std::move(made);
  }

  void Retain(size_t index) {
    // A refresh under way leaves out what has to go itself.
    std::unique_lock lock(loading[index].mutex, std::try_to_lock);
    if (!lock) return;
    auto kept = loader.Retain(pod.datasets[index], loading[index].dataset);
    if (!kept) spdlog::warn("{}", kept.error().message);
    if (!kept || !*kept) return;
    // It mends nothing.
    const auto failure = loading[index].failure;
    auto shown = ShownError(index);
    Finish(index, **std::move(kept), false);
    loading[index].failure = failure;
    if (shown) SetState(index, DatasetState::kReady, std::move(shown));
  }

  std::optional<Error> ShownError(size_t index) const {
    std::lock_guard lock(mutex);
    return statuses[index].error;
  }

  size_t LoadParallelism() const {
    return static_cast<size_t>(std::min(
        pod.runtime.dataset_load_parallelism.value_or(kLoadParallelism), kLoadParallelismMax));
  }

  // The dataset's place in the Spicepod. Error kNotFound.
  Result<size_t> Find(const std::string& name) const {
    std::vector<std::string> names;
    for (size_t index = 0; index < pod.datasets.size(); ++index) {
      if (duckdb::StringUtil::CIEquals(pod.datasets[index].name, name)) return index;
      names.push_back(pod.datasets[index].name);
    }
    std::string message = "there is no dataset '" + name + "'";
    if (const auto nearest = NearestName(name, names)) {
      message += "; did you mean '" + *nearest + "'?";
    }
    return Fail(ErrorCode::kNotFound, message);
  }

  // One per dataset.
  struct Loading {
    std::timed_mutex mutex;  // held while it is loaded or refreshed
    LoadedDataset dataset;   // guarded by mutex
    // Of an accelerated dataset whose configuration is right.
    std::optional<AccelerationPlan> plan;  // guarded by mutex
    // The source serves, and the copy is to be loaded behind it.
    bool must_load = false;        // guarded by mutex
    std::optional<Error> failure;  // guarded by mutex; of the last load
    // Why there is no source behind a copy that was restored; on its way to the status.
    std::optional<Error> source_failure;  // guarded by mutex
    // Refreshes are numbered, so that those who wait can share the result of one that began after
    // they asked.
    std::atomic<uint64_t> begun{0};
    uint64_t last_number = 0;                  // guarded by mutex; of the last that ended
    std::optional<Result<SchemaChange>> last;  // guarded by mutex
  };

  const spicepod::Spicepod pod;
  const RuntimeOptions options;
  const std::shared_ptr<Metrics> metrics;
  LoadMetrics load_metrics;
  const std::unique_ptr<engine::Database> database;
  DatasetLoader loader;
  ViewLoader views;
  std::atomic<uint64_t> data_version{0};
  std::vector<Loading> loading;  // as pod.datasets
  std::mutex count_mutex;        // locked before `mutex`
  mutable std::mutex mutex;
  std::vector<DatasetStatus> statuses;  // guarded by mutex
  // The first to go. Set once, guarded by mutex until then.
  std::unique_ptr<RefreshSchedule> schedule;
};

Result<std::unique_ptr<Runtime>> Runtime::Create(spicepod::Spicepod pod, RuntimeOptions options) {
  SUMAC_ASSIGN_OR_RETURN(auto context, MakeConnectorContext(std::move(options.environment)));
  options.database.timers = {context.clock, context.transport};
  SUMAC_ASSIGN_OR_RETURN(auto database, engine::Database::Open(options.database));
  context.metrics = std::make_shared<Metrics>();
  context.serving = options.serving;
  if (options.clock == nullptr) options.clock = context.clock;
  return std::unique_ptr<Runtime>(new Runtime(std::make_unique<State>(
      std::move(pod), std::move(database), std::move(context), std::move(options))));
}

Runtime::Runtime(std::unique_ptr<State> state) : state_(std::move(state)) {}

Runtime::~Runtime() = default;

void Runtime::Load(const std::atomic<bool>* cancelled) {
  const size_t workers = std::min(state_->LoadParallelism(), state_->pod.datasets.size());
  std::atomic<size_t> next{0};
  std::vector<std::thread> threads;
  for (size_t i = 0; i < workers; ++i) {
    threads.emplace_back([this, &next, cancelled] { state_->LoadNext(next, cancelled); });
  }
  for (auto& thread : threads) thread.join();
  if (cancelled != nullptr && *cancelled) return;
  state_->views.Bind();
  ++state_->data_version;
  if (state_->options.serving) state_->StartSchedule();
}

std::vector<DatasetStatus> Runtime::Datasets() const {
  return state_->Statuses();
}

bool Runtime::Ready() const {
  std::lock_guard lock(state_->mutex);
  return state_->views.AllReady() &&
         std::all_of(state_->statuses.begin(), state_->statuses.end(), [](const auto& status) {
           return status.state == DatasetState::kReady || status.state == DatasetState::kRefreshing;
         });
}

Result<SchemaChange> Runtime::RefreshSchema(const std::string& dataset_name,
                                            const std::atomic<bool>* cancelled) {
  SUMAC_ASSIGN_OR_RETURN(const size_t index, state_->Find(dataset_name));
  return state_->RefreshSchema(index, cancelled);
}

Status Runtime::RequestRefresh(const std::string& dataset_name, const RefreshOverrides& overrides) {
  SUMAC_ASSIGN_OR_RETURN(const size_t index, state_->Find(dataset_name));
  const auto& dataset = state_->pod.datasets[index];
  if (!dataset.acceleration || !dataset.acceleration->enabled) {
    return Fail(ErrorCode::kInvalidArgument,
                "dataset '" + dataset.name + "' does not have acceleration enabled");
  }
  if (overrides.refresh_sql) {
    auto checked = engine::CheckRefreshQuery(*overrides.refresh_sql, dataset.name);
    if (!checked) return Fail(std::move(checked).error().WithContext("refresh_sql"));
  }
  std::lock_guard lock(state_->mutex);
  if (state_->schedule == nullptr) {
    return Fail(LoadingError("dataset", dataset.name));
  }
  state_->schedule->Request(index, overrides);
  return {};
}

uint64_t Runtime::DataVersion() const {
  return state_->data_version;
}

const Metrics& Runtime::metrics() const {
  return *state_->metrics;
}

Metrics& Runtime::metrics() {
  return *state_->metrics;
}

Result<AccessReport> Runtime::ExplainAccess(const std::string& dataset_name,
                                            const std::atomic<bool>* cancelled) {
  SUMAC_ASSIGN_OR_RETURN(const size_t index, state_->Find(dataset_name));
  return state_->loader.ExplainAccess(state_->pod.datasets[index], cancelled);
}

Result<TableInspection> Runtime::Inspect(const std::string& dataset_name,
                                         const InspectOptions& options,
                                         const std::atomic<bool>* cancelled) {
  SUMAC_ASSIGN_OR_RETURN(const size_t index, state_->Find(dataset_name));
  return state_->loader.Inspect(state_->pod.datasets[index], options, cancelled);
}

std::unique_ptr<engine::Session> Runtime::Connect() {
  return state_->database->Connect();
}

const spicepod::Spicepod& Runtime::pod() const {
  return state_->pod;
}

}  // namespace sumac::datasets
