#include "base/background_thread.h"

#include <atomic>
#include <cstdlib>
#include <future>
#include <thread>

#include <gtest/gtest.h>

namespace sumac {
namespace {

TEST(BackgroundThreadTest, TheOwnerWaits) {
  std::atomic<bool> ran = false;
  {
    BackgroundThread thread([&] { ran = true; }, [] {});
    EXPECT_FALSE(thread.IsThisThread());
  }
  EXPECT_TRUE(ran);
}

// The owner ends on its own thread, again and again: each goes on to its end.
TEST(BackgroundThreadTest, AnOwnerMayEndOnItsOwnThread) {
  for (int i = 0; i < 20; ++i) {
    auto owned = std::make_shared<std::promise<void>>();
    auto left = std::make_shared<std::promise<bool>>();
    auto owner = std::make_shared<BackgroundThread>();
    *owner = BackgroundThread(
        [held = owner, owned, left]() mutable {
          owned->get_future().wait();
          const bool last = held.use_count() == 1;
          held.reset();
          left->set_value(last);
        },
        [] {});
    owner.reset();
    owned->set_value();
    EXPECT_TRUE(left->get_future().get());
  }
}

std::atomic<bool> told = false;
std::atomic<bool> ended = false;

// Exits while a thread runs that owns itself, and looks whether it was told and had ended before
// what was registered earlier is cleaned up.
void ExitWithAThread() {
  std::atexit([] { std::_Exit(told && ended ? 7 : 8); });
  BackgroundThread::EndBeforeLibraries();
  auto owner = std::make_shared<BackgroundThread>();
  *owner = BackgroundThread(
      [held = owner]() mutable {
        while (!told) std::this_thread::yield();
        held.reset();
        ended = true;
      },
      [] { told = true; });
  owner.reset();
  std::exit(0);
}

TEST(BackgroundThreadTest, TheProcessWaitsAtItsExit) {
  // A process of its own: the threads of other tests are not in a copy of this one.
  testing::FLAGS_gtest_death_test_style = "threadsafe";
  EXPECT_EXIT(ExitWithAThread(), testing::ExitedWithCode(7), "");
}

}  // namespace
}  // namespace sumac
