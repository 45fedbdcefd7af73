// The copy of one accelerated dataset: found in its file, loaded, refreshed, held to its retention.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "datasets/acceleration_plan.h"
#include "datasets/connector.h"
#include "datasets/time_column.h"
#include "engine/database.h"
#include "items/type_summary.h"

namespace sumac::datasets {

// What one refresh does otherwise than the Spicepod says.
struct RefreshOverrides {
  std::optional<std::string> refresh_sql;
  std::optional<spicepod::RefreshMode> refresh_mode;
};

// What a refresh has left.
struct RefreshedCopy {
  engine::Copy copy;
  // Of the source that was read.
  ConnectedTable table;
};

// For one thread at a time. The database outlives it.
class AcceleratedCopy {
 public:
  // Reaches the source. `whole` as ConnectRequest::load_all; `known` are the types that the schema
  // holds as well.
  using Connect = std::function<Result<ConnectedTable>(
      bool whole, std::shared_ptr<const items::TypeSummary> known)>;

  // Opens the place of the copy. `before`, when not null, is that of an older version of the
  // dataset, with which nothing is done any more: what it has is taken over if it is of use.
  // Errors: those of PlanAcceleration and Database::FileCopies.
  static Result<std::shared_ptr<AcceleratedCopy>> Open(const spicepod::Dataset& dataset,
                                                       AccelerationPlan plan,
                                                       engine::Database& database,
                                                       std::shared_ptr<Clock> clock,
                                                       const AcceleratedCopy* before = nullptr);

  // The copy that is there, if it is of use: one of a process before, or of the last refresh.
  const std::optional<engine::Copy>& copy() const { return copy_; }
  const AccelerationPlan& plan() const { return plan_; }
  // What the schema of a stored copy was made from; null when that is not known.
  std::shared_ptr<const items::TypeSummary> StoredTypes() const;
  // Whether `table` is certainly not the one that the copy was read from.
  bool IsOfAnotherTable(const ConnectedTable& table) const;

  // Where a load of the whole source keeps what it has read, for the case that it is interrupted;
  // empty for copies in memory. Its folder is there.
  std::string CheckpointPath() const;

  // Reads the source, and makes a new copy or adds to the one there is. Publishes it. Errors: those
  // of `connect` and of CopyStore; the copy is then as it was.
  Result<RefreshedCopy> Refresh(const Connect& connect,
                                std::shared_ptr<const items::TypeSummary> known,
                                const RefreshOverrides& overrides,
                                const std::atomic<bool>* cancelled);

  // Takes out what the retention says. Returns whether something went. Errors as Refresh.
  Result<bool> Retain();

  uint64_t Bytes() const { return copy_ ? store_->Bytes(*copy_) : 0; }

 private:
  AcceleratedCopy(const spicepod::Dataset& dataset, AccelerationPlan plan,
                  std::shared_ptr<engine::CopyStore> store, std::shared_ptr<Clock> clock)
      : dataset_name_(dataset.name),
        plan_(std::move(plan)),
        store_(std::move(store)),
        clock_(std::move(clock)) {}

  struct Reading {
    bool appends = false;
    bool whole = false;
    engine::CopyRequest request;
  };

  Reading MakeReading(const RefreshOverrides& overrides, const std::atomic<bool>* cancelled) const;
  // Adds what depends on the columns of the source.
  Status Complete(Reading& reading, const ConnectedTable& table) const;
  // From when rows are read again, after what was read at `read_at` and had this newest time.
  WallTime AppendFrom(int64_t newest_microseconds, WallTime read_at) const;
  Result<engine::Copy> Read(Reading& reading, const ConnectedTable& table);
  Result<std::string> ExpiredCondition(const std::vector<engine::ResultColumn>& columns) const;
  Result<TimeColumn> TimeColumnOf(const std::vector<engine::ResultColumn>& columns) const;

  const std::string dataset_name_;
  const AccelerationPlan plan_;
  const std::shared_ptr<engine::CopyStore> store_;
  const std::shared_ptr<Clock> clock_;
  std::optional<engine::Copy> copy_;
};

}  // namespace sumac::datasets
