#include "dynamodb/read_budget.h"

#include <gtest/gtest.h>

namespace sumac::dynamodb {
namespace {

const PageOrder kWholePage{std::nullopt, kWholePageUnits};

TEST(ReadBudgetTest, CutsPagesToWhatIsLeft) {
  const PageCost cost(0.1, false);
  ReadBudget budget(200);
  auto order = budget.TryTake(kWholePage, cost);
  ASSERT_TRUE(order);
  EXPECT_EQ(order->items_max, std::nullopt);
  EXPECT_EQ(order->units, 128.5);
  // 71.5 are left while that is under way.
  order = budget.TryTake(kWholePage, cost);
  ASSERT_TRUE(order);
  EXPECT_EQ(order->items_max, 715);
  EXPECT_NEAR(order->units, 71.5, 0.001);
  EXPECT_FALSE(budget.TryTake(kWholePage, cost));
  EXPECT_TRUE(budget.Exhausted());

  // It cost less than was thought.
  budget.Settle(128.5, 100);
  order = budget.TryTake(kWholePage, cost);
  ASSERT_TRUE(order);
  EXPECT_NEAR(order->units, 28.5, 0.101);
  EXPECT_EQ(budget.Spent(), 100);
}

TEST(ReadBudgetTest, WhatIsRefusedCostsNothing) {
  const PageCost cost(0.5, false);
  ReadBudget budget(1);
  const auto order = budget.TryTake(kWholePage, cost);
  ASSERT_TRUE(order);
  EXPECT_EQ(order->items_max, 2);
  EXPECT_FALSE(budget.TryTake(0.5));
  budget.GiveBack(order->units);
  EXPECT_EQ(budget.Spent(), 0);
  EXPECT_TRUE(budget.TryTake(1));
  // The service did not say.
  budget.Settle(1, 0);
  EXPECT_EQ(budget.Spent(), 1);
  EXPECT_FALSE(budget.TryTake(kWholePage, cost));
}

TEST(ReadBudgetTest, OneItemMayBeTooMuch) {
  const PageCost large_items(50, false);
  ReadBudget budget(49);
  EXPECT_FALSE(budget.TryTake(kWholePage, large_items));
  const PageCost consistent(0.5, true);
  ReadBudget small(0.5);
  EXPECT_FALSE(small.TryTake(kWholePage, consistent));
}

}  // namespace
}  // namespace sumac::dynamodb
