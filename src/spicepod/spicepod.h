// A Spicepod as typed structs: what to connect to, under which names, how accelerated. Everything
// keeps the place in the file that it came from. docs/spicepod.md lists the keys.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/log.h"
#include "base/result.h"
#include "spicepod/yaml_node.h"

namespace sumac::spicepod {

using Duration = std::chrono::nanoseconds;

// A value of `params`, before its secrets are filled in.
struct ParameterValue {
  std::string text;
  Location location;

  friend bool operator==(const ParameterValue&, const ParameterValue&) = default;
};

// In the order of the file.
using ParameterList = std::vector<std::pair<std::string, ParameterValue>>;

// Free-form: JSON-like text per key, kept as it was written.
using Metadata = std::map<std::string, std::string>;

struct Column {
  std::string name;
  std::string description;
  std::string type;  // declared type; empty when it is inferred
  Metadata metadata;

  friend bool operator==(const Column&, const Column&) = default;
};

struct Metric {
  std::string name;
  bool enabled = true;

  friend bool operator==(const Metric&, const Metric&) = default;
};

enum class Access { kRead, kReadWrite };
enum class ReadyState { kOnLoad, kOnRegistration };
enum class UnsupportedTypeAction { kError, kWarn, kIgnore, kString };
enum class CheckAvailability { kAuto, kDisabled };
enum class TimeFormat { kTimestamp, kTimestampTz, kUnixSeconds, kUnixMillis, kIso8601, kDate };
enum class AccelerationMode { kMemory, kFile, kFileCreate, kFileUpdate };
enum class RefreshMode { kFull, kAppend, kChanges, kCaching, kSnapshot };
enum class OnZeroResults { kReturnEmpty, kUseSource };
enum class OnConflict { kDrop, kUpsert, kUpsertDedup, kUpsertDedupByRowId };
enum class IndexKind { kEnabled, kUnique };
enum class Snapshots { kDisabled, kEnabled, kBootstrapOnly, kCreateOnly };

struct Acceleration {
  Location location;
  bool enabled = true;
  std::string engine = "arrow";  // arrow, duckdb, sqlite, postgres, cayenne, turso
  AccelerationMode mode = AccelerationMode::kMemory;
  std::string storage_profile;
  std::optional<RefreshMode> refresh_mode;
  std::optional<Duration> refresh_check_interval;
  std::string refresh_cron;
  std::string refresh_sql;
  std::optional<Duration> refresh_data_window;
  std::optional<Duration> refresh_append_overlap;
  bool refresh_on_startup_always = false;
  bool refresh_retry_enabled = true;
  std::optional<int64_t> refresh_retry_max_attempts;
  bool refresh_jitter_enabled = false;
  std::optional<Duration> refresh_jitter_max;
  bool retention_check_enabled = false;
  std::optional<Duration> retention_period;
  std::string retention_sql;
  std::optional<Duration> retention_check_interval;
  OnZeroResults on_zero_results = OnZeroResults::kReturnEmpty;
  std::optional<ReadyState> ready_state;  // deprecated here by Spice
  std::string primary_key;
  std::map<std::string, IndexKind> indexes;
  std::map<std::string, OnConflict> on_conflict;
  std::vector<std::string> partition_by;
  ParameterList params;
  // `params.keep_item`: the copy keeps whole items, for `_item` and `_overflow`.
  bool keep_item = false;
  Snapshots snapshots = Snapshots::kDisabled;
  std::string snapshots_trigger;
  std::string snapshots_trigger_threshold;
  std::string snapshots_compaction;
  std::string snapshots_reset_expiry_on_load;
  std::string snapshots_creation_policy;
  std::vector<Metric> metrics;

  friend bool operator==(const Acceleration&, const Acceleration&) = default;
};

struct Dataset {
  Location location;
  std::string from;
  std::string name;  // "users" or "schema.users"
  std::string description;
  Metadata metadata;
  std::vector<Column> columns;
  Access access = Access::kRead;
  ParameterList params;
  std::string time_column;
  TimeFormat time_format = TimeFormat::kTimestamp;
  std::string time_partition_column;
  std::optional<TimeFormat> time_partition_format;
  bool has_metadata_table = false;
  bool replication_enabled = false;
  UnsupportedTypeAction unsupported_type_action = UnsupportedTypeAction::kError;
  ReadyState ready_state = ReadyState::kOnLoad;
  CheckAvailability check_availability = CheckAvailability::kAuto;
  std::vector<Metric> metrics;
  std::vector<std::string> depends_on;
  std::optional<Acceleration> acceleration;

  friend bool operator==(const Dataset&, const Dataset&) = default;
};

// How long the SQL of a view may be that stands in a file of its own.
inline constexpr size_t kSqlFileBytesMax = size_t{1} << 20;

struct View {
  Location location;
  std::string name;  // "active_users" or "schema.active_users"
  std::string description;
  Metadata metadata;
  std::vector<Column> columns;
  std::string sql;      // with that of the file which `sql_ref` names
  std::string sql_ref;  // relative to the Spicepod's directory; empty when the SQL is in the YAML
  ReadyState ready_state = ReadyState::kOnLoad;
  std::vector<std::string> depends_on;
  std::optional<Acceleration> acceleration;

