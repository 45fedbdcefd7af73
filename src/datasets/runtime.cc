#include "datasets/runtime.h"

#include <algorithm>
#include <chrono>
#include <mutex>
#include <random>
#include <set>
#include <thread>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/log.h"
#include "base/nearest_name.h"
#include "datasets/datasets_table.h"
#include "datasets/load_metrics.h"
#include "datasets/metrics_table.h"
#include "datasets/refresh_schedule.h"
#include "datasets/served_dataset.h"
#include "datasets/view_loader.h"
#include "spicepod/difference.h"

namespace sumac::datasets {
namespace {

// Datasets that load at the same time unless runtime.dataset_load_parallelism says otherwise:
// loading is waiting for the network, so more than the cores.
constexpr int64_t kLoadParallelism = 8;
// A thread each, so that a number from a file cannot ask for any number of them.
constexpr int64_t kLoadParallelismMax = 64;

// What is busy is looked at again after this.
constexpr std::chrono::milliseconds kLookAgain{50};

// Whether the dataset can be refreshed, and with that.
Status CheckRefreshSql(const ServedDataset& dataset, const std::optional<std::string>& sql) {
  const auto& name = dataset.dataset().name;
  if (!dataset.IsAccelerated()) {
    return Fail(ErrorCode::kInvalidArgument,
                "dataset '" + name + "' does not have acceleration enabled");
  }
  if (!sql) return {};
  auto checked = engine::CheckRefreshQuery(*sql, name);
  if (!checked) return Fail(std::move(checked).error().WithContext("refresh_sql"));
  return {};
}

}  // namespace

class Runtime::State {
 public:
  State(spicepod::Spicepod first_pod, std::unique_ptr<engine::Database> database_in,
        ConnectorContext context_in, RuntimeOptions options_in)
      : options(std::move(options_in)),
        context(std::move(context_in)),
        load_metrics(*context.metrics),
        database(std::move(database_in)),
        views(first_pod.views, *database),
        services{*database,
                 load_metrics,
                 options.clock,
                 [this] {
                   if (views.Rebind()) ++data_version;
                 },
                 [this] { ++data_version; },
                 [this] { CountStatuses(); }},
        pod(std::make_shared<const spicepod::Spicepod>(std::move(first_pod))) {
    const auto loader = MakeLoader(*pod);
    for (const auto& dataset : pod->datasets) {
      served.push_back({std::make_shared<ServedDataset>(dataset, loader, services)});
      database->RegisterFailedTable(dataset.name, LoadingError("dataset", dataset.name));
    }
    RegisterDatasetsTable(
        *database, [this] { return Statuses(); }, options.clock);
    RegisterMetricsTable(*database, *context.metrics, options.clock);
  }

  // A dataset in the Spicepod that is served.
  struct Entry {
    std::shared_ptr<ServedDataset> dataset;
    // Its number in the schedule, once it is there.
    std::optional<size_t> number;
    // That of the task that loads it, if a Reload has brought it.
    std::optional<size_t> load_task;
    // The Runtime is not ready without it.
    bool awaited = true;
  };

  std::shared_ptr<DatasetLoader> MakeLoader(const spicepod::Spicepod& of) {
    return std::make_shared<DatasetLoader>(of, *database, context, options.clock);
  }

  std::vector<Entry> Entries() const {
    std::lock_guard lock(mutex);
    return served;
  }

  std::vector<DatasetStatus> Statuses() const {
    std::vector<DatasetStatus> all;
    std::lock_guard lock(mutex);
    for (const auto& entry : served) {
      auto& status = all.emplace_back(entry.dataset->Status());
      if (entry.number) status.next_refresh = schedule->NextRefresh(*entry.number);
    }
    return all;
  }

  void CountStatuses() {
    // So that the last to look is the last to write.
    std::lock_guard lock(count_mutex);
    load_metrics.SetStatuses(Statuses());
  }

