#include "datasets/dataset_loader.h"

#include <algorithm>
#include <filesystem>

#include <fmt/format.h>

#include "base/log.h"
#include "base/nearest_name.h"
#include "datasets/schema_change.h"
#include "engine/counted_source.h"
#include "engine/dataset_metrics.h"
#include "engine/progress_text.h"
#include "engine/source_fallback.h"

namespace sumac::datasets {
namespace {

ConnectorContext For(const spicepod::Spicepod& pod, engine::Database& database,
                     ConnectorContext context) {
  context.database = &database;
  context.directory = pod.directory;
  return context;
}

// Attributes, fields and elements of them that a dataset's schema remembers from refresh to
// refresh.
constexpr size_t kKnownNodesMax = 200'000;

// "dynamodb:users", "dynamodb/users" and "dynamodb://users" name the same.
std::pair<std::string, std::string> SplitFrom(const std::string& from) {
  const size_t end = from.find_first_of(":/");
  if (end == std::string::npos) return {from, ""};
  std::string path = from.substr(end + 1);
  if (from[end] == ':' && path.starts_with("//")) path.erase(0, 2);
  return {from.substr(0, end), path};
}

bool IsAccelerated(const spicepod::Dataset& dataset) {
  return dataset.acceleration && dataset.acceleration->enabled;
}

// Why a source behind a copy cannot answer: `cause`, whose message follows "the source".
Error SourceError(const spicepod::Dataset& dataset, Error cause) {
  cause.message = "dataset '" + dataset.name +
                  "': its copy has no such row, and the source, which is asked then "
                  "(on_zero_results: use_source), " +
                  cause.message;
  return cause;
}

Error NotReachedYet() {
  Error error;
  error.code = ErrorCode::kUnavailable;
  error.message = "was not reached yet";
  error.retryable = true;
  return error;
}

Error NamingDataset(Error error, const spicepod::Dataset& dataset) {
  if (error.message.starts_with("dataset '")) return error;
  return std::move(error).WithContext("dataset '" + dataset.name + "'");
}

// What samples have shown and scans have noticed so far.
std::shared_ptr<const items::TypeSummary> KnownTypes(const std::string& dataset_name,
                                                     const LoadedDataset& before) {
  if (before.types == nullptr && before.observer == nullptr) return nullptr;
  auto known = std::make_shared<items::TypeSummary>();
  if (before.types != nullptr && items::CountNodes(*before.types) <= kKnownNodesMax) {
    *known = *before.types;
  } else if (before.types != nullptr) {
    LogWarningOnce("dataset '" + dataset_name +
                   "': its items have so many different attributes that a schema refresh keeps "
                   "only those it meets again");
  }
  if (before.observer != nullptr) known->Join(before.observer->Seen());
  return known;
}

}  // namespace

DatasetLoader::DatasetLoader(const spicepod::Spicepod& pod, engine::Database& database,
                             ConnectorContext context, std::shared_ptr<Clock> clock)
    : database_(database),
      default_parameters_(spicepod::DatasetDefaults(pod.runtime)),
      directory_(pod.directory),
      clock_(std::move(clock)),
      metrics_(context.metrics),
      secrets_(spicepod::SecretResolver::Create(pod.secrets, pod.directory, context.environment)),
      connectors_(MakeConnectors(For(pod, database, std::move(context)))) {
  // Fails only the datasets that use it, and is no less wrong when none does.
  if (!secrets_) LogWarningOnce(secrets_.error().message);
}

Result<std::optional<AccelerationPlan>> DatasetLoader::Plan(
    const spicepod::Dataset& dataset) const {
  if (!IsAccelerated(dataset)) return std::optional<AccelerationPlan>();
  auto plan = PlanAcceleration(dataset, directory_);
  if (!plan) return Fail(NamingDataset(std::move(plan).error(), dataset));
  return std::optional(*std::move(plan));
}

Status DatasetLoader::Check(const spicepod::Dataset& dataset) const {
  const auto check = [&]() -> Status {
    SUMAC_ASSIGN_OR_RETURN(auto* connector, FindConnector(SplitFrom(dataset.from).first));
    SUMAC_ASSIGN_OR_RETURN(const auto request, MakeRequest(dataset, *connector, nullptr));
    return connector->Check(request);
  };
  if (auto checked = check(); !checked) {
    return Fail(NamingDataset(std::move(checked).error(), dataset));
  }
  SUMAC_ASSIGN_OR_RETURN(const auto plan, Plan(dataset));
  return {};
}

Result<std::shared_ptr<AcceleratedCopy>> DatasetLoader::OpenCopy(const spicepod::Dataset& dataset,
                                                                 const AcceleratedCopy* before) {
  SUMAC_ASSIGN_OR_RETURN(auto plan, PlanAcceleration(dataset, directory_));
  return AcceleratedCopy::Open(dataset, std::move(plan), database_, clock_, before);
}

Result<std::map<std::string, SecretString>> DatasetLoader::Parameters(
    const spicepod::Dataset& dataset) const {
  SUMAC_ASSIGN_OR_RETURN(const auto* connector, FindConnector(SplitFrom(dataset.from).first));
  return FillIn(dataset, *connector);
}

Result<LoadedDataset> DatasetLoader::Restore(const spicepod::Dataset& dataset,
                                             const LoadedDataset& before) {
  LoadedDataset restored;
  auto copy = OpenCopy(dataset, before.copy.get());
  if (!copy) return Fail(NamingDataset(std::move(copy).error(), dataset));
  restored.copy = *std::move(copy);
  const auto& stored = restored.copy->copy();
  if (!stored) return restored;
  if (restored.copy->plan().falls_back) {
    restored.behind_copy =
        before.behind_copy != nullptr
            ? before.behind_copy
            : engine::MakeUnreachableSource(stored->source->Columns(),
                                            SourceError(dataset, NotReachedYet()));
  }
  SUMAC_RETURN_IF_ERROR(RegisterCopy(dataset, restored));
  restored.types = restored.copy->StoredTypes();
  const auto age = engine::AgeText(std::chrono::duration_cast<std::chrono::milliseconds>(
      clock_->WallNow() - stored->facts.read_at));
  if (before.copy != nullptr) {
    spdlog::info(
        "Dataset {} changed ({}), acceleration ({}): goes on with its {} rows, read {} ago",
        dataset.name, dataset.from, restored.copy->plan().engine_name, stored->facts.rows, age);
    return restored;
  }
  spdlog::info("Dataset {} registered ({}), acceleration ({}): {} rows of {} before it was started",
               dataset.name, dataset.from, restored.copy->plan().engine_name, stored->facts.rows,
               age);
  return restored;
}

Status DatasetLoader::PutSourceBehind(const spicepod::Dataset& dataset, LoadedDataset& restored,
                                      const std::atomic<bool>* cancelled) {
  auto table = Connect(dataset, restored, cancelled);
  if (table && restored.copy->IsOfAnotherTable(*table)) {
    table = Fail(ErrorCode::kUnsupported,
                 "the copy was read from another table of this name, which is not there any more");
  }
  if (table) {
    restored.behind_copy = table->source;
    restored.observer = table->observer;
  } else {
    Error cause = table.error();
    cause.message = "could not be reached: " + cause.message;
    restored.behind_copy = engine::MakeUnreachableSource(restored.source->Columns(),
                                                         SourceError(dataset, std::move(cause)));
  }
  SUMAC_RETURN_IF_ERROR(RegisterCopy(dataset, restored));
  if (!table) return Fail(NamingDataset(std::move(table).error(), dataset));
  return {};
}

Status DatasetLoader::RegisterCopy(const spicepod::Dataset& dataset, LoadedDataset& loaded) {
  loaded.source = loaded.copy->copy()->source;
  if (loaded.behind_copy != nullptr) {
    loaded.source = engine::MakeFallbackSource(loaded.source, loaded.behind_copy);
  }
  return database_.RegisterTable(dataset.name, loaded.source);
}

Result<LoadedDataset> DatasetLoader::RegisterSource(const spicepod::Dataset& dataset,
                                                    const LoadedDataset& restored,
                                                    const std::atomic<bool>* cancelled) {
  auto loaded = LoadTable(dataset, {}, cancelled);
  if (!loaded) return Fail(NamingDataset(std::move(loaded).error(), dataset));
  loaded->copy = restored.copy;
  auto counted =
      engine::MakeCountedSource(loaded->source, [metrics = metrics_, name = dataset.name] {
        metrics->Add(engine::kFederatedFallback, {name});
      });
  SUMAC_RETURN_IF_ERROR(database_.RegisterTable(dataset.name, std::move(counted)));
  return loaded;
}

Result<LoadedDataset> DatasetLoader::Load(const spicepod::Dataset& dataset,
                                          const LoadedDataset& before,
                                          const std::atomic<bool>* cancelled,
                                          const RefreshOverrides& overrides) {
  auto loaded = IsAccelerated(dataset) ? LoadCopy(dataset, before, cancelled, overrides)
                                       : LoadTable(dataset, before, cancelled);
  if (!loaded) return Fail(NamingDataset(std::move(loaded).error(), dataset));
  return loaded;
}

Result<std::optional<std::chrono::milliseconds>> DatasetLoader::SchemaRefreshInterval(
    const spicepod::Dataset& dataset) {
  auto connector = FindConnector(SplitFrom(dataset.from).first);
  if (!connector) return Fail(NamingDataset(std::move(connector).error(), dataset));
  auto request = MakeRequest(dataset, **connector, nullptr);
  if (!request) return Fail(NamingDataset(std::move(request).error(), dataset));
  auto interval = (*connector)->SchemaRefreshInterval(*request);
  if (!interval) return Fail(NamingDataset(std::move(interval).error(), dataset));
  return interval;
}

Result<AccessReport> DatasetLoader::ExplainAccess(const spicepod::Dataset& dataset,
                                                  const std::atomic<bool>* cancelled) {
  auto connector = FindConnector(SplitFrom(dataset.from).first);
  if (!connector) return Fail(NamingDataset(std::move(connector).error(), dataset));
  auto request = MakeRequest(dataset, **connector, cancelled);
  if (!request) return Fail(NamingDataset(std::move(request).error(), dataset));
  auto report = (*connector)->ExplainAccess(*request);
  if (!report) return Fail(NamingDataset(std::move(report).error(), dataset));
  return report;
}

Result<TableInspection> DatasetLoader::Inspect(const spicepod::Dataset& dataset,
                                               const InspectOptions& options,
                                               const std::atomic<bool>* cancelled) {
  auto connector = FindConnector(SplitFrom(dataset.from).first);
  if (!connector) return Fail(NamingDataset(std::move(connector).error(), dataset));
  auto request = MakeRequest(dataset, **connector, cancelled);
  if (!request) return Fail(NamingDataset(std::move(request).error(), dataset));
  auto inspection = (*connector)->Inspect(*request, options);
  if (!inspection) return Fail(NamingDataset(std::move(inspection).error(), dataset));
  return inspection;
}

Result<ConnectRequest> DatasetLoader::MakeRequest(const spicepod::Dataset& dataset,
                                                  const Connector& connector,
                                                  const std::atomic<bool>* cancelled) const {
  ConnectRequest request;
  request.dataset_name = dataset.name;
  request.path = SplitFrom(dataset.from).second;
  request.columns = dataset.columns;
  request.cancelled = cancelled;
  SUMAC_ASSIGN_OR_RETURN(request.parameters, FillIn(dataset, connector));
  return request;
}

Result<Connector*> DatasetLoader::FindConnector(const std::string& prefix) const {
  std::vector<std::string> prefixes;
  for (const auto& connector : connectors_) {
    if (connector->Prefix() == prefix) return connector.get();
    prefixes.push_back(connector->Prefix());
  }
  std::string message =
      "connector '" + prefix + "' is not built in; the connectors that work are: ";
  for (const auto& name : prefixes) message += (name == prefixes.front() ? "" : ", ") + name;
  return Fail(ErrorCode::kUnsupported, message);
}

Result<std::map<std::string, SecretString>> DatasetLoader::FillIn(
    const spicepod::Dataset& dataset, const Connector& connector) const {
  SUMAC_ASSIGN_OR_RETURN(const auto checked,
                         spicepod::CheckParameters(dataset.name, dataset.params, connector.Prefix(),
                                                   connector.ParameterSpecifications()));
  // A refresh would repeat them.
  for (const auto& warning : checked.warnings) LogWarningOnce(warning);
  auto values = checked.values;
  const auto& known = connector.ParameterSpecifications();
  for (const auto& parameter : default_parameters_) {
    const bool is_known = std::any_of(known.begin(), known.end(), [&](const auto& specification) {
      return specification.name == parameter.first;
    });
    const bool is_given = std::any_of(values.begin(), values.end(), [&](const auto& given) {
      return given.first == parameter.first;
    });
    if (is_known && !is_given) values.push_back(parameter);
  }
  std::map<std::string, SecretString> parameters;
  for (const auto& [name, value] : values) {
    // Stores are opened once and fail only the datasets that use them.
    if (!secrets_ && value.text.find("${") != std::string::npos) return Fail(secrets_.error());
    if (!secrets_) {
      parameters[name] = SecretString(value.text);
      continue;
    }
    auto resolved = secrets_->Resolve(value.text);
    if (!resolved) {
      // The name as the user wrote it.
      const auto written = std::find_if(dataset.params.begin(), dataset.params.end(),
                                        [&at = value.location](const auto& parameter) {
                                          return parameter.second.location == at;
                                        });
      const auto& shown = written == dataset.params.end() ? name : written->first;
      return Fail(std::move(resolved).error().WithContext("parameter '" + shown + "'"));
    }
    parameters[name] = std::move(resolved->value);
  }
  return parameters;
}

Result<ConnectedTable> DatasetLoader::Connect(const spicepod::Dataset& dataset,
                                              const LoadedDataset& before,
                                              const std::atomic<bool>* cancelled) {
  SUMAC_ASSIGN_OR_RETURN(auto* connector, FindConnector(SplitFrom(dataset.from).first));
  SUMAC_ASSIGN_OR_RETURN(auto request, MakeRequest(dataset, *connector, cancelled));
  request.known_types = KnownTypes(dataset.name, before);
  request.observer_before = before.observer;
  return connector->Connect(request);
}

Result<LoadedDataset> DatasetLoader::LoadTable(const spicepod::Dataset& dataset,
                                               const LoadedDataset& before,
                                               const std::atomic<bool>* cancelled) {
  SUMAC_ASSIGN_OR_RETURN(auto table, Connect(dataset, before, cancelled));
  spdlog::info("Dataset {} {} ({}): {}", dataset.name,
               before.source == nullptr ? "registered" : "refreshed", dataset.from, table.summary);
  SUMAC_RETURN_IF_ERROR(database_.RegisterTable(dataset.name, table.source));
  return LoadedDataset{table.source,   nullptr, table.types,
                       table.observer, nullptr, std::move(table.key_columns)};
}

Result<LoadedDataset> DatasetLoader::LoadCopy(const spicepod::Dataset& dataset,
                                              const LoadedDataset& before,
                                              const std::atomic<bool>* cancelled,
                                              const RefreshOverrides& overrides) {
  const auto started = clock_->MonotonicNow();
  auto copy = before.copy;
  if (copy == nullptr) {
    SUMAC_ASSIGN_OR_RETURN(copy, OpenCopy(dataset));
  }
  SUMAC_ASSIGN_OR_RETURN(auto* connector, FindConnector(SplitFrom(dataset.from).first));
  SUMAC_ASSIGN_OR_RETURN(auto request, MakeRequest(dataset, *connector, cancelled));
  request.for_copy = true;
  request.observer_before = before.observer;
  spdlog::info("Loading data for dataset {}", dataset.name);
  const auto connect = [&](bool whole, std::shared_ptr<const items::TypeSummary> known) {
    request.load_all = whole;
    request.checkpoint_path = whole ? copy->CheckpointPath() : "";
    request.known_types = std::move(known);
    return connector->Connect(request);
  };
  SUMAC_ASSIGN_OR_RETURN(auto refreshed, copy->Refresh(connect, KnownTypes(dataset.name, before),
                                                       overrides, cancelled));
  spdlog::info("Dataset {} {} ({}), acceleration ({}): {}", dataset.name,
               before.source == nullptr ? "registered" : "refreshed", dataset.from,
               copy->plan().engine_name, refreshed.table.summary);
  std::error_code ignored;
  if (!copy->CheckpointPath().empty()) std::filesystem::remove(copy->CheckpointPath(), ignored);
  for (const auto& warning : refreshed.copy.warnings) spdlog::warn("{}", warning);
  LoadedDataset loaded{nullptr,
                       nullptr,
                       refreshed.table.types,
                       refreshed.table.observer,
                       copy,
                       refreshed.table.key_columns};
  if (copy->plan().falls_back) {
    const auto& live = refreshed.table.live_source;
    loaded.behind_copy = live != nullptr ? live : refreshed.table.source;
  }
  SUMAC_RETURN_IF_ERROR(RegisterCopy(dataset, loaded));
  spdlog::info(
      "Loaded {} rows ({}) for dataset {} in {}ms.", refreshed.copy.facts.rows,
      engine::LoggedBytesText(copy->Bytes()), dataset.name,
      std::chrono::duration_cast<std::chrono::milliseconds>(clock_->MonotonicNow() - started)
          .count());
  return loaded;
}

Result<std::optional<LoadedDataset>> DatasetLoader::Retain(const spicepod::Dataset& dataset,
                                                           const LoadedDataset& before) {
  if (before.copy == nullptr || !before.copy->copy()) return std::optional<LoadedDataset>();
  const auto rows = before.copy->copy()->facts.rows;
  auto changed = before.copy->Retain();
  if (!changed) {
    return Fail(NamingDataset(std::move(changed).error().WithContext("retention"), dataset));
  }
  if (!*changed) return std::optional<LoadedDataset>();
  auto loaded = before;
  SUMAC_RETURN_IF_ERROR(RegisterCopy(dataset, loaded));
  if (rows == before.copy->copy()->facts.rows) return std::optional(std::move(loaded));
  spdlog::info("Dataset {}: {} rows that are past their retention are gone, {} stay", dataset.name,
               rows - before.copy->copy()->facts.rows, before.copy->copy()->facts.rows);
  return std::optional(std::move(loaded));
}

}  // namespace sumac::datasets
