#include "spicepod/acted_on_keys.h"

#include <algorithm>

namespace sumac::spicepod {

const std::vector<ActedOnKey>& ActedOnKeys() {
  static const std::vector<ActedOnKey> keys = {
      {"version", ""},
      {"kind", ""},
      {"name", ""},
      {"description", ""},
      {"secrets", ""},
      {"secrets.from", ""},
      {"secrets.name", ""},
      {"secrets.description", ""},
      {"secrets.params", ""},
      {"datasets", ""},
      {"datasets.ref", ""},
      {"datasets.from", ""},
      {"datasets.name", ""},
      {"datasets.description", ""},
      {"datasets.params", ""},
      {"datasets.columns", ""},
      {"datasets.columns.name", ""},
      {"datasets.columns.type", ""},
      {"datasets.columns.metadata", ""},
      {"datasets.access", "read"},
      {"datasets.mode", "read"},
      {"datasets.ready_state", ""},
      {"datasets.time_column", ""},
      {"datasets.time_format", ""},
      {"datasets.acceleration", ""},
      {"datasets.acceleration.enabled", ""},
      {"datasets.acceleration.engine", "arrow"},
      {"datasets.acceleration.engine", "duckdb"},
      {"datasets.acceleration.mode", "memory"},
      {"datasets.acceleration.mode", "file"},
      {"datasets.acceleration.mode", "file_create"},
      {"datasets.acceleration.refresh_mode", "full"},
      {"datasets.acceleration.refresh_mode", "append"},
      {"datasets.acceleration.refresh_check_interval", ""},
      {"datasets.acceleration.refresh_cron", ""},
      {"datasets.acceleration.refresh_sql", ""},
      {"datasets.acceleration.refresh_data_window", ""},
      {"datasets.acceleration.refresh_append_overlap", ""},
      {"datasets.acceleration.refresh_on_startup", ""},
      {"datasets.acceleration.refresh_retry_enabled", ""},
      {"datasets.acceleration.refresh_retry_max_attempts", ""},
      {"datasets.acceleration.refresh_jitter_enabled", ""},
      {"datasets.acceleration.refresh_jitter_max", ""},
      {"datasets.acceleration.retention_check_enabled", ""},
      {"datasets.acceleration.retention_period", ""},
      {"datasets.acceleration.retention_sql", ""},
      {"datasets.acceleration.retention_check_interval", ""},
      {"datasets.acceleration.on_zero_results", ""},
      {"datasets.acceleration.ready_state", ""},
      {"datasets.acceleration.primary_key", ""},
      {"datasets.acceleration.indexes", ""},
      {"datasets.acceleration.on_conflict", ""},
      {"datasets.acceleration.params", ""},
      {"datasets.acceleration.params.keep_item", ""},
      {"datasets.acceleration.params.duckdb_file", ""},
      {"views", ""},
      {"views.ref", ""},
      {"views.name", ""},
      {"views.sql", ""},
      {"views.sql_ref", ""},
      {"views.description", ""},
      {"views.ready_state", "on_load"},
      {"runtime", ""},
      {"runtime.query", ""},
      {"runtime.query.memory_limit", ""},
      {"runtime.query.temp_directory", ""},
      {"runtime.dataset_load_parallelism", ""},
      {"runtime.caching", ""},
      {"runtime.caching.sql_results", ""},
      {"runtime.caching.sql_results.enabled", ""},
      {"runtime.caching.sql_results.max_size", ""},
      {"runtime.caching.sql_results.item_ttl", ""},
      {"runtime.caching.sql_results.caching_policy", "lru"},
      {"runtime.caching.sql_results.eviction_policy", "lru"},
      {"runtime.caching.sql_results.cache_key_type", "sql"},
      {"runtime.auth", ""},
      {"runtime.auth.api-key", ""},
      {"runtime.auth.api-key.enabled", ""},
      {"runtime.auth.api-key.keys", ""},
      {"runtime.auth.api_key", ""},
      {"runtime.auth.api_key.enabled", ""},
      {"runtime.auth.api_key.keys", ""},
      {"runtime.tls", ""},
      {"runtime.tls.enabled", ""},
      {"runtime.tls.certificate", ""},
      {"runtime.tls.certificate_file", ""},
      {"runtime.tls.key", ""},
      {"runtime.tls.key_file", ""},
      {"runtime.task_history", ""},
      {"runtime.task_history.enabled", ""},
      {"runtime.task_history.captured_output", ""},
      {"runtime.task_history.captured_plan", "none"},
      {"runtime.task_history.retention_period", ""},
      {"runtime.task_history.retention_check_interval", ""},
      {"runtime.task_history.min_sql_duration", ""},
      {"runtime.output_level", ""},
      {"runtime.shutdown_timeout", ""},
      {"runtime.params", ""},
      {"runtime.params.query_budget_rcu", ""},
      {"runtime.params.query_budget_dollars", ""},
      {"runtime.params.allow_full_scan", ""},
  };
  return keys;
}

bool IsActedOn(std::string_view key_path, std::string_view value) {
  const auto& keys = ActedOnKeys();
  return std::any_of(keys.begin(), keys.end(), [&](const ActedOnKey& key) {
    return key.path == key_path && (key.only_value.empty() || key.only_value == value);
  });
}

bool IsActedOnForSomeValues(std::string_view key_path) {
  const auto& keys = ActedOnKeys();
  return std::any_of(keys.begin(), keys.end(),
                     [&](const ActedOnKey& key) { return key.path == key_path; });
}

}  // namespace sumac::spicepod
