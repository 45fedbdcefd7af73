#include "spicepod/difference.h"

#include <algorithm>
#include <cctype>

#include "spicepod/acted_on_keys.h"

namespace sumac::spicepod {
namespace {

void ForgetPlaces(ParameterList& parameters) {
  for (auto& [name, value] : parameters) value.location = {};
}

template <typename Table>
Table WithoutPlaces(Table table) {
  table.location = {};
  if (table.acceleration) {
    table.acceleration->location = {};
    ForgetPlaces(table.acceleration->params);
  }
  return table;
}

}  // namespace

std::string TableKey(const std::string& name) {
  std::string lower = name;
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return lower.find('.') == std::string::npos ? "public." + lower : lower;
}

bool SameDataset(const Dataset& before, const Dataset& now) {
  auto old_dataset = WithoutPlaces(before);
  auto new_dataset = WithoutPlaces(now);
  ForgetPlaces(old_dataset.params);
  ForgetPlaces(new_dataset.params);
  return old_dataset == new_dataset;
}

bool SameView(const View& before, const View& now) {
  return WithoutPlaces(before) == WithoutPlaces(now);
}

std::vector<std::string> KeysForRestart(const RuntimeSettings& before, const RuntimeSettings& now) {
  std::vector<std::string> keys;
  const auto compare = [&keys](const char* key, const auto& left, const auto& right) {
    if (!(left == right) && IsActedOnForSomeValues(key)) keys.push_back(key);
  };
  compare("runtime.caching.sql_results", before.sql_results_cache, now.sql_results_cache);
  // What they hold is taken over.
  const auto is_enabled = [](const auto& part) { return part && part->enabled; };
  compare("runtime.tls", is_enabled(before.tls), is_enabled(now.tls));
  compare("runtime.auth", is_enabled(before.api_key_auth), is_enabled(now.api_key_auth));
  compare("runtime.cors", before.cors, now.cors);
  compare("runtime.task_history", before.task_history, now.task_history);
  compare("runtime.query.memory_limit", before.query.memory_limit, now.query.memory_limit);
  compare("runtime.query.timeout", before.query.timeout, now.query.timeout);
  compare("runtime.query.max_result_rows", before.query.max_result_rows, now.query.max_result_rows);
  compare("runtime.query.temp_directory", before.query.temp_directory, now.query.temp_directory);
  compare("runtime.query.spill_compression", before.query.spill_compression,
          now.query.spill_compression);
  compare("runtime.flight.max_message_size", before.flight_max_message_size_bytes,
          now.flight_max_message_size_bytes);
  return keys;
}

}  // namespace sumac::spicepod
