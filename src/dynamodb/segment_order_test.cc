#include "dynamodb/segment_order.h"

#include <algorithm>
#include <set>
#include <vector>

#include <gtest/gtest.h>

namespace sumac::dynamodb {
namespace {

std::vector<int> OrderOf(int total) {
  std::vector<int> order;
  for (SegmentOrder segments(total); !segments.AtEnd();) order.push_back(segments.Next());
  return order;
}

TEST(SegmentOrderTest, ComesByEachOnce) {
  for (int total = 1; total <= 600; ++total) {
    auto order = OrderOf(total);
    EXPECT_EQ(std::set<int>(order.begin(), order.end()).size(), static_cast<size_t>(total));
    EXPECT_EQ(order.size(), static_cast<size_t>(total));
  }
  EXPECT_EQ(OrderOf(1'000'000).size(), 1'000'000u);
}

// Of any 16 in a row, no two are in the same 64th of the table, and none of its quarters has more
// than 6.
TEST(SegmentOrderTest, SpreadsWhatIsBegunTogether) {
  for (const int total : {64, 100, 250, 256, 1'000, 1'024, 4'096, 6'553}) {
    const auto order = OrderOf(total);
    for (size_t first = 0; first + 16 <= order.size(); ++first) {
      std::vector<double> places;
      std::vector<int> quarters(4);
      for (size_t i = first; i < first + 16; ++i) {
        places.push_back(static_cast<double>(order[i]) / total);
        ++quarters[static_cast<size_t>(places.back() * 4)];
      }
      std::sort(places.begin(), places.end());
      for (size_t i = 1; i < places.size(); ++i) {
        ASSERT_GE(places[i] - places[i - 1], 1.0 / 64) << total << " at " << first;
      }
      ASSERT_LE(*std::max_element(quarters.begin(), quarters.end()), 6) << total;
    }
  }
}

}  // namespace
}  // namespace sumac::dynamodb
