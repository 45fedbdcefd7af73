#include "datasets/load_progress.h"

#include <vector>

#include <gtest/gtest.h>

namespace sumac::datasets {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// Pages that take a time each, or never come.
class SlowPages final : public dynamodb::PageSource {
 public:
  SlowPages(ManualClock& clock, milliseconds each) : clock_(clock), each_(each) {}

  Result<std::optional<dynamodb::Page>> Next(const std::function<bool()>& interrupted) override {
    for (milliseconds waited{0}; waited < each_; waited += milliseconds(20)) {
      clock_.Advance(milliseconds(20));
      if (interrupted()) return Fail(CancelledError());
    }
    ++statistics_.items_scanned;
    return dynamodb::Page();
  }
  void Cancel() override {}
  dynamodb::ScanStatistics Statistics() const override { return statistics_; }
  dynamodb::ScanProgress Progress() const override {
    dynamodb::ScanProgress progress;
    progress.statistics = statistics_;
    return progress;
  }

 private:
  ManualClock& clock_;
  const milliseconds each_;
  dynamodb::ScanStatistics statistics_;
};

TEST(LoadProgressText, SaysWhatIsKnown) {
  dynamodb::ScanProgress progress;
  progress.statistics.items_scanned = 1'234'567;
  progress.statistics.bytes = 345'000'000;
  progress.statistics.consumed_read_units = 12'345;
  progress.items_per_second = 45'100;
  EXPECT_EQ(LoadProgressText("users", progress),
            "Loading dataset users: 1,234,567 items, 345 MB, 12,345 RCU, 45.1k items/s");
  progress.fraction = 0.349;
  progress.time_left = milliseconds(79'400);
  EXPECT_EQ(LoadProgressText("users", progress),
            "Loading dataset users: 34%, 1,234,567 items, 345 MB, 12,345 RCU, 45.1k items/s, 1m "
            "20s left");
}

TEST(SpeakingPages, SpeakEveryTenSecondsWhetherPagesComeOrNot) {
  for (const auto& [each, polls] : {std::pair(milliseconds(20), 1'750), {seconds(60), 1}}) {
    const auto clock = std::make_shared<ManualClock>();
    SlowPages slow(*clock, each);
    std::vector<std::string> lines;
    SpeakingPages pages(slow, "users", clock,
                        [&lines](const std::string& line) { lines.push_back(line); });
    for (int i = 0; i < polls; ++i) {
      ASSERT_TRUE(pages.Next([&] { return clock->MonotonicNow() >= MonotonicTime(seconds(35)); }) ||
                  i + 1 == polls);
    }
    ASSERT_EQ(lines.size(), 3u);
    EXPECT_EQ(lines[0].find("Loading dataset users: "), 0u);
  }
}

}  // namespace
}  // namespace sumac::datasets
