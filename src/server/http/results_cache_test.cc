#include "server/http/results_cache.h"

#include <fstream>
#include <map>
#include <regex>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "server/http/results_cache_metrics.h"

namespace sumac::server {
namespace {

using std::chrono::milliseconds;

HttpReply Answer(const std::string& body) {
  HttpReply answer;
  answer.content_type = "text/csv";
  answer.body = body;
  answer.headers.emplace_back("Sumac-Warnings", "2");
  return answer;
}

// Bytes of an entry with a key of one byte and an empty body.
constexpr uint64_t kBareBytes = ResultsCache::kEntryOverheadBytes + 1 + 8 + 14 + 1;

class ResultsCacheTest : public testing::Test {
 protected:
  void Make(uint64_t max_size_bytes, milliseconds item_ttl = milliseconds(1000)) {
    cache_ = std::make_unique<ResultsCache>(ResultsCacheOptions{max_size_bytes, item_ttl}, clock_,
                                            &metrics_);
  }
  void SetUp() override { Make(1 << 20); }

  std::string Find(const std::string& key, uint64_t data_version = 1) {
    const auto found = cache_->Find(key, data_version);
    return found ? found->body : "nothing";
  }
  void Put(const std::string& key, const std::string& body, uint64_t data_version = 1) {
    cache_->Put(key, data_version, Answer(body));
  }

