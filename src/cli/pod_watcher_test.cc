#include "cli/pod_watcher.h"

#include <condition_variable>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

namespace sumac::cli {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;

TEST(Settling, WaitsUntilItIsQuietButNotForEver) {
  ManualClock clock;
  Settling settling(milliseconds(300), milliseconds(1000));
  const auto done = [&] { return settling.TakeDone(clock.MonotonicNow()); };
  const auto touch = [&] { settling.Touch(clock.MonotonicNow()); };
  EXPECT_FALSE(done());
  EXPECT_EQ(settling.due(), std::nullopt);
  touch();
  clock.Advance(milliseconds(299));
  EXPECT_FALSE(done());
  touch();
  clock.Advance(milliseconds(299));
  EXPECT_FALSE(done());
  clock.Advance(milliseconds(1));
  EXPECT_TRUE(done());
  EXPECT_FALSE(done());
  int touches = 0;
  for (; !done(); ++touches) {
    touch();
    clock.Advance(milliseconds(100));
  }
  EXPECT_EQ(touches, 10);
  EXPECT_EQ(settling.due(), std::nullopt);
}

class PodWatcherTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::path(testing::TempDir()) / ("sumac_watch_" + std::to_string(getpid()));
    fs::remove_all(folder_);
    fs::create_directories(folder_);
    Write("spicepod.yaml", "one");
    auto started = PodWatcher::Start({milliseconds(1), milliseconds(100)}, [this] {
      std::lock_guard lock(mutex_);
      ++changes_;
      changed_.notify_all();
    });
    ASSERT_TRUE(started.has_value()) << started.error().message;
    watcher_ = std::move(*started);
  }
  void TearDown() override {
    watcher_.reset();
    fs::remove_all(folder_);
  }

  void Write(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ / name) << text;
  }
  void Watch(const std::vector<std::string>& names,
             WallTime read_at = std::chrono::system_clock::now() + std::chrono::hours(1)) {
    std::vector<std::string> files;
    for (const auto& name : names) files.push_back((folder_ / name).string());
    ASSERT_TRUE(watcher_->Watch(files, read_at).has_value());
  }
  // Whether a change was told of since the last call; waits for one.
  bool Told() {
    std::unique_lock lock(mutex_);
    const bool told =
        changed_.wait_for(lock, std::chrono::seconds(10), [this] { return changes_ > 0; });
    changes_ = 0;
    return told;
  }

  fs::path folder_;
  std::mutex mutex_;
  std::condition_variable changed_;
  int changes_ = 0;  // guarded by mutex_
  std::unique_ptr<PodWatcher> watcher_;
};

TEST_F(PodWatcherTest, SeesEveryWayToChangeAFile) {
  Watch({"spicepod.yaml"});
  Write("spicepod.yaml", "two two");
  EXPECT_TRUE(Told());
  // As editors do.
  Write(".spicepod.yaml.swp", "three 3 three");
  fs::rename(folder_ / ".spicepod.yaml.swp", folder_ / "spicepod.yaml");
  EXPECT_TRUE(Told());
  fs::remove(folder_ / "spicepod.yaml");
  EXPECT_TRUE(Told());
  Write("spicepod.yaml", "four");
  EXPECT_TRUE(Told());
}

TEST_F(PodWatcherTest, SeesALinkThatIsTurned) {
  // As Kubernetes does.
  for (const char* version : {"v1", "v2"}) {
    fs::create_directories(folder_ / version);
    Write(std::string(version) + "/spicepod.yaml", version);
  }
  fs::remove(folder_ / "spicepod.yaml");
  fs::create_directory_symlink("v1", folder_ / "..data");
  fs::create_symlink("..data/spicepod.yaml", folder_ / "spicepod.yaml");
  Watch({"spicepod.yaml"});
  fs::create_directory_symlink("v2", folder_ / "..data_new");
  fs::rename(folder_ / "..data_new", folder_ / "..data");
  EXPECT_TRUE(Told());
  Write("v2/spicepod.yaml", "in the folder that the link leads to");
  EXPECT_TRUE(Told());
}

TEST_F(PodWatcherTest, SeesFilesAndFoldersThatCome) {
  Watch({"spicepod.yaml", "datasets/users/dataset.yaml"});
  fs::create_directories(folder_ / "datasets" / "users");
  Write("datasets/users/dataset.yaml", "from: dynamodb:users");
  EXPECT_TRUE(Told());
  Watch({"datasets/users/dataset.yaml"});
  fs::remove_all(folder_ / "datasets");
  EXPECT_TRUE(Told());
}

TEST_F(PodWatcherTest, TellsOfNothingElse) {
  Watch({"spicepod.yaml"});
  Write("other.txt", "other");
  fs::rename(folder_ / "other.txt", folder_ / "another.txt");
  // Had these been a change, there would be two.
  Write("spicepod.yaml", "a change");
  EXPECT_TRUE(Told());
  std::lock_guard lock(mutex_);
  EXPECT_EQ(changes_, 0);
}

TEST_F(PodWatcherTest, WhatWasWrittenSinceItWasReadIsAChange) {
  Watch({"spicepod.yaml"}, std::chrono::system_clock::now() - std::chrono::hours(1));
  EXPECT_TRUE(Told());
}

}  // namespace
}  // namespace sumac::cli
