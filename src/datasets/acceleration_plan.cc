#include "datasets/acceleration_plan.h"

#include <algorithm>
#include <filesystem>

#include <fmt/format.h>

#include "base/log.h"

namespace sumac::datasets {
namespace {

using spicepod::Acceleration;
using spicepod::AccelerationMode;
using spicepod::Dataset;
using spicepod::RefreshMode;

constexpr char kDefaultFile[] = ".sumac/data/accelerated_duckdb.db";
constexpr std::chrono::minutes kRetentionInterval{5};

// Longer ones are not to reach beyond what WallTime holds.
constexpr std::chrono::hours kIntervalMost{24 * 3'650};

std::chrono::milliseconds Milliseconds(spicepod::Duration duration) {
  return std::min<std::chrono::milliseconds>(std::chrono::ceil<std::chrono::milliseconds>(duration),
                                             kIntervalMost);
}

std::optional<std::chrono::microseconds> Microseconds(std::optional<spicepod::Duration> duration) {
  if (!duration) return std::nullopt;
  return std::chrono::duration_cast<std::chrono::microseconds>(*duration);
}

std::string Parameter(const Acceleration& acceleration, const std::string& name) {
  for (const auto& [given, value] : acceleration.params) {
    if (given == name) return value.text;
  }
  return "";
}

// "a", "(a, b)".
Result<std::vector<std::string>> ReadColumnList(const std::string& text, const char* key) {
  std::string inner = text;
  if (inner.starts_with('(') && inner.ends_with(')')) inner = inner.substr(1, inner.size() - 2);
  std::vector<std::string> columns;
  size_t begin = 0;
  while (begin <= inner.size()) {
    const size_t end = std::min(inner.find(',', begin), inner.size());
    const size_t first = inner.find_first_not_of(" \t", begin);
    const size_t last = inner.find_last_not_of(" \t", end == 0 ? 0 : end - 1);
    if (first >= end || first == std::string::npos) {
      return Fail(ErrorCode::kInvalidArgument, fmt::format("{} '{}' must be a column or (column, "
                                                           "column)",
                                                           key, text));
    }
    columns.push_back(inner.substr(first, last - first + 1));
    begin = end + 1;
  }
  return columns;
}

Status PlanPlace(const Acceleration& acceleration, const std::string& directory,
                 AccelerationPlan& plan) {
  if (acceleration.engine != "arrow" && acceleration.engine != "duckdb") {
    return Fail(ErrorCode::kUnsupported, "acceleration engine '" + acceleration.engine +
                                             "' is not built in; the engines that work are: "
                                             "arrow, duckdb");
  }
  plan.engine_name = acceleration.engine;
  const std::string file = Parameter(acceleration, "duckdb_file");
  switch (acceleration.mode) {
    case AccelerationMode::kMemory:
      if (file.empty()) return {};
      return Fail(ErrorCode::kInvalidArgument,
                  "acceleration has a duckdb_file, but its mode is memory; add mode: file");
    case AccelerationMode::kFileUpdate:
      return Fail(ErrorCode::kUnsupported,
                  "acceleration mode 'file_update' is not built in; the modes that work are: "
                  "memory, file, file_create");
    case AccelerationMode::kFile:
    case AccelerationMode::kFileCreate:
      break;
  }
  if (acceleration.engine != "duckdb") {
    return Fail(ErrorCode::kInvalidArgument,
                "acceleration engine 'arrow' keeps copies in memory only; for mode: file take "
                "engine: duckdb");
  }
  plan.engine_name += ":file";
  plan.ignores_stored = acceleration.mode == AccelerationMode::kFileCreate;
  const std::filesystem::path path(file.empty() ? kDefaultFile : file);
  plan.file_path = std::filesystem::absolute(directory / path).lexically_normal().string();
  return {};
}

const char* RefusedMode(RefreshMode mode) {
  switch (mode) {
    case RefreshMode::kChanges:
      return "changes";
    case RefreshMode::kCaching:
      return "caching";
    case RefreshMode::kSnapshot:
      return "snapshot";
    default:
      return nullptr;
  }
}

Status NeedsTimeColumn(const Dataset& dataset, const char* key) {
  if (!dataset.time_column.empty()) return {};
  return Fail(ErrorCode::kInvalidArgument,
              fmt::format("{} needs a time_column, which tells when a row is from", key));
}

Status PlanRefresh(const Dataset& dataset, AccelerationPlan& plan) {
  const auto& acceleration = *dataset.acceleration;
  const auto mode = acceleration.refresh_mode.value_or(RefreshMode::kFull);
  if (const char* refused = RefusedMode(mode)) {
    return Fail(ErrorCode::kUnsupported,
                fmt::format("refresh_mode '{}' is not built in; the modes that work are: full, "
                            "append",
                            refused));
  }
  plan.appends = mode == RefreshMode::kAppend;
  if (plan.appends) SUMAC_RETURN_IF_ERROR(NeedsTimeColumn(dataset, "refresh_mode: append"));
  if (acceleration.refresh_data_window) {
    SUMAC_RETURN_IF_ERROR(NeedsTimeColumn(dataset, "refresh_data_window"));
  }
  if (!acceleration.refresh_sql.empty()) {
    auto checked = engine::CheckRefreshQuery(acceleration.refresh_sql, dataset.name);
    if (!checked) return Fail(std::move(checked).error().WithContext("refresh_sql"));
    if (acceleration.keep_item) {
      return Fail(ErrorCode::kUnsupported,
                  "params.keep_item and refresh_sql exclude each other, because a query does not "
                  "have whole items");
    }
  }
  plan.refresh_sql = acceleration.refresh_sql;
  if (acceleration.refresh_check_interval) {
    plan.interval = Milliseconds(*acceleration.refresh_check_interval);
    if (plan.interval->count() <= 0) {
      return Fail(ErrorCode::kInvalidArgument, "refresh_check_interval must be more than 0");
    }
  }
  if (!acceleration.refresh_cron.empty()) {
    auto cron = CronSchedule::Parse(acceleration.refresh_cron);
    if (!cron) return Fail(std::move(cron).error().WithContext("refresh_cron"));
    plan.cron = *cron;
  }
  if (acceleration.refresh_jitter_enabled) {
    const auto tenth = plan.interval.value_or(std::chrono::milliseconds(0)) / 10;
    plan.jitter_max =
        acceleration.refresh_jitter_max ? Milliseconds(*acceleration.refresh_jitter_max) : tenth;
  }
  plan.data_window = Microseconds(acceleration.refresh_data_window);
  plan.append_overlap =
      Microseconds(acceleration.refresh_append_overlap).value_or(std::chrono::microseconds(0));
  plan.refreshes_at_start = acceleration.refresh_on_startup_always;
  if (!acceleration.refresh_retry_enabled) {
    plan.retries_max = 0;
  } else if (acceleration.refresh_retry_max_attempts) {
    plan.retries_max = static_cast<uint64_t>(*acceleration.refresh_retry_max_attempts);
  }
  return {};
}

Status PlanRetention(const Dataset& dataset, AccelerationPlan& plan) {
  const auto& acceleration = *dataset.acceleration;
  if (!acceleration.retention_check_enabled) {
    if (acceleration.retention_period || !acceleration.retention_sql.empty()) {
      LogWarningOnce("dataset '" + dataset.name +
                     "': nothing is taken out of its copy, because retention_check_enabled is not "
                     "true");
    }
    return {};
  }
  if (!acceleration.retention_period && acceleration.retention_sql.empty()) {
    return Fail(ErrorCode::kInvalidArgument,
                "retention_check_enabled needs retention_period or retention_sql, which say what "
                "is to go");
  }
  if (acceleration.retention_period) {
    SUMAC_RETURN_IF_ERROR(NeedsTimeColumn(dataset, "retention_period"));
  }
  if (!acceleration.retention_sql.empty()) {
    auto condition = engine::DeleteCondition(acceleration.retention_sql, dataset.name);
    if (!condition) return Fail(std::move(condition).error().WithContext("retention_sql"));
    plan.retention_condition = *condition;
  }
  plan.retention_period = Microseconds(acceleration.retention_period);
  plan.retention_interval = acceleration.retention_check_interval
                                ? Milliseconds(*acceleration.retention_check_interval)
                                : kRetentionInterval;
  if (plan.retention_interval.count() <= 0) {
    return Fail(ErrorCode::kInvalidArgument, "retention_check_interval must be more than 0");
  }
  return {};
}

engine::KeyConflict ConflictOf(spicepod::OnConflict action) {
  return action == spicepod::OnConflict::kDrop ? engine::KeyConflict::kDrop
                                               : engine::KeyConflict::kUpsert;
}

Status PlanKeys(const Dataset& dataset, AccelerationPlan& plan) {
  const auto& acceleration = *dataset.acceleration;
  const auto add = [&](std::vector<std::string> columns) {
    engine::CopyKey key;
    key.columns = std::move(columns);
    key.time_column = dataset.time_column;
    plan.keys.push_back(std::move(key));
  };
  if (!acceleration.primary_key.empty()) {
    SUMAC_ASSIGN_OR_RETURN(auto columns, ReadColumnList(acceleration.primary_key, "primary_key"));
    add(std::move(columns));
  }
  for (const auto& [list, kind] : acceleration.indexes) {
    SUMAC_ASSIGN_OR_RETURN(auto columns, ReadColumnList(list, "index"));
    plan.indexes.push_back({columns});
    if (kind == spicepod::IndexKind::kUnique) add(std::move(columns));
  }
  size_t replacing = 0;
  for (const auto& [list, action] : acceleration.on_conflict) {
    SUMAC_ASSIGN_OR_RETURN(const auto columns, ReadColumnList(list, "on_conflict"));
    const auto key = std::find_if(plan.keys.begin(), plan.keys.end(),
                                  [&](const auto& known) { return known.columns == columns; });
    if (key == plan.keys.end()) {
      return Fail(ErrorCode::kInvalidArgument,
                  "on_conflict '" + list + "' is neither the primary_key nor a unique index");
    }
    key->on_conflict = ConflictOf(action);
    if (key->on_conflict == engine::KeyConflict::kUpsert) ++replacing;
  }
  if (replacing > 0 && acceleration.on_conflict.size() > 1) {
    return Fail(ErrorCode::kInvalidArgument,
                "on_conflict takes one key only, unless all of them say drop");
  }
  return {};
}

// What decides which rows a copy has, and with which columns.
std::string IdentityOf(const Dataset& dataset, const AccelerationPlan& plan) {
  std::string text = dataset.from;
  const auto add = [&text](const std::string& part) {
    text += '\n';
    text += part;
  };
  auto params = dataset.params;
  std::sort(params.begin(), params.end(),
            [](const auto& a, const auto& b) { return a.first < b.first; });
  for (const auto& [name, value] : params) add(name + "=" + value.text);
  for (const auto& column : dataset.columns) {
    add(column.name + ":" + column.type);
    for (const auto& [key, value] : column.metadata) add(key + "=" + value);
  }
  add(plan.refresh_sql);
  add(plan.keep_item ? "items" : "");
  add(plan.data_window ? std::to_string(plan.data_window->count()) : "");
  add(plan.time_column);
  add(std::to_string(static_cast<int>(plan.time_format)));
  for (const auto& key : plan.keys) {
    for (const auto& column : key.columns) add(column);
    add(std::to_string(static_cast<int>(key.on_conflict)));
  }
  for (const auto& index : plan.indexes) {
    for (const auto& column : index.columns) add("index " + column);
  }
  // A hash, because parameters may be written with their secrets.
  return fmt::format("{:016x}", duckdb::Hash(text.data(), text.size()));
}

}  // namespace

Result<AccelerationPlan> PlanAcceleration(const Dataset& dataset, const std::string& directory) {
  AccelerationPlan plan;
  const auto& acceleration = *dataset.acceleration;
  SUMAC_RETURN_IF_ERROR(PlanPlace(acceleration, directory, plan));
  SUMAC_RETURN_IF_ERROR(PlanRefresh(dataset, plan));
  SUMAC_RETURN_IF_ERROR(PlanRetention(dataset, plan));
  SUMAC_RETURN_IF_ERROR(PlanKeys(dataset, plan));
  plan.ready_before_load = acceleration.ready_state.value_or(dataset.ready_state) ==
                           spicepod::ReadyState::kOnRegistration;
  plan.falls_back = acceleration.on_zero_results == spicepod::OnZeroResults::kUseSource;
  plan.time_column = dataset.time_column;
  plan.time_format = dataset.time_format;
  plan.keep_item = acceleration.keep_item;
  plan.identity = IdentityOf(dataset, plan);
  return plan;
}

std::optional<WallTime> NextRefresh(const AccelerationPlan& plan, WallTime begun,
                                    std::mt19937_64& random) {
  std::optional<WallTime> next;
  if (plan.cron) next = plan.cron->Next(begun);
  if (plan.interval) next = begun + *plan.interval;
  if (!next) return std::nullopt;
  std::uniform_int_distribution<int64_t> jitter(0, plan.jitter_max.count());
  return *next + std::chrono::milliseconds(jitter(random));
}

}  // namespace sumac::datasets