  // Called with reload_mutex held.
  void LoadAll(const std::atomic<bool>* cancelled) {
    const auto entries = Entries();
    std::atomic<size_t> next{0};
    const auto load = [&] {
      while (true) {
        const size_t index = next.fetch_add(1);
        if (index >= entries.size() || IsSet(cancelled)) return;
        // Somebody may be refreshing it already.
        while (!entries[index].dataset->FirstLoad(cancelled) && !IsSet(cancelled)) {
          std::this_thread::sleep_for(kLookAgain);
        }
      }
    };
    std::vector<std::thread> threads;
    for (size_t i = 0; i < std::min(LoadParallelism(), entries.size()); ++i) {
      threads.emplace_back(load);
    }
    for (auto& thread : threads) thread.join();
    if (IsSet(cancelled)) return;
    views.Bind();
    ++data_version;
    if (options.serving) StartSchedule();
  }

  static bool IsSet(const std::atomic<bool>* flag) { return flag != nullptr && *flag; }

  // From now on, in a process that goes on. Called with reload_mutex held.
  void StartSchedule() {
    const uint64_t seed = options.random_seed != 0 ? options.random_seed : std::random_device()();
    {
      std::lock_guard lock(mutex);
      if (schedule == nullptr) schedule = std::make_unique<RefreshSchedule>(options.clock, seed);
    }
    for (const auto& entry : Entries()) {
      if (entry.number) continue;
      const size_t number = AddToSchedule(entry.dataset);
      BeginSchedule(number, *entry.dataset);
      std::lock_guard lock(mutex);
      for (auto& known : served) {
        if (known.dataset == entry.dataset) known.number = number;
      }
    }
    schedule->Start(std::min(LoadParallelism(), Entries().size()));
  }

  size_t AddToSchedule(const std::shared_ptr<ServedDataset>& dataset) {
    RefreshSchedule::Actions actions;
    // Logged and counted.
    actions.refresh = [dataset](const RefreshOverrides& overrides,
                                const std::atomic<bool>* cancelled) {
      return dataset->Refresh(overrides, cancelled);
    };
    actions.refresh_schema = [dataset](const std::atomic<bool>* cancelled) {
      static_cast<void>(dataset->RefreshSchema(cancelled));
    };
    actions.retain = [dataset](const std::atomic<bool>*) { dataset->Retain(); };
    const auto interval = dataset->loader().SchemaRefreshInterval(dataset->dataset());
    // What is wrong with its parameters is said when it is loaded.
    return schedule->AddDataset(dataset->plan(),
                                interval ? *interval : std::optional<std::chrono::milliseconds>(),
                                std::move(actions));
  }

  void BeginSchedule(size_t number, ServedDataset& dataset) {
    const auto began = dataset.HowItBegan();
    schedule->Begin(number, began.read_at, began.must_load, began.failure);
  }

  Result<PodChange> Reload(spicepod::Spicepod next_pod) {
    std::lock_guard reload_lock(reload_mutex);
    if (schedule == nullptr) return Fail(CancelledError());
    // The loader would fail every dataset for it instead.
    auto secrets =
        spicepod::SecretResolver::Create(next_pod.secrets, next_pod.directory, context.environment);
    if (!secrets) return Fail(std::move(secrets).error());
    const auto next = std::make_shared<const spicepod::Spicepod>(std::move(next_pod));
    const auto loader = MakeLoader(*next);
    const auto before = Entries();
    std::vector<std::shared_ptr<ServedDataset>> datasets;
    for (const auto& entry : before) datasets.push_back(entry.dataset);
    const auto successions = FindSuccessions(*next, *loader, datasets);

    PodChange change;
    change.keys_for_restart = spicepod::KeysForRestart(pod->runtime, next->runtime);
    change.views_changed = !std::equal(pod->views.begin(), pod->views.end(), next->views.begin(),
                                       next->views.end(), spicepod::SameView);
    std::vector<Entry> entries;
    std::vector<size_t> fresh;
    std::vector<bool> stays(before.size(), false);
    for (const auto& succession : successions) {
      const Entry* old = succession.served ? &before[*succession.served] : nullptr;
      if (old != nullptr && succession.unchanged) {
        stays[*succession.served] = true;
        entries.push_back(*old);
        ++change.unchanged;
        continue;
      }
      Entry entry;
      entry.dataset = std::make_shared<ServedDataset>(*succession.dataset, loader, services,
                                                      old != nullptr ? old->dataset : nullptr);
      // What held the readiness up goes on to.
      entry.awaited = entry.dataset->Serves() || (old != nullptr && old->awaited);
      entry.number = AddToSchedule(entry.dataset);
      (old != nullptr ? change.changed : change.added).push_back(succession.dataset->name);
      fresh.push_back(entries.size());
      entries.push_back(std::move(entry));
    }
    {
      std::lock_guard lock(mutex);
      served = std::move(entries);
      pod = next;
    }
    views.Replace(next->views, [&] {
      Part(before, stays, *next, change);
      for (const size_t place : fresh) {
        const auto dataset = Entries()[place].dataset;
        const auto& name = dataset->dataset().name;
        if (!dataset->Serves()) database->RegisterFailedTable(name, LoadingError("dataset", name));
      }
    });
    if (!fresh.empty() || !change.removed.empty() || change.views_changed) ++data_version;
    CountStatuses();
    for (const size_t place : fresh) LoadSoon(place);
    schedule->Start(std::min(LoadParallelism(), std::max(before.size(), next->datasets.size())));
    return change;
  }

