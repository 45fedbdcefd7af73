#include "datasets/served_dataset.h"

#include <chrono>

#include "base/log.h"
#include "engine/dataset_metrics.h"

namespace sumac::datasets {
namespace {

// Who waits for the refresh of another looks this often whether to give up.
constexpr std::chrono::milliseconds kLookForCancel{20};
// What is done with a dataset is mostly over soon.
constexpr std::chrono::milliseconds kWaitForOther{200};

std::optional<CopyStatus> StatusOf(const LoadedDataset& dataset) {
  if (dataset.copy == nullptr || !dataset.copy->copy()) return std::nullopt;
  const auto& facts = dataset.copy->copy()->facts;
  return CopyStatus{facts.rows, dataset.copy->Bytes(), facts.read_at};
}

}  // namespace

ServedDataset::ServedDataset(spicepod::Dataset dataset, std::shared_ptr<DatasetLoader> loader,
                             DatasetServices& services, std::shared_ptr<ServedDataset> predecessor)
    : dataset_(std::move(dataset)),
      loader_(std::move(loader)),
      plan_(loader_->Plan(dataset_)),
      services_(services),
      predecessor_(std::move(predecessor)) {
  status_.name = dataset_.name;
  status_.from = dataset_.from;
  status_.description = dataset_.description;
  status_.acceleration_enabled = IsAccelerated();
  if (status_.acceleration_enabled) status_.acceleration_engine = dataset_.acceleration->engine;
  if (predecessor_ == nullptr || !predecessor_->Serves()) return;
  predecessor_serves_ = true;
  const auto before = predecessor_->Status();
  status_.state = DatasetState::kRefreshing;
  status_.copy = before.copy;
  status_.key_columns = before.key_columns;
  status_.attempted_at = before.attempted_at;
}

DatasetStatus ServedDataset::Status() const {
  std::lock_guard lock(status_mutex_);
  return status_;
}

bool ServedDataset::Serves() const {
  std::lock_guard lock(status_mutex_);
  return status_.state == DatasetState::kReady || status_.state == DatasetState::kRefreshing;
}

bool ServedDataset::PredecessorServes() const {
  std::lock_guard lock(status_mutex_);
  return predecessor_serves_;
}

bool ServedDataset::FirstLoad(const std::atomic<bool>* cancelled) {
  std::unique_lock lock(mutex_, kWaitForOther);
  if (!lock || !TakeOver()) return false;
  // It was replaced, or somebody's refresh has loaded it meanwhile.
  if (retired_ || loaded_.source != nullptr) return true;
  auto loaded = LoadFirst(cancelled);
  // Whoever cancelled it has no use for it, and queries are told that it is still loading.
  if (!loaded && loaded.error().code == ErrorCode::kCancelled) return true;
  // A query on the dataset and /v1/datasets give the same reason as the log.
  if (!loaded) {
    spdlog::warn("{}", loaded.error().message);
    services_.load_metrics.CountLoadError();
  }
  // A copy that was there before was not loaded now.
  const bool attempted = !loaded || loaded->source != loaded_.source;
  Finish(std::move(loaded), attempted);
  if (auto failure = std::exchange(source_failure_, std::nullopt)) {
    SetState(DatasetState::kReady, std::move(failure));
  }
  return true;
}

ServedDataset::Beginning ServedDataset::HowItBegan() {
  std::lock_guard lock(mutex_);
  const auto copy = StatusOf(loaded_);
  return {copy ? std::optional(copy->read_at) : std::nullopt, must_load_, failure_};
}

bool ServedDataset::TakeOver() {
  if (predecessor_ == nullptr) return true;
  auto& before = *predecessor_;
  std::unique_lock lock(before.mutex_, kWaitForOther);
  if (!lock || !before.TakeOver()) return false;
  before.retired_ = true;
  inherited_ = before.loaded_.source != nullptr ? before.loaded_ : before.inherited_;
  lock.unlock();
  predecessor_.reset();
  return true;
}

::sumac::Status ServedDataset::Prepare(const std::atomic<bool>* cancelled) {
  while (!TakeOver()) {
    if (cancelled != nullptr && *cancelled) return Fail(CancelledError());
  }
  if (!retired_) return {};
  Error error = UserError(ErrorCode::kUnavailable, "dataset '" + dataset_.name +
                                                       "' was changed or removed meanwhile by "
                                                       "another Spicepod; ask again");
  return Fail(std::move(error));
}

Result<LoadedDataset> ServedDataset::LoadFirst(const std::atomic<bool>* cancelled) {
  if (!plan_) return Fail(plan_.error());
  if (plan() == nullptr) return Load(cancelled);
  SUMAC_ASSIGN_OR_RETURN(loaded_, loader_->Restore(dataset_, inherited_));
  if (loaded_.source != nullptr && plan()->falls_back) {
    // It serves while its source is looked for.
    Finish(loaded_, false);
    if (auto found = loader_->PutSourceBehind(dataset_, loaded_, cancelled); !found) {
      // A refresh finds it, and is tried until it does.
      spdlog::warn("{}", found.error().message);
      must_load_ = true;
      source_failure_ = found.error();
    }
  }
  if (loaded_.source != nullptr) return loaded_;
  if (plan()->ready_before_load) {
    must_load_ = true;
    return loader_->RegisterSource(dataset_, loaded_, cancelled);
  }
  return Load(cancelled);
}

Result<LoadedDataset> ServedDataset::Load(const std::atomic<bool>* cancelled,
                                          const RefreshOverrides& overrides) {
  const auto began = std::chrono::steady_clock::now();
  auto loaded = loader_->Load(dataset_, loaded_, cancelled, overrides);
  if (plan() == nullptr) return loaded;
  const bool appends = overrides.refresh_mode
                           ? *overrides.refresh_mode == spicepod::RefreshMode::kAppend
                           : plan()->appends;
  services_.load_metrics.CountRefresh(
      dataset_.name, appends, loaded ? ::sumac::Status() : ::sumac::Status(Fail(loaded.error())),
      std::chrono::steady_clock::now() - began, services_.clock->WallNow());
  return loaded;
}

void ServedDataset::Finish(Result<LoadedDataset> loaded, bool attempted) {
  failure_ = loaded ? std::nullopt : std::optional(loaded.error());
  if (loaded) {
    loaded_ = *std::move(loaded);
    inherited_ = {};
    services_.load_metrics.SetColumns(dataset_.name, loaded_.source->Columns().size());
  }
  auto failure = failure_;
  const auto copy = StatusOf(loaded_);
  const bool loaded_once = loaded_.source != nullptr;
  const bool serves = loaded_once || PredecessorServes();
  if (!serves) services_.database.RegisterFailedTable(dataset_.name, *failure_);
  {
    std::lock_guard lock(status_mutex_);
    if (loaded_once) predecessor_serves_ = false;
    if (!predecessor_serves_) status_.copy = copy;
    if (!predecessor_serves_) status_.key_columns = loaded_.key_columns;
    if (failure && failure->code == ErrorCode::kCancelled && serves) failure.reset();
    status_.state = serves ? DatasetState::kReady : DatasetState::kError;
    status_.error = failure;
    if (attempted) status_.attempted_at = services_.clock->WallNow();
  }
  services_.data_changed();
  services_.status_changed();
}

void ServedDataset::SetState(DatasetState state, std::optional<Error> error) {
  {
    std::lock_guard lock(status_mutex_);
    status_.state = state;
    status_.error = std::move(error);
  }
  services_.status_changed();
}

Result<std::unique_lock<std::timed_mutex>> ServedDataset::Lock(const std::atomic<bool>* cancelled) {
  std::unique_lock lock(mutex_, std::defer_lock);
  while (!lock.try_lock_for(kLookForCancel)) {
    if (cancelled != nullptr && *cancelled) return Fail(CancelledError());
  }
  return lock;
}

Result<SchemaChange> ServedDataset::RefreshSchema(const std::atomic<bool>* cancelled) {
  const uint64_t begun = begun_;
  SUMAC_ASSIGN_OR_RETURN(const auto lock, Lock(cancelled));
  SUMAC_RETURN_IF_ERROR(Prepare(cancelled));
  // One that began after this was asked for has read what this would.
  if (last_ && last_number_ > begun) return *last_;
  const uint64_t number = ++begun_;
  auto change = RefreshNow(cancelled);
  if (change || change.error().code != ErrorCode::kCancelled) {
    last_number_ = number;
    last_ = change;
  }
  return change;
}

::sumac::Status ServedDataset::Refresh(const RefreshOverrides& overrides,
                                       const std::atomic<bool>* cancelled) {
  SUMAC_ASSIGN_OR_RETURN(const auto lock, Lock(cancelled));
  SUMAC_RETURN_IF_ERROR(Prepare(cancelled));
  const auto change = RefreshNow(cancelled, overrides);
  if (!change) return Fail(change.error());
  return {};
}

Result<SchemaChange> ServedDataset::RefreshNow(const std::atomic<bool>* cancelled,
                                               const RefreshOverrides& overrides) {
  const auto before = loaded_.source;
  const bool served = Serves();
  if (served && IsAccelerated()) SetState(DatasetState::kRefreshing, std::nullopt);
  RefreshOverrides chosen = overrides;
  if (!chosen.refresh_sql) {
    std::lock_guard lock(status_mutex_);
    chosen.refresh_sql = refresh_sql_;
  }
  auto loaded = Load(cancelled, chosen);
  if (!loaded) {
    const Error error = loaded.error();
    if (error.code != ErrorCode::kCancelled || served) Finish(std::move(loaded));
    if (error.code == ErrorCode::kCancelled) return Fail(error);
    services_.load_metrics.CountSchemaRefresh(dataset_.name, engine::kRefreshFailed);
    spdlog::warn("{}{}: {}",
                 IsAccelerated() ? "A refresh has failed" : "The schema could not be refreshed",
                 served ? ", the dataset serves as before" : "", error.message);
    return Fail(error);
  }
  Finish(std::move(loaded));
  const auto& now = loaded_.source->Columns();
  auto change = CompareColumns(before ? before->Columns() : std::decay_t<decltype(now)>(), now);
  if (!change.Empty()) services_.columns_changed();
  services_.load_metrics.CountSchemaRefresh(
      dataset_.name, change.Empty() ? engine::kRefreshUnchanged : engine::kRefreshChanged);
  spdlog::log(change.Empty() ? spdlog::level::debug : spdlog::level::info, "{}",
              DescribeChange(dataset_.name, change));
  return change;
}

void ServedDataset::SetRefreshSql(std::optional<std::string> sql) {
  std::lock_guard lock(status_mutex_);
  refresh_sql_ = std::move(sql);
}

void ServedDataset::Retain() {
  // A refresh under way leaves out what has to go itself.
  std::unique_lock lock(mutex_, std::try_to_lock);
  if (!lock || retired_) return;
  auto kept = loader_->Retain(dataset_, loaded_);
  if (!kept) spdlog::warn("{}", kept.error().message);
  if (!kept || !*kept) return;
  // It mends nothing.
  const auto failure = failure_;
  auto shown = Status().error;
  Finish(**std::move(kept), false);
  failure_ = failure;
  if (shown) SetState(DatasetState::kReady, std::move(shown));
}

bool ServedDataset::Retire() {
  std::unique_lock lock(mutex_, kWaitForOther);
  if (!lock || !TakeOver()) return false;
  retired_ = true;
  loaded_ = {};
  inherited_ = {};
  return true;
}

}  // namespace sumac::datasets
