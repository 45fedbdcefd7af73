#include "dynamodb/stored_pages.h"

#include <csignal>
#include <random>
#include <set>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

namespace sumac::dynamodb {
namespace {

using testing::HasSubstr;

bool Never() {
  return false;
}

// Some compress well and some not at all; of any size from nothing.
Page MakePage(uint64_t number, std::mt19937_64& random) {
  Page page;
  const size_t size = number % 7 == 0 ? 0 : random() % 20'000;
  std::string body = std::to_string(number) + ":";
  for (size_t i = 0; i < size; ++i) {
    body += number % 2 == 0 ? 'a' : static_cast<char>(random());
  }
  page.body = body;
  page.count = number;
  page.scanned_count = number + 1;
  page.bytes_on_wire = number + 2;
  return page;
}

// Whatever fits into memory and whatever does not, every page comes out once as it was.
TEST(StoredPagesTest, GivesEveryPageBackOnce) {
  for (const uint64_t memory_bytes_max : {0ULL, 1ULL, 30'000ULL, 1ULL << 30}) {
    SCOPED_TRACE(memory_bytes_max);
    constexpr uint64_t kPages = 200;
    std::mt19937_64 random(memory_bytes_max + 1);
    std::vector<Page> pages;
    for (uint64_t i = 0; i < kPages; ++i) pages.push_back(MakePage(i, random));
    StoredPagesOptions options;
    options.memory_bytes_max = memory_bytes_max;
    options.temporary_directory = testing::TempDir();
    StoredPages stored(options);
    std::vector<std::thread> threads;
    for (size_t worker = 0; worker < 3; ++worker) {
      threads.emplace_back([&, worker] {
        for (size_t i = worker; i < kPages; i += 3) ASSERT_TRUE(stored.Add(pages[i]));
      });
    }
    for (auto& thread : threads) thread.join();
    threads.clear();
    EXPECT_LE(stored.MemoryBytes(), memory_bytes_max);
    EXPECT_EQ(stored.FileBytes() == 0, memory_bytes_max == 1ULL << 30);

    std::mutex mutex;
    std::set<uint64_t> seen;
    for (size_t worker = 0; worker < 3; ++worker) {
      threads.emplace_back([&] {
        while (true) {
          auto page = stored.Next(Never);
          ASSERT_TRUE(page) << page.error().message;
          if (!*page) return;
          EXPECT_EQ((*page)->body, pages.at((*page)->count).body);
          EXPECT_EQ((*page)->scanned_count, (*page)->count + 1);
          EXPECT_EQ((*page)->bytes_on_wire, (*page)->count + 2);
          std::lock_guard lock(mutex);
          EXPECT_TRUE(seen.insert((*page)->count).second);
        }
      });
    }
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(seen.size(), kPages);
    EXPECT_EQ(stored.Statistics().pages, kPages);
    EXPECT_EQ(stored.Statistics().items, kPages * (kPages - 1) / 2);
    EXPECT_EQ(stored.Statistics().bytes_on_wire, kPages * (kPages - 1) / 2 + 2 * kPages);
    EXPECT_EQ(stored.MemoryBytes() + stored.FileBytes(), 0u);
  }
}

TEST(StoredPagesTest, CompressesWhatItKeeps) {
  StoredPages stored({});
  Page page;
  for (int i = 0; i < 10'000; ++i) {
    page.body.Append(R"({"id":{"N":")" + std::to_string(i) + "\"}},");
  }
  ASSERT_TRUE(stored.Add(page));
  EXPECT_LT(stored.MemoryBytes(), page.body.size() / 4);
}

TEST(StoredPagesTest, SaysWhenItCannotWrite) {
  StoredPagesOptions options;
  options.memory_bytes_max = 0;
  options.temporary_directory = "/nonexistent/folder";
  StoredPages nowhere(options);
  Page page;
  page.body = "{}";
  const auto failed = nowhere.Add(page);
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code, ErrorCode::kResourceExhausted);
  EXPECT_THAT(failed.error().message, HasSubstr("'/nonexistent/folder'"));
  EXPECT_THAT(failed.error().message, HasSubstr("No such file or directory"));
  EXPECT_THAT(failed.error().message, HasSubstr("TMPDIR"));
}

// A bound on the size of files stands for a full disk.
TEST(StoredPagesTest, SaysWhenThereIsNoRoom) {
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  rlimit small = before;
  small.rlim_cur = 1'000;
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &small), 0);
  StoredPagesOptions options;
  options.memory_bytes_max = 0;
  options.temporary_directory = testing::TempDir();
  StoredPages stored(options);
  std::mt19937_64 random(1);
  Page page;
  std::string body;
  for (int i = 0; i < 5'000; ++i) body += static_cast<char>(random());
  page.body = body;
  const auto failed = stored.Add(page);
  setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, handler);
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code, ErrorCode::kResourceExhausted);
  EXPECT_THAT(failed.error().message, HasSubstr("File too large"));
}

TEST(StoredPagesTest, ACancelledSourceSaysSo) {
  StoredPages stored({});
  Page page;
  page.body = "{}";
  ASSERT_TRUE(stored.Add(page));
  stored.Cancel();
  stored.Cancel();
  const auto next = stored.Next(Never);
  ASSERT_FALSE(next);
  EXPECT_EQ(next.error().code, ErrorCode::kCancelled);
  EXPECT_EQ(stored.MemoryBytes(), 0u);
}

}  // namespace
}  // namespace sumac::dynamodb
