#include "datasets/refresh_schedule.h"

#include <deque>

#include <gtest/gtest.h>

namespace sumac::datasets {
namespace {

using std::chrono::seconds;

// Actions that note what is asked of them and answer as told.
class RefreshScheduleTest : public testing::Test {
 protected:
  void Make(std::optional<AccelerationPlan> plan, std::optional<seconds> schema_interval = {}) {
    RefreshSchedule::Actions actions;
    actions.refresh = [this](const RefreshOverrides& overrides,
                             const std::atomic<bool>*) -> Status {
      std::lock_guard lock(mutex_);
      refreshes_.push_back(overrides.refresh_sql.value_or("all"));
      if (answers_.empty()) return {};
      auto answer = std::move(answers_.front());
      answers_.pop_front();
      return answer;
    };
    actions.refresh_schema = [this](const std::atomic<bool>*) { ++schema_refreshes_; };
    actions.retain = [this](const std::atomic<bool>*) { ++retentions_; };
    schedule_ = std::make_unique<RefreshSchedule>(clock_, 5);
    schedule_->AddDataset(plan ? &*plan : nullptr, schema_interval, std::move(actions));
  }
  static Error Passing() {
    Error error = UserError(ErrorCode::kUnavailable, "no network");
    error.retryable = true;
    return error;
  }
  // Moves the clock on until the next refresh was run; returns how far it was.
  std::chrono::milliseconds RunNext() {
    while (!schedule_->NextRefresh(0)) std::this_thread::yield();
    const auto wait = *schedule_->NextRefresh(0) - clock_->WallNow();
    const size_t before = Refreshes().size();
    const auto rounded = std::chrono::ceil<std::chrono::milliseconds>(wait);
    clock_->Advance(rounded);
    while (Refreshes().size() == before) std::this_thread::yield();
    return rounded;
  }
  std::vector<std::string> Refreshes() {
    std::lock_guard lock(mutex_);
    return refreshes_;
  }

