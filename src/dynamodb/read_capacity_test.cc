#include "dynamodb/read_capacity.h"

#include <gtest/gtest.h>

#include "net/simulated_network.h"

namespace sumac::dynamodb {
namespace {

using std::chrono::milliseconds;

class ReadCapacityTest : public testing::Test {
 protected:
  ~ReadCapacityTest() override { network_->Stop(); }

  // A scan that takes a page whenever it can, and waits otherwise.
  struct Taker {
    std::unique_ptr<ReadCapacity::Share> share;
    PageCost cost{1, false};
    double taken = 0;
    int wanted = 1'000'000;  // pages

    void TakeAll() {
      while (wanted > 0) {
        const auto order = share->TryTake(cost);
        if (!order) return;
        taken += order->units;
        --wanted;
      }
    }
  };

  std::shared_ptr<Taker> Join() {
    auto taker = std::make_shared<Taker>();
    taker->share = capacity_->Join([weak = std::weak_ptr<Taker>(taker)] {
      if (const auto self = weak.lock(); self && self->share) self->TakeAll();
    });
    return taker;
  }

  void RunFor(milliseconds time) {
    bool over = false;
    network_->After(time, [&over] { over = true; });
    while (!over) ASSERT_TRUE(network_->RunNext());
  }

  const std::shared_ptr<ManualClock> clock_ = std::make_shared<ManualClock>();
  const std::shared_ptr<net::SimulatedNetwork> network_ = std::make_shared<net::SimulatedNetwork>(
      *clock_, [](const net::HttpRequest&) -> net::SimulatedNetwork::Answer {
        return {Fail(InternalError("no requests here")), milliseconds(0)};
      });
  const std::shared_ptr<ReadCapacity> capacity_ = std::make_shared<ReadCapacity>(network_, clock_);
};

TEST_F(ReadCapacityTest, WithoutALimitNobodyWaits) {
  const auto taker = Join();
  for (int i = 0; i < 1'000; ++i) {
    const auto order = taker->share->TryTake(taker->cost);
    ASSERT_TRUE(order);
    EXPECT_EQ(order->items_max, std::nullopt);
  }
  EXPECT_EQ(capacity_->UnitsPerSecond(), std::nullopt);
}

TEST_F(ReadCapacityTest, TheLowestLimitHolds) {
  EXPECT_FALSE(capacity_->LowestLimit());
  capacity_->SetLimit("b", 100);
  capacity_->SetLimit("a", 40);
  capacity_->SetLimit("c", 70);
  EXPECT_EQ(capacity_->LowestLimit()->dataset_name, "a");
  EXPECT_EQ(capacity_->UnitsPerSecond(), 40);
  capacity_->SetLimit("a", 90);
  EXPECT_EQ(capacity_->UnitsPerSecond(), 70);
  for (const char* name : {"a", "b", "c"}) capacity_->SetLimit(name, std::nullopt);
  EXPECT_EQ(capacity_->UnitsPerSecond(), std::nullopt);
}

TEST_F(ReadCapacityTest, ThoseThatWaitTakeTurns) {
  capacity_->SetLimit("x", 50);
  const auto first = Join();
  const auto second = Join();
  for (const auto& taker : {first, second}) taker->TakeAll();
  RunFor(milliseconds(10'000));
  EXPECT_NEAR(first->taken + second->taken, 500, 20);
  EXPECT_NEAR(first->taken, second->taken, 12);
  // One that asks for nothing for a while has no claim to that time.
  second->wanted = 0;
  RunFor(milliseconds(10'000));
  const double before = first->taken;
  second->wanted = 1'000'000;
  second->TakeAll();
  RunFor(milliseconds(2'000));
  EXPECT_NEAR(first->taken - before, 50, 15);
}

// Who asks more often is not served more often.
TEST_F(ReadCapacityTest, TheOneThatWasGivenLessIsNext) {
  capacity_->SetLimit("x", 50);
  const auto first = Join();
  const auto second = Join();
  for (const auto& taker : {first, second}) taker->TakeAll();
  RunFor(milliseconds(100));
  const auto& ahead = first->taken > second->taken ? first : second;
  const auto& behind = first->taken > second->taken ? second : first;
  ASSERT_GT(ahead->taken, behind->taken);
  // There is capacity, and the timer has not run yet.
  clock_->Advance(milliseconds(400));
  EXPECT_FALSE(ahead->share->TryTake(ahead->cost));
  EXPECT_TRUE(behind->share->TryTake(behind->cost));
}

// What nobody took for a minute is not there to be taken now.
TEST_F(ReadCapacityTest, SavesUpLittle) {
  capacity_->SetLimit("x", 50);
  const auto taker = Join();
  taker->TakeAll();
  RunFor(milliseconds(1'000));
  taker->wanted = 0;
  RunFor(milliseconds(60'000));
  const double before = taker->taken;
  taker->wanted = 1'000'000;
  taker->TakeAll();
  RunFor(milliseconds(10'000));
  EXPECT_LE(taker->taken - before, 500 * 1.05);
  EXPECT_GE(taker->taken - before, 500 * 0.95);
}

// Whoever leaves while it waits, or needs nothing when its turn comes, holds nobody up.
TEST_F(ReadCapacityTest, ATurnThatIsNotTakenPassesOn) {
  capacity_->SetLimit("x", 50);
  auto leaving = Join();
  const auto sated = Join();
  const auto staying = Join();
  for (const auto& taker : {leaving, sated, staying}) taker->TakeAll();
  leaving.reset();
  sated->wanted = 0;
  RunFor(milliseconds(10'000));
  EXPECT_NEAR(staying->taken, 500, 30);
}

// An answer that cost less than was paid wakes who waits for the rest.
TEST_F(ReadCapacityTest, WhatIsGivenBackIsThereAtOnce) {
  capacity_->SetLimit("x", 50);
  const auto first = Join();
  const auto second = Join();
  first->wanted = 0;
  const auto order = first->share->TryTake(first->cost);
  ASSERT_FALSE(order);  // a bucket starts empty, when it is first asked
  RunFor(milliseconds(100));
  const auto paid = first->share->TryTake(PageCost(100, false));
  ASSERT_TRUE(paid);
  EXPECT_DOUBLE_EQ(paid->units, 100);
  second->TakeAll();
  EXPECT_EQ(second->taken, 0);
  first->share->GiveBack(*paid);
  RunFor(milliseconds(5));
  EXPECT_GT(second->taken, 0);
}

TEST_F(ReadCapacityTest, ATableHasOneForTheProcess) {
  ReadCapacities capacities(network_, clock_);
  const auto table = capacities.Of("http://a", "arn:1");
  EXPECT_EQ(capacities.Of("http://a", "arn:1"), table);
  EXPECT_NE(capacities.Of("http://a", "arn:2"), table);
  EXPECT_NE(capacities.Of("http://b", "arn:1"), table);
}

}  // namespace
}  // namespace sumac::dynamodb