  std::shared_ptr<ManualClock> clock_ = std::make_shared<ManualClock>();
  Metrics metrics_;
  std::unique_ptr<ResultsCache> cache_;
};

TEST_F(ResultsCacheTest, GivesBackWhatWasPut) {
  EXPECT_EQ(Find("a"), "nothing");
  Put("a", "one");
  const auto found = cache_->Find("a", 1);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->status, 200);
  EXPECT_EQ(found->body, "one");
  EXPECT_EQ(found->content_type, "text/csv");
  EXPECT_EQ(found->headers, Answer("").headers);
  EXPECT_EQ(Find("b"), "nothing");
  Put("a", "another");
  EXPECT_EQ(Find("a"), "another");
  EXPECT_EQ(found->body, "one");
  EXPECT_EQ(cache_->Statistics(), (ResultsCacheStatistics{2, 2, 0, 1, kBareBytes + 7}));
}

TEST_F(ResultsCacheTest, ForgetsWhatIsOld) {
  Put("a", "one");
  clock_->Advance(milliseconds(600));
  Put("b", "two");
  clock_->Advance(milliseconds(399));
  EXPECT_EQ(Find("a"), "one");
  clock_->Advance(milliseconds(1));
  // Its use has not made it younger.
  EXPECT_EQ(Find("a"), "nothing");
  EXPECT_EQ(Find("b"), "two");
  // What nobody looks for goes too.
  clock_->Advance(milliseconds(600));
  EXPECT_EQ(Find("c"), "nothing");
  EXPECT_EQ(cache_->Statistics(), (ResultsCacheStatistics{2, 2, 0, 0, 0}));
}

TEST_F(ResultsCacheTest, APutMakesAnEntryYoung) {
  Put("a", "one");
  clock_->Advance(milliseconds(600));
  Put("a", "two");
  clock_->Advance(milliseconds(600));
  EXPECT_EQ(Find("a"), "two");
}

TEST_F(ResultsCacheTest, WithoutATimeToLiveNothingIsFound) {
  Make(1 << 20, milliseconds(0));
  Put("a", "one");
  EXPECT_EQ(Find("a"), "nothing");
}

TEST_F(ResultsCacheTest, ForgetsWhatIsOfOtherData) {
  Put("a", "one");
  Put("b", "two");
  EXPECT_EQ(Find("a", 2), "nothing");
  EXPECT_EQ(Find("a", 1), "nothing");
  EXPECT_EQ(cache_->Statistics().items, 0u);
  // A query that began before the data changed has nothing to keep.
  Put("a", "of before", 1);
  EXPECT_EQ(Find("a", 2), "nothing");
  EXPECT_EQ(cache_->Statistics().items, 0u);
  Put("a", "of now", 2);
  EXPECT_EQ(Find("a", 2), "of now");
  // One who has not heard of the change neither finds anything nor takes it away.
  EXPECT_EQ(Find("a", 1), "nothing");
  EXPECT_EQ(Find("a", 2), "of now");
}

TEST_F(ResultsCacheTest, MakesRoomByWhatWasUsedLongestAgo) {
  // Eight of them, and not a byte more.
  Make(8 * (kBareBytes + 10));
  for (const char* key : {"a", "b", "c", "d", "e", "f", "g", "h"}) Put(key, "0123456789");
  EXPECT_EQ(cache_->Statistics().items, 8u);
  EXPECT_EQ(cache_->Statistics().size_bytes, 8 * (kBareBytes + 10));
  EXPECT_EQ(Find("a"), "0123456789");
  Put("i", "");
  EXPECT_EQ(Find("b"), "nothing");
  EXPECT_EQ(Find("a"), "0123456789");
  EXPECT_EQ(Find("c"), "0123456789");
  EXPECT_EQ(cache_->Statistics().evictions, 1u);
  // The new entry is smaller than what it took the place of, so this one fits.
  Put("i", "0123456789");
  EXPECT_EQ(cache_->Statistics().evictions, 1u);
  EXPECT_EQ(cache_->Statistics().items, 8u);
}

TEST_F(ResultsCacheTest, OneEntryTakesAnEighthAtMost) {
  Make(8 * (kBareBytes + 10));
  EXPECT_EQ(cache_->entry_bytes_max(), kBareBytes + 10);
  Put("a", "01234567890");
  EXPECT_EQ(Find("a"), "nothing");
  Put("bb", "0123456789");
  EXPECT_EQ(Find("bb"), "nothing");
  Put("a", "0123456789");
  EXPECT_EQ(Find("a"), "0123456789");
  Make(0);
  Put("a", "");
  EXPECT_EQ(Find("a"), "nothing");
}

TEST_F(ResultsCacheTest, CountsInMetrics) {
  Put("a", "one");
  Find("a");
  Find("a");
  Find("b");
  const std::string text = metrics_.Text();
  for (const char* line : {"results_cache_requests 3", "results_cache_hits 2",
                           "results_cache_misses 1", "results_cache_evictions 0",
                           "results_cache_items_count 1", "results_cache_max_size_bytes 1048576"}) {
    EXPECT_NE(text.find(std::string("\n") + line + "\n"), std::string::npos) << line << "\n"
                                                                             << text;
  }
  const std::string size = "\nresults_cache_size_bytes " + std::to_string(kBareBytes + 3) + "\n";
  EXPECT_NE(text.find(size), std::string::npos) << text;
  EXPECT_NE(text.find("\nresults_cache_hit_ratio 0.666"), std::string::npos) << text;
}

TEST_F(ResultsCacheTest, ServesManyThreads) {
  Make(20 * (kBareBytes + 1000));
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 2000; ++i) {
        const std::string key(1, static_cast<char>('a' + (i * (t + 1)) % 26));
        const auto version = static_cast<uint64_t>(i / 500);
        if (const auto found = cache_->Find(key, version)) {
          EXPECT_EQ(found->body, std::string(1000, key[0]));
        } else {
          cache_->Put(key, version, Answer(std::string(1000, key[0])));
        }
      }
    });
  }
  for (auto& thread : threads) thread.join();
  const auto statistics = cache_->Statistics();
  EXPECT_EQ(statistics.hits + statistics.misses, 8000u);
  EXPECT_LE(statistics.items, 20u);
  EXPECT_EQ(statistics.size_bytes, statistics.items * (kBareBytes + 1000));
}

TEST(ResultsCacheMetrics, AreThoseOfTheDocumentation) {
  std::ifstream file(std::string(SUMAC_SOURCE_DIR) + "/docs/metrics.md");
  ASSERT_TRUE(file.is_open());
  const std::regex row(R"(\| `(results_cache_[a-z_]+)` \| (counter|gauge) \| *\|.*)");
  std::map<std::string, bool> documented;  // whether it is a counter
  std::string line;
  std::smatch match;
  while (std::getline(file, line)) {
    if (std::regex_match(line, match, row)) documented[match[1]] = match[2] == "counter";
  }
  std::map<std::string, bool> defined;
  for (const auto* metric : AllResultsCacheMetrics()) {
    defined[metric->name] = metric->kind == MetricDefinition::Kind::kCounter;
  }
  EXPECT_EQ(documented, defined);
}

}  // namespace
}  // namespace sumac::server
