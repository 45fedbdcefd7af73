#include "engine/task_loop.h"

#include <gtest/gtest.h>

namespace sumac::engine {
namespace {

using std::chrono::microseconds;

TEST(IdlePauseTest, GrowsWithTheWait) {
  const std::pair<int, int> cases[] = {
      {0, 0}, {99, 0}, {100, 6}, {1'600, 100}, {4'000, 250}, {16'000, 1'000}, {60'000'000, 1'000},
  };
  for (const auto& [waited, pause] : cases) {
    EXPECT_EQ(IdlePause::PauseAfter(microseconds(waited)), microseconds(pause)) << waited;
  }
}

}  // namespace
}  // namespace sumac::engine