  // Ends what is done with datasets of `before` that do not stay, and with those that `next` does
  // not name all the rest.
  void Part(const std::vector<Entry>& before, const std::vector<bool>& stays,
            const spicepod::Spicepod& next, PodChange& change) {
    std::set<std::string> names;
    for (const auto& dataset : next.datasets) names.insert(spicepod::TableKey(dataset.name));
    for (size_t i = 0; i < before.size(); ++i) {
      if (stays[i]) continue;
      if (before[i].number) schedule->Remove(*before[i].number);
      if (before[i].load_task) schedule->RemoveOnce(*before[i].load_task);
      const auto& name = before[i].dataset->dataset().name;
      if (names.contains(spicepod::TableKey(name))) continue;
      change.removed.push_back(name);
      database->RemoveTable(name);
      // A refresh under way may yet register it.
      schedule->AddOnce([this, dataset = before[i].dataset](const std::atomic<bool>* cancelled) {
        if (!dataset->Retire()) return *cancelled ? std::nullopt : SoonAgain();
        Forget(dataset->dataset().name);
        return std::optional<WallTime>();
      });
    }
  }

  // Nothing is left of a name that is none.
  void Forget(const std::string& name) {
    {
      std::lock_guard lock(mutex);
      const auto key = spicepod::TableKey(name);
      for (const auto& entry : served) {
        if (spicepod::TableKey(entry.dataset->dataset().name) == key) return;
      }
      for (const auto& view : pod->views) {
        if (spicepod::TableKey(view.name) == key) return;
      }
    }
    database->RemoveTable(name);
    std::lock_guard lock(count_mutex);
    load_metrics.Forget(name);
  }

  // The first load of what a Reload has brought. Called with reload_mutex held.
  void LoadSoon(size_t place) {
    const auto entry = Entries()[place];
    const size_t task = schedule->AddOnce([this, entry](const std::atomic<bool>* cancelled) {
      if (!entry.dataset->FirstLoad(cancelled)) return *cancelled ? std::nullopt : SoonAgain();
      services.columns_changed();
      BeginSchedule(*entry.number, *entry.dataset);
      return std::optional<WallTime>();
    });
    std::lock_guard lock(mutex);
    served[place].load_task = task;
  }

  std::optional<WallTime> SoonAgain() const { return options.clock->WallNow() + kLookAgain; }

  size_t LoadParallelism() const {
    std::lock_guard lock(mutex);
    return static_cast<size_t>(std::min(
        pod->runtime.dataset_load_parallelism.value_or(kLoadParallelism), kLoadParallelismMax));
  }

  // Error kNotFound.
  Result<Entry> Find(const std::string& name) const {
    std::vector<std::string> names;
    for (auto& entry : Entries()) {
      const auto& known = entry.dataset->dataset().name;
      if (duckdb::StringUtil::CIEquals(known, name)) return entry;
      names.push_back(known);
    }
    std::string message = "there is no dataset '" + name + "'";
    if (const auto nearest = NearestName(name, names)) {
      message += "; did you mean '" + *nearest + "'?";
    }
    return Fail(ErrorCode::kNotFound, message);
  }

