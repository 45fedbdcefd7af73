#include "engine/scan/combined_pages.h"

#include <stdexcept>

#include <gtest/gtest.h>

namespace sumac::engine {
namespace {

bool Never() {
  return false;
}

// One empty page, unless it is cancelled first.
class OnePage final : public dynamodb::PageSource {
 public:
  Result<std::optional<dynamodb::Page>> Next(const std::function<bool()>&) override {
    if (cancelled_) return Fail(CancelledError());
    if (statistics_.pages++ > 0) return std::optional<dynamodb::Page>();
    return std::optional<dynamodb::Page>(std::in_place);
  }
  void Cancel() override { cancelled_ = true; }
  dynamodb::ScanStatistics Statistics() const override { return statistics_; }
  dynamodb::ScanProgress Progress() const override { return {statistics_}; }

 private:
  dynamodb::ScanStatistics statistics_;
  bool cancelled_ = false;
};

TEST(LatePagesTest, OpensWithTheFirstPage) {
  int opened = 0;
  LatePages pages([&] {
    ++opened;
    return std::make_shared<OnePage>();
  });
  EXPECT_EQ(pages.Statistics().pages, 0u);
  EXPECT_EQ(pages.Progress().statistics.pages, 0u);
  EXPECT_EQ(opened, 0);
  EXPECT_TRUE(pages.Next(Never).value().has_value());
  EXPECT_FALSE(pages.Next(Never).value().has_value());
  EXPECT_EQ(pages.Statistics().pages, 2u);
  EXPECT_EQ(opened, 1);
}

// Who opens may wait for a lock that somebody holds who asks for statistics.
TEST(LatePagesTest, SaysWhatItKnowsWhileItIsOpened) {
  LatePages* late = nullptr;
  LatePages pages([&late] {
    EXPECT_EQ(late->Statistics().pages, 0u);
    EXPECT_FALSE(late->Progress().fraction.has_value());
    return std::make_shared<OnePage>();
  });
  late = &pages;
  EXPECT_TRUE(pages.Next(Never).value().has_value());
}

TEST(LatePagesTest, WhatIsCancelledBringsNothing) {
  LatePages pages([] { return std::make_shared<OnePage>(); });
  pages.Cancel();
  const auto page = pages.Next(Never);
  ASSERT_FALSE(page);
  EXPECT_EQ(page.error().code, ErrorCode::kCancelled);
}

TEST(LatePagesTest, TriesAgainWhatCouldNotBeOpened) {
  int tries = 0;
  LatePages pages([&tries] {
    if (++tries == 1) throw std::runtime_error("refused");
    return std::make_shared<OnePage>();
  });
  EXPECT_THROW(static_cast<void>(pages.Next(Never)), std::runtime_error);
  EXPECT_TRUE(pages.Next(Never).value().has_value());
}

}  // namespace
}  // namespace sumac::engine
