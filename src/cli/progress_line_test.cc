#include "cli/progress_line.h"

#include <gtest/gtest.h>

#include "engine/results/display_width.h"

namespace sumac::cli {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr size_t kWide = 200;
const MonotonicTime kStart{};

dynamodb::ScanStatistics Read(uint64_t items) {
  dynamodb::ScanStatistics statistics;
  statistics.items_scanned = items;
  statistics.bytes = items * 300;
  statistics.consumed_read_units = static_cast<double>(items) / 20;
  return statistics;
}

// A query whose scans are `scans`, which are all that it reads.
engine::QueryProgress Scanning(const std::vector<engine::ScanUnderWay>& scans) {
  engine::QueryProgress progress;
  progress.scans = scans;
  for (const auto& scan : scans) progress.read[scan.dataset] = scan.progress.statistics;
  return progress;
}

engine::ScanUnderWay Users(uint64_t items, std::optional<double> fraction,
                           std::optional<milliseconds> time_left) {
  engine::ScanUnderWay scan{"users", {}};
  scan.progress.statistics = Read(items);
  scan.progress.fraction = fraction;
  scan.progress.time_left = time_left;
  return scan;
}

TEST(ProgressLine, SaysAllOfOneScan) {
  ProgressLine line(kStart);
  EXPECT_EQ(
      line.Text(Scanning({Users(1'000'000, 0.345, seconds(80))}), kStart + seconds(10), kWide),
      "users 34%  1.0M items  300 MB  50.0k RCU  100k items/s  30.0 MB/s  1m 20s left");
}

TEST(ProgressLine, WhatIsUnknownIsNotThere) {
  ProgressLine line(kStart);
  EXPECT_EQ(
      line.Text(Scanning({Users(500, std::nullopt, std::nullopt)}), kStart + seconds(2), kWide),
      "users  500 items  150 kB  25 RCU  250 items/s  75.0 kB/s  2s");
}

TEST(ProgressLine, NeverSaysThatItIsDone) {
  ProgressLine line(kStart);
  const auto text =
      line.Text(Scanning({Users(500, 0.9999, milliseconds(3))}), kStart + seconds(2), kWide);
  EXPECT_NE(text.find("99%"), std::string::npos) << text;
}

TEST(ProgressLine, RatesAreOfTheLastSeconds) {
  ProgressLine line(kStart);
  std::string text;
  for (int tick = 0; tick <= 80; ++tick) {
    // 1,000 a second for ten seconds, then 100 a second.
    const auto at = milliseconds(250) * tick;
    const uint64_t items = tick <= 40 ? 250 * tick : 10'000 + 25 * (tick - 40);
    text = line.Text(Scanning({Users(items, 0.5, seconds(1))}), kStart + at, kWide);
  }
  EXPECT_NE(text.find("  100 items/s"), std::string::npos) << text;
}

// How far each is, what they read together, and the longest time left.
TEST(ProgressLine, SeveralScansAreOneLine) {
  ProgressLine line(kStart);
  auto orders = Users(2'000, 0.1, seconds(90));
  orders.dataset = "orders";
  auto items = Users(3'000, 0.9, seconds(5));
  items.dataset = "items";
  const auto users = Users(1'000, 0.5, seconds(10));
  EXPECT_EQ(
      line.Text(Scanning({users, orders}), kStart + seconds(3), kWide),
      "users 50%, orders 10%  3.0k items  900 kB  150 RCU  1.0k items/s  300 kB/s  1m 30s left");
  const auto three = line.Text(Scanning({users, orders, items}), kStart + seconds(4), kWide);
  EXPECT_EQ(three.substr(0, three.find("  ")), "users 50%, orders 10%, 1 more");
  items.progress.fraction.reset();
  items.progress.time_left.reset();
  const auto unknown = line.Text(Scanning({users, orders, items}), kStart + seconds(5), kWide);
  EXPECT_EQ(unknown.find("left"), std::string::npos) << unknown;
}

TEST(ProgressLine, ScansThatEndedAreWorkedOn) {
  ProgressLine line(kStart);
  engine::QueryProgress progress;
  EXPECT_EQ(line.Text(progress, kStart + seconds(2), kWide), "working  2s");
  progress.read["users"] = Read(1'000'000);
  progress.percent = 42.7;
  EXPECT_EQ(line.Text(progress, kStart + seconds(65), kWide),
            "working 42%  1.0M items read  300 MB  50.0k RCU  1m 5s");
}

TEST(ProgressLine, SaysWhatHoldsItUp) {
  const auto after = [](const std::function<void(dynamodb::ScanStatistics&)>& change,
                        milliseconds since) {
    ProgressLine line(kStart);
    auto users = Users(500, 0.5, seconds(4));
    line.Text(Scanning({users}), kStart + seconds(10), kWide);
    change(users.progress.statistics);
    line.Text(Scanning({users}), kStart + milliseconds(10'250), kWide);
    const auto text = line.Text(Scanning({users}), kStart + milliseconds(10'250) + since, kWide);
    return text.substr(text.find("left"));
  };
  const auto throttle = [](auto& statistics) { ++statistics.throttles_of_table; };
  EXPECT_EQ(after(throttle, milliseconds(250)), "left  throttled");
  EXPECT_EQ(after(throttle, milliseconds(3'000)), "left");
  EXPECT_EQ(after([](auto& statistics) { ++statistics.throttles_of_key_range; }, milliseconds(1)),
            "left  throttled");
  EXPECT_EQ(after([](auto& statistics) { statistics.capacity_wait += milliseconds(240); },
                  milliseconds(1)),
            "left  waits for capacity");
  EXPECT_EQ(after([](auto& statistics) { statistics.capacity_wait += milliseconds(40); },
                  milliseconds(250)),
            "left");
}

TEST(ProgressLine, FitsAnyWidth) {
  auto users = Users(1'000'000, 0.345, seconds(80));
  users.dataset = "注文の表\x1b[2J";
  users.progress.statistics.throttles_of_table = 1;
  std::string longest;
  for (size_t columns = 1; columns < 120; ++columns) {
    ProgressLine line(kStart);
    line.Text(Scanning({Users(1, 0.1, seconds(80))}), kStart + seconds(9), kWide);
    const auto text = line.Text(Scanning({users}), kStart + seconds(10), columns);
    EXPECT_LE(engine::DisplayWidth(text), columns);
    EXPECT_GE(engine::DisplayWidth(text) + 1, engine::DisplayWidth(longest)) << columns;
    EXPECT_EQ(text.find('\x1b'), std::string::npos);
    if (columns == 40) {
      EXPECT_EQ(text, "注文の表\\x1b[2J 34%  1m 20s left");
    }
    longest = text;
  }
  EXPECT_EQ(longest,
            "注文の表\\x1b[2J 34%  1.0M items  300 MB  50.0k RCU  100k items/s  30.0 MB/s  1m 20s "
            "left  throttled");
}

}  // namespace
}  // namespace sumac::cli
