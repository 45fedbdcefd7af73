#include <algorithm>
#include <string_view>

#include "spicepod/readers.h"

namespace sumac::spicepod {
namespace {

const Choices<TimeFormat> kTimeFormats = {
    {"timestamp", TimeFormat::kTimestamp},      {"timestamptz", TimeFormat::kTimestampTz},
    {"unix_seconds", TimeFormat::kUnixSeconds}, {"unix_millis", TimeFormat::kUnixMillis},
    {"ISO8601", TimeFormat::kIso8601},          {"date", TimeFormat::kDate}};

// Words that Spice refuses as names, because SQL could not use them.
constexpr const char* kReservedNames[] = {"count",    "false",   "null",  "true",
                                          "end-exec", "lateral", "table", "unnest"};

// Schemas of tables that Sumac or DuckDB has itself.
constexpr std::string_view kReservedSchemas[] = {"sumac_loading", "information_schema",
                                                 "pg_catalog", "runtime"};

void ReadIndexes(MapReader& reader, Acceleration& out) {
  const std::vector<std::pair<std::string, IndexKind>> kinds = {{"enabled", IndexKind::kEnabled},
                                                                {"unique", IndexKind::kUnique}};
  reader.Entries("indexes", [&](const std::string& columns, const YamlNode& value) {
    for (const auto& [name, kind] : kinds) {
      if (value.text == name) {
        out.indexes[columns] = kind;
        return;
      }
    }
    reader.context().Fail(value.location, "index '" + columns + "' of " + reader.what() +
                                              " takes enabled or unique, not '" + value.text + "'");
  });
}

void ReadOnConflict(MapReader& reader, Acceleration& out) {
  const std::vector<std::pair<std::string, OnConflict>> actions = {
      {"drop", OnConflict::kDrop},
      {"upsert", OnConflict::kUpsert},
      {"upsert_dedup", OnConflict::kUpsertDedup},
      {"upsert_dedup_by_row_id", OnConflict::kUpsertDedupByRowId}};
  reader.Entries("on_conflict", [&](const std::string& columns, const YamlNode& value) {
    for (const auto& [name, action] : actions) {
      if (value.text == name) {
        out.on_conflict[columns] = action;
        return;
      }
    }
    reader.context().Fail(value.location,
                          "on_conflict '" + columns + "' of " + reader.what() +
                              " takes drop, upsert, upsert_dedup or upsert_dedup_by_row_id, not '" +
                              value.text + "'");
  });
}

void ReadRefresh(MapReader& reader, Acceleration& out) {
  reader.OptionalChoice("refresh_mode",
                        {{"full", RefreshMode::kFull},
                         {"append", RefreshMode::kAppend},
                         {"changes", RefreshMode::kChanges},
                         {"caching", RefreshMode::kCaching},
                         {"snapshot", RefreshMode::kSnapshot}},
                        out.refresh_mode);
  const bool interval = reader.DurationValue("refresh_check_interval", out.refresh_check_interval);
  if (reader.String("refresh_cron", out.refresh_cron) && interval) {
    reader.context().Fail(
        reader.LocationOf("refresh_cron"),
        "'refresh_cron' and 'refresh_check_interval' of " + reader.what() + " exclude each other");
  }
  reader.String("refresh_sql", out.refresh_sql);
  reader.DurationValue("refresh_data_window", out.refresh_data_window);
  reader.DurationValue("refresh_append_overlap", out.refresh_append_overlap);
  reader.Choice("refresh_on_startup", Choices<bool>{{"auto", false}, {"always", true}},
                out.refresh_on_startup_always);
  reader.Boolean("refresh_retry_enabled", out.refresh_retry_enabled);
  reader.Integer("refresh_retry_max_attempts", out.refresh_retry_max_attempts, 0);
  reader.Boolean("refresh_jitter_enabled", out.refresh_jitter_enabled);
  reader.DurationValue("refresh_jitter_max", out.refresh_jitter_max);
}

// The engines of Spice take keys of their own here, so an unknown one is no error.
void ReadAccelerationParameters(MapReader& reader, Acceleration& out) {
  auto& context = reader.context();
  const std::string path = reader.path() + ".params.";
  context.Ask(path + "keep_item");
  context.Ask(path + "duckdb_file");
  reader.Parameters("params", out.params);
  for (const auto& [name, value] : out.params) {
    context.Present(path + name, value.text, value.location);
    if (name != "keep_item") continue;
    if (value.text != "true" && value.text != "false") {
      context.Fail(value.location, "'keep_item' of " + reader.what() +
                                       " takes true or false, not '" + value.text + "'");
    }
    out.keep_item = value.text == "true";
  }
}

void ReadSnapshots(MapReader& reader, Acceleration& out) {
  reader.Choice("snapshots",
                {{"disabled", Snapshots::kDisabled},
                 {"enabled", Snapshots::kEnabled},
                 {"bootstrap_only", Snapshots::kBootstrapOnly},
                 {"create_only", Snapshots::kCreateOnly}},
                out.snapshots);
  reader.String("snapshots_trigger", out.snapshots_trigger);
  reader.String("snapshots_trigger_threshold", out.snapshots_trigger_threshold);
  reader.String("snapshots_compaction", out.snapshots_compaction);
  reader.String("snapshots_reset_expiry_on_load", out.snapshots_reset_expiry_on_load);
  reader.String("snapshots_creation_policy", out.snapshots_creation_policy);
}

void ReadReplication(MapReader& reader, Dataset& out) {
  reader.Map("replication", [&](const YamlNode& node) {
    MapReader replication(reader.context(), node, reader.path() + ".replication",
                          "replication of " + reader.what());
    replication.Boolean("enabled", out.replication_enabled);
    replication.Finish();
  });
}

}  // namespace

void CheckName(MapReader& reader, const std::string& name) {
  if (name.empty()) return;
  std::string lower = name;
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  const auto& location = reader.LocationOf("name");
  for (const char* reserved : kReservedNames) {
    if (lower == reserved) {
      reader.context().Fail(location,
                            "'" + name + "' is a reserved word of SQL and cannot be a name");
    }
  }
  const auto dots = std::count(name.begin(), name.end(), '.');
  if (dots > 1 || name.front() == '.' || name.back() == '.') {
    reader.context().Fail(location, "name '" + name + "' must be 'table' or 'schema.table'");
  }
  const size_t dot = lower.find('.');
  const std::string schema = dot == std::string::npos ? "" : lower.substr(0, dot);
  if (std::find(std::begin(kReservedSchemas), std::end(kReservedSchemas), schema) !=
      std::end(kReservedSchemas)) {
    reader.context().Fail(location, "name '" + name + "' is in a schema that is kept for Sumac");
  }
}

const Choices<ReadyState>& ReadyStates() {
  static const Choices<ReadyState> states = {{"on_load", ReadyState::kOnLoad},
                                             {"on_registration", ReadyState::kOnRegistration}};
  return states;
}

std::vector<Column> ReadColumns(MapReader& reader) {
  std::vector<Column> columns;
  reader.List("columns", [&](const YamlNode& node) {
    MapReader column(reader.context(), node, reader.path() + ".columns",
                     "a column of " + reader.what());
    Column out;
    column.RequiredString("name", out.name);
    column.String("description", out.description);
    column.String("type", out.type);
    column.FreeForm("metadata", out.metadata);
    column.Ignored("embeddings");
    column.Ignored("full_text_search");
    column.Finish();
    columns.push_back(std::move(out));
  });
  return columns;
}

std::vector<Metric> ReadMetrics(MapReader& reader) {
  std::vector<Metric> metrics;
  reader.List("metrics", [&](const YamlNode& node) {
    MapReader metric(reader.context(), node, reader.path() + ".metrics",
                     "a metric of " + reader.what());
    Metric out;
    metric.RequiredString("name", out.name);
    metric.Boolean("enabled", out.enabled);
    metric.Finish();
    metrics.push_back(std::move(out));
  });
  return metrics;
}

Acceleration ReadAcceleration(ReadContext& context, const YamlNode& node, const std::string& path,
                              const std::string& owner) {
  MapReader reader(context, node, path, "acceleration of " + owner);
  Acceleration out;
  out.location = node.location;
  reader.Boolean("enabled", out.enabled);
  Choices<std::string> engines;
  for (const char* engine : {"arrow", "duckdb", "sqlite", "postgres", "cayenne", "turso"}) {
    engines.emplace_back(engine, engine);
  }
  reader.Choice("engine", engines, out.engine);
  reader.Choice("mode",
                {{"memory", AccelerationMode::kMemory},
                 {"file", AccelerationMode::kFile},
                 {"file_create", AccelerationMode::kFileCreate},
                 {"file_update", AccelerationMode::kFileUpdate}},
                out.mode);
  reader.String("storage_profile", out.storage_profile);
  ReadRefresh(reader, out);
  reader.Boolean("retention_check_enabled", out.retention_check_enabled);
  reader.DurationValue("retention_period", out.retention_period);
  reader.String("retention_sql", out.retention_sql);
  reader.DurationValue("retention_check_interval", out.retention_check_interval);
  reader.Choice(
      "on_zero_results",
      {{"return_empty", OnZeroResults::kReturnEmpty}, {"use_source", OnZeroResults::kUseSource}},
      out.on_zero_results);
  reader.OptionalChoice("ready_state", ReadyStates(), out.ready_state);
  reader.String("primary_key", out.primary_key);
  ReadIndexes(reader, out);
  ReadOnConflict(reader, out);
  reader.Strings("partition_by", out.partition_by);
  ReadAccelerationParameters(reader, out);
  ReadSnapshots(reader, out);
  out.metrics = ReadMetrics(reader);
  reader.Finish();
  return out;
}

Dataset ReadDataset(ReadContext& context, const YamlNode& node) {
  MapReader reader(context, node, "datasets", "a dataset");
  Dataset out;
  out.location = node.location;
  reader.RequiredString("name", out.name);
  if (!out.name.empty()) reader.set_what("dataset '" + out.name + "'");
  CheckName(reader, out.name);
  reader.RequiredString("from", out.from);
  reader.String("description", out.description);
  reader.FreeForm("metadata", out.metadata);
  out.columns = ReadColumns(reader);
  const Choices<Access> accesses = {{"read", Access::kRead}, {"read_write", Access::kReadWrite}};
  reader.Choice("access", accesses, out.access);
  reader.Choice("mode", accesses, out.access);
  reader.Parameters("params", out.params);
  reader.String("time_column", out.time_column);
  reader.Choice("time_format", kTimeFormats, out.time_format);
  reader.String("time_partition_column", out.time_partition_column);
  reader.OptionalChoice("time_partition_format", kTimeFormats, out.time_partition_format);
  reader.Boolean("has_metadata_table", out.has_metadata_table);
  ReadReplication(reader, out);
  reader.Choice("unsupported_type_action",
                {{"error", UnsupportedTypeAction::kError},
                 {"warn", UnsupportedTypeAction::kWarn},
                 {"ignore", UnsupportedTypeAction::kIgnore},
                 {"string", UnsupportedTypeAction::kString}},
                out.unsupported_type_action);
  reader.Choice("ready_state", ReadyStates(), out.ready_state);
  reader.Choice("check_availability",
                {{"auto", CheckAvailability::kAuto}, {"disabled", CheckAvailability::kDisabled}},
                out.check_availability);
  out.metrics = ReadMetrics(reader);
  reader.Ignored("embeddings");
  reader.Ignored("vectors");
  reader.Strings("dependsOn", out.depends_on);
  reader.Map("acceleration", [&](const YamlNode& acceleration) {
    out.acceleration =
        ReadAcceleration(context, acceleration, "datasets.acceleration", reader.what());
  });
  reader.Finish();
  return out;
}

}  // namespace sumac::spicepod