  const RuntimeOptions options;
  const ConnectorContext context;
  LoadMetrics load_metrics;
  const std::unique_ptr<engine::Database> database;
  ViewLoader views;
  std::atomic<uint64_t> data_version{0};
  DatasetServices services;
  std::mutex reload_mutex;  // held while it loads and reloads; locked before the others
  std::mutex count_mutex;   // locked before `mutex`
  mutable std::mutex mutex;
  std::shared_ptr<const spicepod::Spicepod> pod;  // guarded by mutex
  std::vector<Entry> served;                      // guarded by mutex; as pod->datasets
  // The first to go. Set once, guarded by mutex until then.
  std::unique_ptr<RefreshSchedule> schedule;
};

Result<std::unique_ptr<Runtime>> Runtime::Create(spicepod::Spicepod pod, RuntimeOptions options) {
  SUMAC_ASSIGN_OR_RETURN(auto context, MakeConnectorContext(options.environment));
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
  std::lock_guard lock(state_->reload_mutex);
  state_->LoadAll(cancelled);
}

Result<PodChange> Runtime::Reload(spicepod::Spicepod pod) {
  SUMAC_ASSIGN_OR_RETURN(auto change, state_->Reload(std::move(pod)));
  spdlog::info("The Spicepod was read again: {}", DescribePodChange(change));
  if (!change.keys_for_restart.empty()) {
    spdlog::warn("Changes of {} count after a restart only",
                 fmt::join(change.keys_for_restart, ", "));
  }
  return change;
}

std::vector<DatasetStatus> Runtime::Datasets() const {
  return state_->Statuses();
}

bool Runtime::Ready() const {
  const auto entries = state_->Entries();
  return state_->views.AllReady() &&
         std::all_of(entries.begin(), entries.end(),
                     [](const auto& entry) { return !entry.awaited || entry.dataset->Serves(); });
}

Result<SchemaChange> Runtime::RefreshSchema(const std::string& dataset_name,
                                            const std::atomic<bool>* cancelled) {
  SUMAC_ASSIGN_OR_RETURN(const auto entry, state_->Find(dataset_name));
  return entry.dataset->RefreshSchema(cancelled);
}

Status Runtime::RequestRefresh(const std::string& dataset_name, const RefreshOverrides& overrides) {
  SUMAC_ASSIGN_OR_RETURN(const auto entry, state_->Find(dataset_name));
  SUMAC_RETURN_IF_ERROR(CheckRefreshSql(*entry.dataset, overrides.refresh_sql));
  if (!entry.number) return Fail(LoadingError("dataset", entry.dataset->dataset().name));
  state_->schedule->Request(*entry.number, overrides);
  return {};
}

Status Runtime::SetRefreshSql(const std::string& dataset_name,
                              const std::optional<std::string>& sql) {
  SUMAC_ASSIGN_OR_RETURN(const auto entry, state_->Find(dataset_name));
  SUMAC_RETURN_IF_ERROR(CheckRefreshSql(*entry.dataset, sql));
  entry.dataset->SetRefreshSql(sql);
  return {};
}

uint64_t Runtime::DataVersion() const {
  return state_->data_version;
}

const Metrics& Runtime::metrics() const {
  return *state_->context.metrics;
}

Metrics& Runtime::metrics() {
  return *state_->context.metrics;
}

Result<AccessReport> Runtime::ExplainAccess(const std::string& dataset_name,
                                            const std::atomic<bool>* cancelled) {
  SUMAC_ASSIGN_OR_RETURN(const auto entry, state_->Find(dataset_name));
  return entry.dataset->loader().ExplainAccess(entry.dataset->dataset(), cancelled);
}

Result<TableInspection> Runtime::Inspect(const std::string& dataset_name,
                                         const InspectOptions& options,
                                         const std::atomic<bool>* cancelled) {
  SUMAC_ASSIGN_OR_RETURN(const auto entry, state_->Find(dataset_name));
  return entry.dataset->loader().Inspect(entry.dataset->dataset(), options, cancelled);
}

void Runtime::RegisterRowTable(const std::string& name, std::vector<engine::ResultColumn> columns,
                               engine::RowsCallback rows) {
  state_->database->RegisterRowTable(name, std::move(columns), std::move(rows));
}

std::unique_ptr<engine::Session> Runtime::Connect() {
  return state_->database->Connect();
}

std::shared_ptr<const spicepod::Spicepod> Runtime::pod() const {
  std::lock_guard lock(state_->mutex);
  return state_->pod;
}

}  // namespace sumac::datasets
