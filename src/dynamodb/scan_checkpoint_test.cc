#include "dynamodb/scan_checkpoint.h"

#include <csignal>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <thread>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace sumac::dynamodb {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

bool Never() {
  return false;
}

constexpr int kSegments = 4;
constexpr uint64_t kPagesOfSegment = 5;

// The page's items say which it is. Every fifth is empty.
Page MakePage(int segment, uint64_t number) {
  Page page;
  page.segment = segment;
  page.page_of_segment = number;
  if (number + 1 < kPagesOfSegment) page.last_evaluated_key = "key " + std::to_string(number);
  page.count = number % 5 == 3 ? 0 : 1;
  page.scanned_count = 7;
  page.bytes_on_wire = 3;
  page.consumed_read_units = 0.5;
  page.body = std::to_string(segment) + "/" + std::to_string(number) + std::string(20, 'x');
  return page;
}

class ScanCheckpointTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = testing::TempDir() + "scan_checkpoint_XXXXXX";
    ASSERT_NE(mkdtemp(folder_.data()), nullptr);
    options_.path = folder_ + "/users.checkpoint";
    options_.identity = {{"table", "users"}, {"region", "us-west-2"}};
    options_.total_segments = kSegments;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  Result<std::unique_ptr<ScanCheckpoint>> Open() const {
    return ScanCheckpoint::Open(options_, clock_, nullptr);
  }
  std::unique_ptr<ScanCheckpoint> MustOpen() const {
    auto opened = Open();
    EXPECT_TRUE(opened) << opened.error().message;
    return *std::move(opened);
  }

  // Keeps `pages` more, of all segments in turn, from where the checkpoint goes on.
  static void AddPages(ScanCheckpoint& checkpoint, size_t pages) {
    std::map<int, uint64_t> next;
    for (const auto& segment : checkpoint.resumption().segments) {
      next[segment.number] = segment.pages;
    }
    for (uint64_t number = 0; number < kPagesOfSegment; ++number) {
      for (int segment = 0; segment < kSegments && pages > 0; ++segment) {
        if (number < next[segment]) continue;
        ASSERT_TRUE(checkpoint.Add(MakePage(segment, number)));
        --pages;
      }
    }
  }

  // Reads all pages, each of which has to be as it was added, and come once.
  static size_t CheckPages(const ScanCheckpoint& checkpoint) {
    const auto source = checkpoint.Pages();
    std::set<std::string> bodies;
    while (true) {
      const auto page = source->Next(Never);
      EXPECT_TRUE(page) << page.error().message;
      if (!page || !*page) break;
      const auto expected = MakePage((*page)->segment, (*page)->page_of_segment);
      EXPECT_EQ((*page)->body, expected.body);
      EXPECT_EQ((*page)->count, 1u);
      EXPECT_EQ((*page)->scanned_count, 7u);
      EXPECT_EQ((*page)->bytes_on_wire, 3u);
      EXPECT_EQ((*page)->consumed_read_units, 0.5);
      EXPECT_TRUE(bodies.emplace((*page)->body.view()).second);
    }
    EXPECT_EQ(source->Statistics().pages, bodies.size());
    EXPECT_EQ(source->Progress().fraction, 1.0);
    return bodies.size();
  }

  std::string ReadFile() const {
    std::ifstream file(options_.path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  void WriteFile(const std::string& bytes) const {
    std::ofstream(options_.path, std::ios::binary | std::ios::trunc) << bytes;
  }

  // Opens what a process has left, goes on to the end, and reads it again.
  void GoOnToTheEnd() const {
    {
      const auto checkpoint = MustOpen();
      EXPECT_LE(CheckPages(*checkpoint), checkpoint->kept().pages);
      AddPages(*checkpoint, 1'000);
      EXPECT_EQ(CheckPages(*checkpoint), 16u);
    }
    const auto checkpoint = MustOpen();
    EXPECT_EQ(checkpoint->kept().pages, 20u);
    EXPECT_EQ(CheckPages(*checkpoint), 16u);
    for (const auto& segment : checkpoint->resumption().segments) EXPECT_TRUE(segment.ended);
  }

  ManualClock clock_{WallTime(std::chrono::hours(500'000))};
  std::string folder_;
  ScanCheckpointOptions options_;
};

TEST_F(ScanCheckpointTest, AnotherProcessGoesOn) {
  const auto begun_at = clock_.WallNow();
  {
    const auto checkpoint = MustOpen();
    EXPECT_EQ(checkpoint->kept().pages, 0u);
    EXPECT_THAT(checkpoint->dropped_because(), IsEmpty());
    EXPECT_EQ(checkpoint->total_segments(), kSegments);
    EXPECT_EQ(checkpoint->started_at(), begun_at);
    AddPages(*checkpoint, 10);
  }
  clock_.Advance(std::chrono::hours(23));
  options_.total_segments = 99;
  {
    const auto checkpoint = MustOpen();
    EXPECT_EQ(checkpoint->kept().pages, 10u);
    EXPECT_EQ(checkpoint->kept().items, 10u);
    EXPECT_GT(checkpoint->kept().body_bytes, 200u);
    EXPECT_EQ(checkpoint->total_segments(), kSegments);
    EXPECT_EQ(checkpoint->started_at(), begun_at);
    const auto& segments = checkpoint->resumption().segments;
    ASSERT_EQ(segments.size(), 4u);
    EXPECT_EQ(segments[0].pages, 3u);
    EXPECT_EQ(segments[0].start_key, "key 2");
    EXPECT_FALSE(segments[0].ended);
    EXPECT_EQ(segments[3].pages, 2u);
    EXPECT_EQ(checkpoint->resumption().items_scanned, 70u);
  }
  GoOnToTheEnd();
  struct stat status {};
  ASSERT_EQ(stat(options_.path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
}

TEST_F(ScanCheckpointTest, SeveralThreadsKeepAndTakePages) {
  const auto checkpoint = MustOpen();
  std::vector<std::thread> threads;
  for (int segment = 0; segment < kSegments; ++segment) {
    threads.emplace_back([&, segment] {
      for (uint64_t i = 0; i < kPagesOfSegment; ++i) {
        ASSERT_TRUE(checkpoint->Add(MakePage(segment, i)));
      }
    });
  }
  for (auto& thread : threads) thread.join();
  threads.clear();
  std::atomic<int> pages = 0;
  const auto source = checkpoint->Pages();
  for (int i = 0; i < 3; ++i) {
    threads.emplace_back([&] {
      while (source->Next(Never).value()) ++pages;
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(pages, 16);
}

// Whatever part of the file there is, what is whole of it counts and the rest is read again.
TEST_F(ScanCheckpointTest, AFileThatEndsAnywhere) {
  uint64_t header_bytes = 0;
  {
    const auto checkpoint = MustOpen();
    header_bytes = ReadFile().size();
    AddPages(*checkpoint, 6);
  }
  const auto whole = ReadFile();
  uint64_t pages = 0;
  for (size_t size = 0; size <= whole.size(); ++size) {
    SCOPED_TRACE(size);
    WriteFile(whole.substr(0, size));
    const auto checkpoint = MustOpen();
    EXPECT_EQ(checkpoint->dropped_because().empty(), size == 0 || size >= header_bytes);
    EXPECT_GE(checkpoint->kept().pages, pages);
    EXPECT_LE(checkpoint->kept().pages, pages + 1);
    pages = checkpoint->kept().pages;
    EXPECT_EQ(CheckPages(*checkpoint), pages);
  }
  EXPECT_EQ(pages, 6u);
  for (const size_t size : {whole.size() - 1, whole.size() / 2, size_t{3}}) {
    WriteFile(whole.substr(0, size));
    GoOnToTheEnd();
  }
}

TEST_F(ScanCheckpointTest, AnyByteThatIsNotAsItWas) {
  {
    const auto checkpoint = MustOpen();
    AddPages(*checkpoint, 4);
  }
  const auto whole = ReadFile();
  for (size_t at = 0; at < whole.size(); ++at) {
    SCOPED_TRACE(at);
    auto flipped = whole;
    flipped[at] = static_cast<char>(flipped[at] ^ (1 << at % 8));
    WriteFile(flipped);
    const auto checkpoint = MustOpen();
    EXPECT_LT(checkpoint->kept().pages, 4u);
    EXPECT_EQ(CheckPages(*checkpoint), checkpoint->kept().pages);
  }
  auto flipped = whole;
  flipped[whole.size() / 2] = static_cast<char>(~flipped[whole.size() / 2]);
  WriteFile(flipped);
  GoOnToTheEnd();
}

TEST_F(ScanCheckpointTest, WhatIsOfAnotherScanIsDropped) {
  const auto options = options_;
  const std::pair<std::map<std::string, std::string>, const char*> others[] = {
      {{{"table", "orders"}, {"region", "us-west-2"}}, "it is of another table"},
      {{{"table", "users"}, {"region", "eu-west-1"}}, "it is of another region"},
      {{{"table", "users"}, {"region", "us-west-2"}, {"keys", "id"}}, "it is of another keys"},
      {{{"table", "users"}}, "it is of another scan"},
  };
  for (const auto& [identity, why] : others) {
    options_ = options;
    AddPages(*MustOpen(), 6);
    options_.identity = identity;
    options_.total_segments = 2;
    EXPECT_EQ(MustOpen()->dropped_because(), why);
    const auto checkpoint = MustOpen();
    EXPECT_EQ(checkpoint->kept().pages, 0u);
    EXPECT_THAT(checkpoint->dropped_because(), IsEmpty());
    EXPECT_EQ(checkpoint->total_segments(), 2);
  }
}

TEST_F(ScanCheckpointTest, WhatIsADayOldIsDropped) {
  AddPages(*MustOpen(), 6);
  clock_.Advance(std::chrono::hours(24) - std::chrono::milliseconds(1));
  EXPECT_EQ(MustOpen()->kept().pages, 6u);
  clock_.Advance(std::chrono::milliseconds(1));
  const auto checkpoint = MustOpen();
  EXPECT_THAT(checkpoint->dropped_because(), HasSubstr("24 hours ago"));
  EXPECT_EQ(checkpoint->kept().pages, 0u);
  EXPECT_EQ(checkpoint->started_at(), clock_.WallNow());
}

TEST_F(ScanCheckpointTest, WhatIsYetToComeIsDropped) {
  AddPages(*MustOpen(), 6);
  clock_.Advance(-std::chrono::hours(1));
  EXPECT_EQ(MustOpen()->kept().pages, 6u);
  clock_.Advance(-std::chrono::milliseconds(1));
  EXPECT_THAT(MustOpen()->dropped_because(), HasSubstr("yet to come"));
}

TEST_F(ScanCheckpointTest, AFileOfSomethingElseIsDropped) {
  WriteFile(std::string(10'000, '\xff'));
  EXPECT_THAT(MustOpen()->dropped_because(), HasSubstr("beginning is not whole"));
  GoOnToTheEnd();
}

TEST_F(ScanCheckpointTest, BelongsToOneAtATime) {
  AddPages(*MustOpen(), 6);
  const auto before = ReadFile();
  const int descriptor = open(options_.path.c_str(), O_RDWR | O_CLOEXEC);
  ASSERT_EQ(flock(descriptor, LOCK_EX | LOCK_NB), 0);
  const auto refused = Open();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kUnavailable);
  EXPECT_THAT(refused.error().message, HasSubstr("in use by another process"));
  EXPECT_EQ(ReadFile(), before);
  close(descriptor);
  auto checkpoint = MustOpen();
  EXPECT_FALSE(Open());
  // A source has it until its last page is taken.
  const auto source = checkpoint->Pages();
  checkpoint.reset();
  EXPECT_FALSE(Open());
  for (int i = 0; i < 6; ++i) ASSERT_TRUE(source->Next(Never).value());
  EXPECT_TRUE(Open());
  EXPECT_FALSE(source->Next(Never).value());
}

TEST_F(ScanCheckpointTest, ACancelledSourceLetsTheFileGo) {
  auto checkpoint = MustOpen();
  AddPages(*checkpoint, 6);
  const auto source = checkpoint->Pages();
  checkpoint.reset();
  source->Cancel();
  EXPECT_EQ(source->Next(Never).error().code, ErrorCode::kCancelled);
  EXPECT_TRUE(Open());
}

TEST_F(ScanCheckpointTest, AFileThatIsRemovedIsMadeAnew) {
  const auto checkpoint = MustOpen();
  AddPages(*checkpoint, 6);
  std::filesystem::remove(options_.path);
  EXPECT_EQ(MustOpen()->kept().pages, 0u);
  EXPECT_EQ(CheckPages(*checkpoint), 6u);
}

TEST_F(ScanCheckpointTest, WhereNoFileCanBe) {
  const auto path = options_.path;
  std::filesystem::create_directory(folder_ + "/folder");
  std::filesystem::create_symlink(folder_ + "/elsewhere", folder_ + "/link");
  ASSERT_EQ(mkfifo((folder_ + "/pipe").c_str(), 0600), 0);
  for (const std::string& nowhere :
       {std::string("/nonexistent/folder/users"), std::string("/proc/users"), folder_ + "/folder",
        folder_ + "/link", folder_ + "/pipe"}) {
    options_.path = nowhere;
    const auto refused = Open();
    ASSERT_FALSE(refused) << nowhere;
    EXPECT_EQ(refused.error().code, ErrorCode::kUnavailable);
    EXPECT_THAT(refused.error().message, HasSubstr("'" + nowhere + "'"));
  }
  EXPECT_FALSE(std::filesystem::exists(folder_ + "/elsewhere"));
}

// A bound on the size of files stands for a full disk.
TEST_F(ScanCheckpointTest, GoesOnOnceThereIsRoom) {
  auto checkpoint = MustOpen();
  AddPages(*checkpoint, 6);
  const auto size = ReadFile().size();
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  rlimit small = before;
  small.rlim_cur = size + 5;
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &small), 0);
  const auto failed = checkpoint->Add(MakePage(2, 1));
  const auto again = checkpoint->Add(MakePage(3, 1));
  const auto on_disk = ReadFile().size();
  checkpoint.reset();
  auto reopened = Open();
  setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, handler);
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code, ErrorCode::kResourceExhausted);
  EXPECT_THAT(failed.error().message, HasSubstr(options_.path + "': File too large; make room"));
  EXPECT_FALSE(again);
  EXPECT_EQ(on_disk, size);
  // Where there is still no room for the least, it says so as well, and loses nothing.
  ASSERT_TRUE(reopened || reopened.error().code == ErrorCode::kResourceExhausted);
  if (reopened) reopened->reset();
  GoOnToTheEnd();
}

TEST_F(ScanCheckpointTest, APageThatIsLostIsAnError) {
  auto checkpoint = MustOpen();
  AddPages(*checkpoint, 6);
  const auto source = checkpoint->Pages();
  std::filesystem::resize_file(options_.path, 300);
  Result<std::optional<Page>> page;
  do {
    page = source->Next(Never);
  } while (page && *page);
  ASSERT_FALSE(page);
  EXPECT_EQ(page.error().code, ErrorCode::kInternal);
  EXPECT_EQ(source->Next(Never).error().code, ErrorCode::kInternal);
  ASSERT_TRUE(checkpoint->StartAnew(clock_.WallNow()));
  EXPECT_THAT(checkpoint->resumption().segments, IsEmpty());
  checkpoint.reset();
  GoOnToTheEnd();
}

TEST_F(ScanCheckpointTest, EndsWhenCancelled) {
  AddPages(*MustOpen(), 6);
  const std::atomic<bool> cancelled = true;
  const auto opened = ScanCheckpoint::Open(options_, clock_, &cancelled);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, ErrorCode::kCancelled);
  EXPECT_EQ(MustOpen()->kept().pages, 6u);
}

// A process that is killed while it keeps pages loses none that it has kept.
TEST_F(ScanCheckpointTest, SurvivesItsProcess) {
  for (size_t pages = 1; pages < 20; pages += 3) {
    SCOPED_TRACE(pages);
    std::filesystem::remove(options_.path);
    int kept_pipe[2];
    ASSERT_EQ(pipe(kept_pipe), 0);
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      auto checkpoint = Open();
      for (uint64_t i = 0; checkpoint; i = (i + 1) % (kSegments * kPagesOfSegment)) {
        const auto page = MakePage(static_cast<int>(i % kSegments), i / kSegments);
        if (!(*checkpoint)->Add(page) || write(kept_pipe[1], "x", 1) != 1) break;
      }
      _exit(1);
    }
    close(kept_pipe[1]);
    char byte = 0;
    for (size_t i = 0; i < pages; ++i) ASSERT_EQ(read(kept_pipe[0], &byte, 1), 1);
    kill(child, SIGKILL);
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    EXPECT_EQ(WTERMSIG(status), SIGKILL);
    close(kept_pipe[0]);
    const auto kept = MustOpen()->kept().pages;
    EXPECT_GE(kept, pages);
    GoOnToTheEnd();
  }
}

}  // namespace
}  // namespace sumac::dynamodb