  friend bool operator==(const View&, const View&) = default;
};

struct SecretStore {
  Location location;
  std::string from;  // "env", perhaps with a selector: "kubernetes:name"
  std::string name;
  std::string description;
  ParameterList params;

  friend bool operator==(const SecretStore&, const SecretStore&) = default;
};

enum class CapturedOutput { kNone, kTruncated };
enum class CapturedPlan { kNone, kExplain, kExplainAnalyze };
enum class CachingPolicy { kLru, kTinyLfu };
enum class CacheKeyType { kPlan, kSql };

struct ResultsCache {
  bool enabled = true;
  uint64_t max_size_bytes = uint64_t{128} << 20;
  Duration item_ttl = std::chrono::seconds(1);
  CachingPolicy caching_policy = CachingPolicy::kLru;
  std::string hashing_algorithm;
  CacheKeyType cache_key_type = CacheKeyType::kSql;

  friend bool operator==(const ResultsCache&, const ResultsCache&) = default;
};

struct Tls {
  Location location;
  bool enabled = false;
  std::string certificate;
  std::string certificate_file;
  std::string key;
  std::string key_file;

  friend bool operator==(const Tls&, const Tls&) = default;
};

struct ApiKeyAuth {
  Location location;
  bool enabled = true;
  std::vector<std::string> keys;

  friend bool operator==(const ApiKeyAuth&, const ApiKeyAuth&) = default;
};

struct Cors {
  Location location;
  bool enabled = false;
  std::vector<std::string> allowed_origins = {"*"};

  friend bool operator==(const Cors&, const Cors&) = default;
};

struct QuerySettings {
  std::string memory_limit;
  std::string temp_directory;
  std::string spill_compression;
  // Sumac's own: the longest that a query of a server may take, and the most rows it may give.
  std::optional<Duration> timeout;
  std::optional<int64_t> max_result_rows;

  friend bool operator==(const QuerySettings&, const QuerySettings&) = default;
};

struct TaskHistory {
  bool enabled = true;
  CapturedOutput captured_output = CapturedOutput::kNone;
  Duration retention_period = std::chrono::hours(8);
  Duration retention_check_interval = std::chrono::minutes(15);
  std::optional<Duration> min_sql_duration;
  CapturedPlan captured_plan = CapturedPlan::kNone;
  std::optional<Duration> min_plan_duration;

  friend bool operator==(const TaskHistory&, const TaskHistory&) = default;
};

struct RuntimeSettings {
  std::optional<ResultsCache> sql_results_cache;
  std::optional<int64_t> dataset_load_parallelism;
  std::optional<Tls> tls;
  std::optional<ApiKeyAuth> api_key_auth;
  std::optional<Cors> cors;
  std::optional<TaskHistory> task_history;
  QuerySettings query;
  std::optional<uint64_t> flight_max_message_size_bytes;
  Duration shutdown_timeout = std::chrono::seconds(30);
  std::optional<LogLevel> output_level;
  ParameterList params;
};

struct Spicepod {
  std::string version;
  std::string name;
  std::string description;
  // Where `.env` files and relative paths are looked for.
  std::string directory = ".";
  std::vector<SecretStore> secrets;
  std::vector<Dataset> datasets;
  std::vector<View> views;
  RuntimeSettings runtime;
};

// Something that the reader of a Spicepod should know and that does not keep it from loading.
struct Diagnostic {
  enum class Severity { kWarning, kNotice };

  Severity severity = Severity::kNotice;
  Location location;
  std::string message;

  // "spicepod.yaml:7:5: ...".
  std::string ToString() const { return location.ToString() + ": " + message; }
};

struct LoadedSpicepod {
  Spicepod pod;
  // A notice for each key that is understood and not acted on by this version, once per key path.
  std::vector<Diagnostic> diagnostics;
};

// The keys of runtime.params that hold for every dataset which does not give them itself.
const std::vector<std::string>& DatasetDefaultNames();
// Those that are given.
ParameterList DatasetDefaults(const RuntimeSettings& runtime);

// Reads `path`: a file, or a folder with a spicepod.yaml or spicepod.yml. Errors: kNotFound,
// kInvalidArgument with "file:line:column: what is wrong", one line. `files`, when given, receives
// the paths of all files that were looked for as parts of it, also on error.
Result<LoadedSpicepod> LoadSpicepod(const std::string& path,
                                    std::vector<std::string>* files = nullptr);

// The same for a text. `file_name` is for messages; `directory` as in Spicepod.
Result<LoadedSpicepod> ParseSpicepod(std::string_view text, const std::string& file_name,
                                     const std::string& directory = ".",
                                     std::vector<std::string>* files = nullptr);

}  // namespace sumac::spicepod