  const std::shared_ptr<ManualClock> clock_ =
      std::make_shared<ManualClock>(WallTime(seconds(1'768'003'200)));
  std::mutex mutex_;
  std::vector<std::string> refreshes_;  // guarded by mutex_
  std::deque<Status> answers_;          // guarded by mutex_
  std::atomic<int> schema_refreshes_ = 0;
  std::atomic<int> retentions_ = 0;
  std::unique_ptr<RefreshSchedule> schedule_;
};

TEST_F(RefreshScheduleTest, WhatFailedIsTriedAgainLaterEachTime) {
  AccelerationPlan plan;
  plan.interval = seconds(600);
  for (int i = 0; i < 5; ++i) answers_.push_back(Fail(Passing()));
  Make(plan);
  schedule_->Begin(0, clock_->WallNow(), false, std::nullopt);
  schedule_->Start(1);
  EXPECT_EQ(RunNext(), seconds(600));
  for (const int most : {1, 1, 2, 3, 5}) {
    const auto waited = RunNext();
    EXPECT_LE(waited, seconds(most));
    EXPECT_GE(waited, seconds(most) * 9 / 10);
  }
  // It went well, so the next is at its time.
  EXPECT_EQ(RunNext(), seconds(600));
}

TEST_F(RefreshScheduleTest, NotMoreOftenThanAllowed) {
  AccelerationPlan plan;
  plan.interval = seconds(600);
  plan.retries_max = 2;
  for (int i = 0; i < 10; ++i) answers_.push_back(Fail(Passing()));
  Make(plan);
  schedule_->Begin(0, std::nullopt, false, Passing());
  schedule_->Start(1);
  EXPECT_LE(RunNext(), seconds(1));
  EXPECT_LE(RunNext(), seconds(1));
  EXPECT_GT(RunNext(), seconds(590));
}

TEST_F(RefreshScheduleTest, NotWhenOnlyAPersonCanMendIt) {
  Make(std::nullopt);
  schedule_->Begin(0, std::nullopt, false, UserError(ErrorCode::kNotFound, "no table"));
  EXPECT_EQ(schedule_->NextRefresh(0), std::nullopt);
}

TEST_F(RefreshScheduleTest, ADatasetWithoutAccelerationIsLoadedLater) {
  Make(std::nullopt);
  schedule_->Begin(0, std::nullopt, false, Passing());
  schedule_->Start(1);
  EXPECT_LE(RunNext(), seconds(1));
  EXPECT_EQ(schedule_->NextRefresh(0), std::nullopt);
}

TEST_F(RefreshScheduleTest, AnOldCopyIsRefreshedAtOnceAndAYoungOneAtItsTime) {
  AccelerationPlan plan;
  plan.interval = seconds(60);
  Make(plan);
  const auto now = clock_->WallNow();
  schedule_->Begin(0, now - seconds(20), false, std::nullopt);
  EXPECT_EQ(schedule_->NextRefresh(0), now + seconds(40));
  schedule_->Begin(0, now - seconds(3'600), false, std::nullopt);
  EXPECT_LE(*schedule_->NextRefresh(0), now);
  plan.refreshes_at_start = true;
  Make(plan);
  schedule_->Begin(0, now - seconds(20), false, std::nullopt);
  EXPECT_EQ(schedule_->NextRefresh(0), now);
}

TEST_F(RefreshScheduleTest, OverridesAreOfOneRefresh) {
  AccelerationPlan plan;
  plan.interval = seconds(60);
  Make(plan);
  schedule_->Begin(0, clock_->WallNow(), false, std::nullopt);
  schedule_->Start(1);
  RefreshOverrides overrides;
  overrides.refresh_sql = "SELECT 1";
  schedule_->Request(0, overrides);
  while (Refreshes().empty()) std::this_thread::yield();
  RunNext();
  EXPECT_EQ(Refreshes(), (std::vector<std::string>{"SELECT 1", "all"}));
}

TEST_F(RefreshScheduleTest, SchemasAndRetention) {
  AccelerationPlan plan;
  plan.retention_condition = "old";
  plan.retention_interval = seconds(30);
  Make(plan, seconds(100));
  schedule_->Start(1);
  clock_->Advance(seconds(30));
  while (retentions_ < 1) std::this_thread::yield();
  clock_->Advance(seconds(80));
  while (retentions_ < 2 || schema_refreshes_ < 1) std::this_thread::yield();
  EXPECT_TRUE(Refreshes().empty());
}

TEST_F(RefreshScheduleTest, ADatasetThatWasRemovedIsLeftAlone) {
  AccelerationPlan plan;
  plan.interval = seconds(60);
  plan.retention_condition = "old";
  plan.retention_interval = seconds(30);
  Make(plan, seconds(50));
  schedule_->Begin(0, clock_->WallNow(), false, std::nullopt);
  schedule_->Remove(0);
  EXPECT_EQ(schedule_->NextRefresh(0), std::nullopt);
  // None of these means another dataset.
  schedule_->Request(0, {});
  schedule_->Begin(0, std::nullopt, true, std::nullopt);
  schedule_->Remove(0);
  std::atomic<bool> refreshed = false;
  RefreshSchedule::Actions actions;
  actions.refresh = [&](const RefreshOverrides&, const std::atomic<bool>*) -> Status {
    refreshed = true;
    return {};
  };
  plan.retention_condition.clear();
  const size_t other = schedule_->AddDataset(&plan, std::nullopt, std::move(actions));
  EXPECT_EQ(other, 1u);
  schedule_->Begin(other, clock_->WallNow(), false, std::nullopt);
  schedule_->Start(1);
  clock_->Advance(seconds(60));
  while (!refreshed) std::this_thread::yield();
  EXPECT_TRUE(Refreshes().empty());
  EXPECT_EQ(schema_refreshes_, 0);
  EXPECT_EQ(retentions_, 0);
}

}  // namespace
}  // namespace sumac::datasets
