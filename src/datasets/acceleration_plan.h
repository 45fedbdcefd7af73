// `acceleration:` of a dataset, checked, as the runtime acts on it. Pure.
#pragma once

#include <chrono>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "datasets/cron_schedule.h"
#include "engine/copies/copy_store.h"
#include "spicepod/spicepod.h"

namespace sumac::datasets {

struct AccelerationPlan {
  // As the log shows it: "arrow", "duckdb:file".
  std::string engine_name;
  // Absolute; empty for copies in memory.
  std::string file_path;
  // What the file has of the dataset is not used.
  bool ignores_stored = false;
  bool appends = false;
  // A query on the dataset; empty: all of it.
  std::string refresh_sql;
  // Both absent: once.
  std::optional<std::chrono::milliseconds> interval;
  std::optional<CronSchedule> cron;
  std::chrono::milliseconds jitter_max{0};
  std::optional<std::chrono::microseconds> data_window;
  std::chrono::microseconds append_overlap{0};
  bool refreshes_at_start = false;
  // Attempts after the first; absent: any number.
  std::optional<uint64_t> retries_max;
  std::optional<std::chrono::microseconds> retention_period;
  // A condition on the dataset's columns; empty: none.
  std::string retention_condition;
  std::chrono::milliseconds retention_interval{0};
  bool ready_before_load = false;
  // The source answers what the copy has no row for.
  bool falls_back = false;
  std::vector<engine::CopyKey> keys;
  std::vector<engine::CopyIndex> indexes;
  std::string time_column;
  spicepod::TimeFormat time_format = spicepod::TimeFormat::kTimestamp;
  bool keep_item = false;
  // Of what a copy is one: another plan with the same identity can use it. Holds no secret.
  std::string identity;

  bool Retains() const { return retention_period || !retention_condition.empty(); }
  // Whether only a part of the source is read for a new copy.
  bool ReadsPart() const { return !refresh_sql.empty() || data_window.has_value(); }
};

// `directory` is the Spicepod's. Errors kInvalidArgument and kUnsupported, one line each, that do
// not name the dataset. REQUIRES: the dataset has an enabled acceleration.
Result<AccelerationPlan> PlanAcceleration(const spicepod::Dataset& dataset,
                                          const std::string& directory);

// When a copy that was refreshed at `begun` is due again; nothing when only on demand. `random`
// draws the jitter.
std::optional<WallTime> NextRefresh(const AccelerationPlan& plan, WallTime begun,
                                    std::mt19937_64& random);

}  // namespace sumac::datasets
