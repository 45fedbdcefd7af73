#include "datasets/dataset_loader.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/log.h"
#include "base/nearest_name.h"
#include "datasets/schema_change.h"

namespace sumac::datasets {
namespace {

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

Error NamingDataset(Error error, const spicepod::Dataset& dataset) {
  if (error.message.starts_with("dataset '")) return error;
  return std::move(error).WithContext("dataset '" + dataset.name + "'");
}

Status CheckAcceleration(const spicepod::Acceleration& acceleration) {
  if (acceleration.engine != "arrow") {
    return Fail(ErrorCode::kUnsupported, "acceleration engine '" + acceleration.engine +
                                             "' is not built in; the engines that work are: arrow");
  }
  if (acceleration.mode != spicepod::AccelerationMode::kMemory) {
    return Fail(ErrorCode::kUnsupported,
                "acceleration in files is not built in; the modes that work are: memory");
  }
  const auto mode = acceleration.refresh_mode.value_or(spicepod::RefreshMode::kFull);
  if (mode != spicepod::RefreshMode::kFull) {
    return Fail(ErrorCode::kUnsupported,
                "this refresh_mode is not built in; the modes that work are: full");
  }
  return {};
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
                             ConnectorContext context)
    : database_(database),
      default_parameters_(spicepod::DatasetDefaults(pod.runtime)),
      clock_(context.clock),
      secrets_(spicepod::SecretResolver::Create(pod.secrets, pod.directory, context.environment)),
      connectors_(MakeConnectors(std::move(context))) {
  // Fails only the datasets that use it, and is no less wrong when none does.
  if (!secrets_) LogWarningOnce(secrets_.error().message);
}

Result<LoadedDataset> DatasetLoader::Load(const spicepod::Dataset& dataset,
                                          const LoadedDataset& before,
                                          const std::atomic<bool>* cancelled) {
  auto loaded = LoadTable(dataset, before, cancelled);
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

Result<LoadedDataset> DatasetLoader::LoadTable(const spicepod::Dataset& dataset,
                                               const LoadedDataset& before,
                                               const std::atomic<bool>* cancelled) {
  const auto started = clock_->MonotonicNow();
  const auto elapsed_ms = [&] {
    return std::chrono::duration_cast<std::chrono::milliseconds>(clock_->MonotonicNow() - started)
        .count();
  };
  const bool accelerated = dataset.acceleration && dataset.acceleration->enabled;
  if (accelerated) SUMAC_RETURN_IF_ERROR(CheckAcceleration(*dataset.acceleration));

  SUMAC_ASSIGN_OR_RETURN(auto* connector, FindConnector(SplitFrom(dataset.from).first));
  SUMAC_ASSIGN_OR_RETURN(auto request, MakeRequest(dataset, *connector, cancelled));
  request.known_types = KnownTypes(dataset.name, before);
  request.observer_before = before.observer;
  request.load_all = accelerated;
  if (accelerated) spdlog::info("Loading data for dataset {}", dataset.name);
  SUMAC_ASSIGN_OR_RETURN(auto table, connector->Connect(request));
  spdlog::info("Dataset {} {} ({}){}: {}", dataset.name,
               before.source == nullptr ? "registered" : "refreshed", dataset.from,
               accelerated ? ", acceleration (arrow)" : "", table.summary);
  if (accelerated) {
    engine::CopyRequest copying;
    copying.facts.dataset_name = dataset.name;
    copying.facts.read_at = clock_->WallNow();
    copying.keep_item = dataset.acceleration->keep_item;
    copying.cancelled = cancelled;
    SUMAC_ASSIGN_OR_RETURN(const auto copy,
                           database_.MemoryCopies()->Create(table.source, copying));
    for (const auto& warning : copy.warnings) spdlog::warn("{}", warning);
    table.source = copy.source;
    spdlog::info("Loaded {} rows for dataset {} in {}ms.", table.source->EstimatedRows(),
                 dataset.name, elapsed_ms());
  }
  SUMAC_RETURN_IF_ERROR(database_.RegisterTable(dataset.name, table.source));
  return LoadedDataset{table.source, table.types, table.observer};
}

}  // namespace sumac::datasets
