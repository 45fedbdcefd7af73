#include <algorithm>

#include "spicepod/readers.h"

namespace sumac::spicepod {
namespace {

ResultsCache ReadResultsCache(ReadContext& context, const YamlNode& node, const std::string& path) {
  MapReader reader(context, node, path, "the results cache");
  ResultsCache out;
  reader.Boolean("enabled", out.enabled);
  std::optional<uint64_t> max_size;
  reader.ByteSize("max_size", max_size);
  out.max_size_bytes = max_size.value_or(out.max_size_bytes);
  reader.DurationValue("item_ttl", out.item_ttl);
  const Choices<CachingPolicy> policies = {{"lru", CachingPolicy::kLru},
                                           {"tiny_lfu", CachingPolicy::kTinyLfu}};
  reader.Choice("caching_policy", policies, out.caching_policy);
  reader.Choice("eviction_policy", policies, out.caching_policy);
  reader.String("hashing_algorithm", out.hashing_algorithm);
  const Choices<CacheKeyType> key_types = {{"plan", CacheKeyType::kPlan},
                                           {"sql", CacheKeyType::kSql}};
  reader.Choice("cache_key_type", key_types, out.cache_key_type);
  reader.Ignored("engine");
  reader.Ignored("stale_while_revalidate_ttl");
  reader.Ignored("encoding");
  reader.Finish();
  return out;
}

void ReadCaching(MapReader& runtime, RuntimeSettings& out) {
  runtime.Map("caching", [&](const YamlNode& node) {
    MapReader reader(runtime.context(), node, "runtime.caching", "'runtime.caching'");
    reader.Map("sql_results", [&](const YamlNode& cache) {
      out.sql_results_cache =
          ReadResultsCache(runtime.context(), cache, "runtime.caching.sql_results");
    });
    reader.Ignored("search_results");
    reader.Ignored("embeddings");
    reader.Finish();
  });
  runtime.Ignored("results_cache");
}

void ReadTls(MapReader& runtime, RuntimeSettings& out) {
  runtime.Map("tls", [&](const YamlNode& node) {
    MapReader reader(runtime.context(), node, "runtime.tls", "'runtime.tls'");
    auto& tls = out.tls.emplace();
    tls.location = node.location;
    reader.Boolean("enabled", tls.enabled);
    reader.String("certificate", tls.certificate);
    reader.String("certificate_file", tls.certificate_file);
    reader.String("key", tls.key);
    reader.String("key_file", tls.key_file);
    reader.Finish();
  });
}

void ReadAuth(MapReader& runtime, RuntimeSettings& out) {
  runtime.Map("auth", [&](const YamlNode& node) {
    MapReader reader(runtime.context(), node, "runtime.auth", "'runtime.auth'");
    for (const char* key : {"api-key", "api_key"}) {
      reader.Map(key, [&](const YamlNode& keys) {
        MapReader inner(runtime.context(), keys, std::string("runtime.auth.") + key,
                        "'runtime.auth'");
        auto& auth = out.api_key_auth.emplace();
        auth.location = keys.location;
        inner.Boolean("enabled", auth.enabled);
        inner.Strings("keys", auth.keys);
        inner.Finish();
      });
    }
    reader.Finish();
  });
}

void ReadCors(MapReader& runtime, RuntimeSettings& out) {
  runtime.Map("cors", [&](const YamlNode& node) {
    MapReader reader(runtime.context(), node, "runtime.cors", "'runtime.cors'");
    auto& cors = out.cors.emplace();
    cors.location = node.location;
    reader.Boolean("enabled", cors.enabled);
    std::vector<std::string> origins;
    if (reader.Strings("allowed_origins", origins)) cors.allowed_origins = std::move(origins);
    reader.Finish();
  });
}

void ReadTaskHistory(MapReader& runtime, RuntimeSettings& out) {
  runtime.Map("task_history", [&](const YamlNode& node) {
    MapReader reader(runtime.context(), node, "runtime.task_history", "'runtime.task_history'");
    auto& history = out.task_history.emplace();
    reader.Boolean("enabled", history.enabled);
    reader.Choice("captured_output",
                  Choices<CapturedOutput>{{"none", CapturedOutput::kNone},
                                          {"truncated", CapturedOutput::kTruncated}},
                  history.captured_output);
    reader.DurationValue("retention_period", history.retention_period);
    reader.DurationValue("retention_check_interval", history.retention_check_interval);
    reader.DurationValue("min_sql_duration", history.min_sql_duration);
    reader.Choice("captured_plan",
                  Choices<CapturedPlan>{{"none", CapturedPlan::kNone},
                                        {"explain", CapturedPlan::kExplain},
                                        {"explain analyze", CapturedPlan::kExplainAnalyze}},
                  history.captured_plan);
    reader.DurationValue("min_plan_duration", history.min_plan_duration);
    reader.Finish();
  });
}

void ReadQuery(MapReader& runtime, RuntimeSettings& out) {
  runtime.Map("query", [&](const YamlNode& node) {
    MapReader reader(runtime.context(), node, "runtime.query", "'runtime.query'");
    reader.String("memory_limit", out.query.memory_limit);
    reader.String("temp_directory", out.query.temp_directory);
    reader.String("spill_compression", out.query.spill_compression);
    if (reader.DurationValue("timeout", out.query.timeout) && out.query.timeout &&
        *out.query.timeout < std::chrono::milliseconds(1)) {
      runtime.context().Fail(reader.LocationOf("timeout"),
                             "'timeout' of 'runtime.query' must be 1ms or more");
    }
    reader.Integer("max_result_rows", out.query.max_result_rows, 1);
    reader.Finish();
  });
}

void ReadFlight(MapReader& runtime, RuntimeSettings& out) {
  runtime.Map("flight", [&](const YamlNode& node) {
    MapReader reader(runtime.context(), node, "runtime.flight", "'runtime.flight'");
    reader.ByteSize("max_message_size", out.flight_max_message_size_bytes);
    reader.Finish();
  });
}

// Spice's own are understood and not acted on.
void ReadParameters(MapReader& runtime, RuntimeSettings& out) {
  auto& context = runtime.context();
  for (const auto& name : DatasetDefaultNames()) context.Ask("runtime.params." + name);
  runtime.Parameters("params", out.params);
  for (const auto& [name, value] : out.params) {
    context.Present("runtime.params." + name, value.text, value.location);
  }
}

}  // namespace

const std::vector<std::string>& DatasetDefaultNames() {
  static const std::vector<std::string> names = {"query_budget_rcu", "query_budget_dollars",
                                                 "allow_full_scan"};
  return names;
}

ParameterList DatasetDefaults(const RuntimeSettings& runtime) {
  ParameterList defaults;
  for (const auto& parameter : runtime.params) {
    const auto& names = DatasetDefaultNames();
    const bool known = std::find(names.begin(), names.end(), parameter.first) != names.end();
    if (known) defaults.push_back(parameter);
  }
  return defaults;
}

RuntimeSettings ReadRuntime(ReadContext& context, const YamlNode& node) {
  MapReader reader(context, node, "runtime", "'runtime'");
  RuntimeSettings out;
  ReadCaching(reader, out);
  reader.Integer("dataset_load_parallelism", out.dataset_load_parallelism, 1);
  ReadTls(reader, out);
  ReadAuth(reader, out);
  ReadCors(reader, out);
  ReadTaskHistory(reader, out);
  reader.Ignored("telemetry");
  ReadQuery(reader, out);
  ReadFlight(reader, out);
  reader.Ignored("tracing");
  reader.DurationValue("shutdown_timeout", out.shutdown_timeout);
  reader.OptionalChoice("output_level",
                        Choices<LogLevel>{{"info", LogLevel::kInfo},
                                          {"verbose", LogLevel::kDebug},
                                          {"very_verbose", LogLevel::kTrace},
                                          {"error", LogLevel::kError},
                                          {"warn", LogLevel::kWarning},
                                          {"debug", LogLevel::kDebug},
                                          {"trace", LogLevel::kTrace}},
                        out.output_level);
  ReadParameters(reader, out);
  reader.Ignored("metrics");
  reader.Ignored("scheduler");
  reader.Finish();
  return out;
}

SecretStore ReadSecretStore(ReadContext& context, const YamlNode& node) {
  MapReader reader(context, node, "secrets", "a secret store");
  SecretStore out;
  out.location = node.location;
  reader.RequiredString("from", out.from);
  reader.RequiredString("name", out.name);
  reader.String("description", out.description);
  reader.Parameters("params", out.params);
  reader.Finish();
  return out;
}

}  // namespace sumac::spicepod
