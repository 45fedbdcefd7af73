#include "engine/query_scans.h"

#include <gtest/gtest.h>

namespace sumac::engine {
namespace {

// Says what a test has it say.
class SaidPages final : public dynamodb::PageSource {
 public:
  Result<std::optional<dynamodb::Page>> Next(const std::function<bool()>&) override {
    return std::nullopt;
  }
  void Cancel() override {}
  dynamodb::ScanStatistics Statistics() const override { return progress.statistics; }
  dynamodb::ScanProgress Progress() const override { return progress; }

  dynamodb::ScanProgress progress;
};

std::shared_ptr<SaidPages> Read(uint64_t items, std::optional<double> fraction) {
  auto source = std::make_shared<SaidPages>();
  source->progress.statistics.items_scanned = items;
  source->progress.statistics.bytes_on_wire = 100 * items;
  source->progress.statistics.streams_most = static_cast<int>(items);
  source->progress.fraction = fraction;
  return source;
}

TEST(QueryScans, ScansThatEndStayInTheSum) {
  QueryScans scans;
  const auto first = scans.Begin("users", Read(5, 0.5));
  scans.Begin("orders", Read(7, std::nullopt));
  scans.Begin("users", Read(3, 1.0));
  auto progress = scans.Progress();
  // The third has read all and only waits for the query's end.
  ASSERT_EQ(progress.scans.size(), 2u);
  EXPECT_EQ(progress.scans[0].dataset, "users");
  EXPECT_EQ(progress.scans[1].dataset, "orders");
  EXPECT_EQ(progress.read["users"].items_scanned, 8u);
  EXPECT_EQ(progress.read["orders"].items_scanned, 7u);

  scans.End(first);
  scans.End(first);
  progress = scans.Progress();
  ASSERT_EQ(progress.scans.size(), 1u);
  EXPECT_EQ(progress.read["users"].items_scanned, 8u);
  EXPECT_EQ(TotalOf(progress.read).items_scanned, 15u);
  EXPECT_EQ(TotalOf(progress.read).bytes_on_wire, 1'500u);
  EXPECT_EQ(TotalOf(progress.read).streams_most, 7);
}

TEST(QueryScans, ManyScansOfADatasetAreOneSum) {
  QueryScans scans;
  for (int i = 0; i < 1'000; ++i) scans.End(scans.Begin("users", Read(2, 0.1)));
  const auto progress = scans.Progress();
  EXPECT_TRUE(progress.scans.empty());
  ASSERT_EQ(progress.read.size(), 1u);
  EXPECT_EQ(progress.read.at("users").items_scanned, 2'000u);
}

// A scan may outlive the query that it was begun for, when a new one begins on its connection.
TEST(QueryScans, AnEndThatComesLateIsNotOfTheNextQuery) {
  QueryScans scans;
  const auto late = scans.Begin("users", Read(5, 0.5));
  scans.Clear();
  const auto now = scans.Begin("orders", Read(1, 0.5));
  EXPECT_NE(late, now);
  scans.End(late);
  const auto progress = scans.Progress();
  EXPECT_EQ(progress.read.count("users"), 0u);
  EXPECT_EQ(progress.scans.size(), 1u);
}

}  // namespace
}  // namespace sumac::engine
