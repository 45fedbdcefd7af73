#include "cli/refresh_wait.h"

#include <gtest/gtest.h>

namespace sumac::cli {
namespace {

using server::ListedCopy;
using server::ListedDataset;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr WallTime kStart{seconds(1'795'546'184)};

ListedDataset At(const std::string& state, std::optional<seconds> read_at,
                 const std::string& error = "") {
  ListedDataset dataset;
  dataset.name = "users";
  dataset.state = state;
  if (read_at) dataset.copy = ListedCopy{7, 512, kStart + *read_at, seconds(0)};
  dataset.error_message = error;
  return dataset;
}

// As of 100 s after the start, the copy is 60 s old.
ListedDataset Before(const std::string& error = "") {
  auto before = At("Ready", seconds(40), error);
  before.copy->age = seconds(60);
  return before;
}

class RefreshWait : public testing::Test {
 protected:
  // What the server lists at each look; the last again and again.
  Result<ListedCopy> Wait(const ListedDataset& before, std::vector<ListedDataset> looks) {
    size_t next = 0;
    return WaitForRefresh(
        before,
        [&]() -> Result<ListedDataset> {
          ++looks_;
          return looks[std::min(next++, looks.size() - 1)];
        },
        [&] {
          // A wait that would not end fails its test.
          if (++pauses_ >= pauses_max_) cancelled_ = true;
        },
        &cancelled_);
  }

  int looks_ = 0;
  int pauses_ = 0;
  int pauses_max_ = 10;
  std::atomic<bool> cancelled_{false};
};

TEST_F(RefreshWait, EndsWithANewCopy) {
  const auto copy = Wait(Before(), {At("Ready", seconds(40)), At("Refreshing", seconds(40)),
                                    At("Ready", seconds(100))});
  ASSERT_TRUE(copy.has_value()) << copy.error().message;
  EXPECT_EQ(copy->rows, 7u);
  EXPECT_EQ(pauses_, 2);
  EXPECT_TRUE(Wait(At("Initializing", std::nullopt), {At("Ready", seconds(1))}).has_value());
}

TEST_F(RefreshWait, DoesNotTakeTheRefreshThatWasUnderWay) {
  const auto copy = Wait(Before(), {At("Ready", seconds(99)), At("Ready", seconds(101))});
  ASSERT_TRUE(copy.has_value());
  EXPECT_EQ(copy->read_at, kStart + seconds(101));
  EXPECT_EQ(looks_, 2);
}

TEST_F(RefreshWait, EndsWithANewError) {
  const auto failed = [](seconds attempted_at) {
    auto dataset = At("Ready", seconds(40), "it broke");
    dataset.attempted_at = kStart + attempted_at;
    return dataset;
  };
  auto copy = Wait(Before(), {At("Refreshing", seconds(40)), failed(seconds(101))});
  ASSERT_FALSE(copy.has_value());
  EXPECT_EQ(copy.error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(copy.error().message, "it broke");
  // The same as before it was asked for.
  auto before = Before("it broke");
  before.attempted_at = kStart + seconds(90);
  copy = Wait(before, {failed(seconds(90)), failed(seconds(90)), failed(seconds(102))});
  EXPECT_EQ(copy.error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(pauses_, 1 + 2);
}

TEST_F(RefreshWait, TakesNoOldErrorForItsOwn) {
  const auto copy =
      Wait(Before("it broke"), {At("Ready", seconds(40), "it broke"), At("Ready", seconds(100))});
  EXPECT_TRUE(copy.has_value());
}

TEST_F(RefreshWait, EndsWhenCancelled) {
  const auto copy = Wait(Before(), {At("Refreshing", seconds(40))});
  ASSERT_FALSE(copy.has_value());
  EXPECT_EQ(copy.error().code, ErrorCode::kCancelled);
  EXPECT_EQ(pauses_, 10);
}

TEST_F(RefreshWait, EndsWithAServerThatIsGone) {
  const auto copy = WaitForRefresh(
      Before(),
      []() -> Result<ListedDataset> { return Fail(ErrorCode::kUnavailable, "no Sumac answers"); },
      [] { FAIL(); }, nullptr);
  EXPECT_EQ(copy.error().message, "no Sumac answers");
}

}  // namespace
}  // namespace sumac::cli
