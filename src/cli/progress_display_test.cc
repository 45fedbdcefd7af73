#include "cli/progress_display.h"

#include <gtest/gtest.h>

namespace sumac::cli {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// Runs nothing, and is as far as a test says.
class SaidSession final : public engine::Session {
 public:
  Result<std::unique_ptr<engine::ResultStream>> Execute(
      const std::string&, engine::QueryParameters, std::optional<engine::QueryDeadline>) override {
    return Fail(CancelledError());
  }
  Result<engine::StatementShape> Describe(const std::string& /*sql*/,
                                          const engine::QueryParameters& /*parameters*/) override {
    return Fail(ErrorCode::kUnsupported, "not asked for");
  }
  Result<std::string> Explain(const std::string& /*sql*/,
                              engine::QueryParameters /*parameters*/) override {
    return Fail(ErrorCode::kUnsupported, "not asked for");
  }
  void Interrupt() override {}
  engine::QueryProgress Progress() const override {
    engine::QueryProgress progress;
    engine::ScanUnderWay users{"users", {}};
    users.progress.fraction = 0.5;
    users.progress.statistics.items_scanned = 700;
    progress.read["users"] = users.progress.statistics;
    progress.scans.push_back(users);
    return progress;
  }
};

class FakeScreen final : public ProgressScreen {
 public:
  size_t Columns() const override { return columns; }
  void Write(const std::string& bytes) override { written += bytes; }
  std::string Take() { return std::exchange(written, {}); }

  size_t columns = 20;
  std::string written;
};

class ProgressDisplayTest : public testing::Test {
 protected:
  std::string TickAfter(ProgressDisplay& display, milliseconds wait) {
    clock_.Advance(wait);
    display.Tick();
    return screen_.Take();
  }

  SaidSession session_;
  ManualClock clock_;
  FakeScreen screen_;
};

TEST_F(ProgressDisplayTest, AShortQueryShowsNothing) {
  {
    ProgressDisplay display(session_, ProgressMode::kLine, clock_, screen_);
    EXPECT_EQ(TickAfter(display, milliseconds(999)), "");
  }
  EXPECT_EQ(screen_.Take(), "");
}

TEST_F(ProgressDisplayTest, DrawsOverAndTakesAway) {
  ProgressDisplay display(session_, ProgressMode::kLine, clock_, screen_);
  EXPECT_EQ(TickAfter(display, seconds(1)), "\rusers 50%  1s\x1b[J\r");
  EXPECT_EQ(TickAfter(display, milliseconds(250)), "\rusers 50%  1s\x1b[J\r");
  screen_.columns = 11;
  EXPECT_EQ(TickAfter(display, milliseconds(250)), "\rusers 50%\x1b[J\r");
  display.End();
  EXPECT_EQ(screen_.Take(), "\r\x1b[J");
  EXPECT_EQ(TickAfter(display, seconds(1)), "");
  display.End();
  EXPECT_EQ(screen_.Take(), "");
}

TEST_F(ProgressDisplayTest, TakesTheLineAwayWhenItGoes) {
  {
    ProgressDisplay display(session_, ProgressMode::kLine, clock_, screen_);
    TickAfter(display, seconds(2));
  }
  EXPECT_EQ(screen_.Take(), "\r\x1b[J");
}

TEST_F(ProgressDisplayTest, ALogHasALineEveryFiveSeconds) {
  ProgressDisplay display(session_, ProgressMode::kLog, clock_, screen_);
  std::string all;
  for (int tick = 0; tick < 44; ++tick) all += TickAfter(display, milliseconds(250));
  EXPECT_EQ(all,
            "progress: users 50%  700 items  0 B  0 RCU  140 items/s  0 B/s  5s\n"
            "progress: users 50%  700 items  0 B  0 RCU  0 items/s  0 B/s  10s\n");
  display.End();
  EXPECT_EQ(screen_.Take(), "");
}

TEST_F(ProgressDisplayTest, CanBeOff) {
  ProgressDisplay display(session_, ProgressMode::kNone, clock_, screen_);
  EXPECT_EQ(TickAfter(display, seconds(10)), "");
}

TEST(ChooseProgressMode, WhatIsAskedForCounts) {
  EXPECT_EQ(ChooseProgressMode(std::nullopt, true), ProgressMode::kLine);
  EXPECT_EQ(ChooseProgressMode(std::nullopt, false), ProgressMode::kNone);
  for (const bool can_draw : {true, false}) {
    EXPECT_EQ(ChooseProgressMode(true, can_draw), ProgressMode::kLog);
    EXPECT_EQ(ChooseProgressMode(false, can_draw), ProgressMode::kNone);
  }
}

// The one test of the thread: it ends, whenever that is.
TEST(Ticker, TicksUntilItGoes) {
  std::mutex mutex;
  std::condition_variable changed;
  int ticks = 0;
  {
    const Ticker ticker(milliseconds(1), [&] {
      std::lock_guard lock(mutex);
      ++ticks;
      changed.notify_all();
    });
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return ticks >= 2; });
  }
  const Ticker idle(std::chrono::hours(1), [] { FAIL(); });
}

}  // namespace
}  // namespace sumac::cli
