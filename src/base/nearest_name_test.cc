#include "base/nearest_name.h"

#include <gtest/gtest.h>

namespace sumac {
namespace {

const std::vector<std::string> kNames = {"datasets", "views", "runtime", "secrets"};

TEST(NearestName, FindsSlips) {
  EXPECT_EQ(NearestName("dataset", kNames), "datasets");
  EXPECT_EQ(NearestName("Runtime", kNames), "runtime");
  EXPECT_EQ(NearestName("veiws", kNames), "views");
  EXPECT_EQ(NearestName("sercets", kNames), "secrets");
}

TEST(NearestName, IsSilentWhenNothingIsClose) {
  EXPECT_EQ(NearestName("kubernetes", kNames), std::nullopt);
  EXPECT_EQ(NearestName("", kNames), std::nullopt);
  EXPECT_EQ(NearestName("views", {}), std::nullopt);
}

}  // namespace
}  // namespace sumac
