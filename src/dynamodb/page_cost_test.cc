#include "dynamodb/page_cost.h"

#include <gtest/gtest.h>

namespace sumac::dynamodb {
namespace {

TEST(PageCostTest, OrdersWholePagesWithoutABound) {
  PageCost cost(0.1, false);
  EXPECT_EQ(cost.Order(std::nullopt).items_max, std::nullopt);
  EXPECT_DOUBLE_EQ(cost.Order(std::nullopt).units, kWholePageUnits);
  EXPECT_EQ(cost.Order(200.0).items_max, std::nullopt);
  // The table's pages turn out to be smaller.
  for (int i = 0; i < 30; ++i) cost.OnPage(100, 10, false);
  EXPECT_NEAR(cost.Order(std::nullopt).units, 10, 0.1);
}

TEST(PageCostTest, OrdersAsManyItemsAsFit) {
  PageCost cost(0.1, false);
  EXPECT_EQ(cost.Order(1.05).items_max, 10);
  EXPECT_DOUBLE_EQ(cost.Order(1.05).units, 1.0);
  // Consistent reads cost twice.
  EXPECT_EQ(PageCost(0.1, true).Order(1.05).items_max, 5);
  // One item at least, and half a unit at least.
  EXPECT_EQ(cost.Order(0.01).items_max, 1);
  EXPECT_DOUBLE_EQ(cost.Order(0.01).units, 0.5);
  EXPECT_EQ(PageCost(50, false).Order(1.0).items_max, 1);
  EXPECT_DOUBLE_EQ(PageCost(50, false).Order(1.0).units, 50);
  // Of unknown items few.
  EXPECT_EQ(PageCost(0, false).Order(2.0).items_max, 4);
}

TEST(PageCostTest, LearnsWhatItemsCost) {
  PageCost cost(0, false);
  for (int i = 0; i < 30; ++i) cost.OnPage(10, 0.5, true);
  EXPECT_EQ(cost.Order(1.01).items_max, 20);
  // A server that does not say what a page costs teaches nothing; nor does a page without items.
  cost.OnPage(10, 0, true);
  cost.OnPage(0, 0.5, true);
  EXPECT_EQ(cost.Order(1.01).items_max, 20);
}

}  // namespace
}  // namespace sumac::dynamodb
