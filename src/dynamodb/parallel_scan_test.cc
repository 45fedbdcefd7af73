#include "dynamodb/parallel_scan.h"

#include <atomic>
#include <map>
#include <random>
#include <set>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <simdjson.h>

#include "aws/credentials/credentials_cache.h"
#include "net/fake_transport.h"

namespace sumac::dynamodb {
namespace {

bool Never() {
  return false;
}

// A table of segments of pages; each page is known by its number, and may be empty and go on. Says
// what it was asked for, and what was ever under way at once.
class FakeTable {
 public:
  FakeTable(uint64_t seed, int segments) {
    std::mt19937_64 random(seed);
    for (int segment = 0; segment < segments; ++segment) {
      const size_t pages = 1 + random() % 12;
      for (size_t i = 0; i < pages; ++i) items_[segment].push_back(random() % 4);
    }
  }

  uint64_t Items() const {
    uint64_t items = 0;
    for (const auto& [segment, pages] : items_) {
      for (const auto count : pages) items += count;
    }
    return items;
  }

  uint64_t Pages() const {
    uint64_t total = 0;
    for (const auto& [segment, pages] : items_) total += pages.size();
    return total;
  }

  size_t Asked() const { return asked_.size(); }
  void ForgetRequests() { asked_.clear(); }

  // Answers a Scan; every page only once.
  net::HttpResponse Answer(const std::string& body) {
    simdjson::dom::parser parser;
    const simdjson::dom::element request = parser.parse(body);
    uint64_t segment = 0;
    std::string_view start;
    // One segment is asked for without saying so.
    if (request["Segment"].get(segment) != simdjson::SUCCESS) segment = 0;
    size_t page = 0;
    if (request["ExclusiveStartKey"]["id"]["S"].get(start) == simdjson::SUCCESS) {
      page = static_cast<size_t>(std::stoul(std::string(start)));
    }
    const auto& pages = items_.at(static_cast<int>(segment));
    EXPECT_TRUE(asked_.insert({static_cast<int>(segment), page}).second) << "asked twice: " << body;
    net::HttpResponse response;
    response.status = 200;
    const std::string count = std::to_string(pages.at(page));
    std::string body_text = R"({"Items":[],"Count":)" + count + R"(,"ScannedCount":)" + count +
                            R"(,"ConsumedCapacity":{"CapacityUnits":0.5})";
    if (page + 1 < pages.size()) {
      body_text += R"(,"LastEvaluatedKey":{"id":{"S":")" + std::to_string(page + 1) + "\"}}";
    }
    response.body = body_text + "}";
    return response;
  }

 private:
  std::map<int, std::vector<uint64_t>> items_;
  std::set<std::pair<int, size_t>> asked_;
};

struct Setting {
  Setting(net::FakeTransport::Handler handler, uint64_t seed)
      : clock(std::make_shared<ManualClock>()),
        transport(std::make_shared<net::FakeTransport>(*clock, std::move(handler), seed)) {
    ClientOptions options;
    options.endpoint_url = "http://127.0.0.1:8000";
    options.region = "us-west-2";
    options.random_seed = seed + 1;
    auto signing_clock = std::make_shared<aws::SigningClock>(clock);
    auto credentials = aws::MakeStaticCredentials(
        aws::Credentials{"AKID", SecretString("secret"), SecretString(), std::nullopt},
        signing_clock);
    client = std::make_shared<Client>(transport, credentials, signing_clock, options);
  }
  ~Setting() { transport->Stop(); }
  Setting(const Setting&) = delete;
  Setting& operator=(const Setting&) = delete;

  std::shared_ptr<ManualClock> clock;
  std::shared_ptr<net::FakeTransport> transport;
  std::shared_ptr<Client> client;
};

ScanRequest Users() {
  ScanRequest request;
  request.table_name = "users";
  return request;
}

// Whatever the shape of the table, the order of the answers, the faults between and the number of
// readers: every item comes once.
TEST(ParallelScanTest, DeliversEveryPageOnce) {
  for (uint64_t seed = 1; seed <= 120; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937_64 random(seed);
    ParallelScanOptions options;
    options.total_segments = static_cast<int>(1 + random() % 9);
    options.streams.start = static_cast<int>(1 + random() % 12);
    options.streams.most = static_cast<int>(1 + random() % 12);
    options.buffer.waiting_max = 1 + random() % 6;
    options.buffer.bytes_max = random() % 3 == 0 ? 1'000 : 1 << 30;
    FakeTable table(seed, options.total_segments);
    std::mt19937_64 faults(seed);
    Setting setting(
        [&](const net::HttpRequest& request) -> std::optional<Result<net::HttpResponse>> {
          if (faults() % 5 == 0) {
            net::HttpResponse refused;
            refused.status = 500;
            return refused;
          }
          return table.Answer(request.body);
        },
        seed);
    ParallelScan scan(setting.client, Users(), options);
    std::atomic<uint64_t> items = 0;
    std::vector<std::thread> readers;
    for (size_t i = 0; i < 1 + seed % 3; ++i) {
      readers.emplace_back([&] {
        while (true) {
          auto page = scan.Next(Never);
          ASSERT_TRUE(page) << page.error().message;
          if (!*page) return;
          EXPECT_GT((*page)->count, 0u);
          items += (*page)->count;
        }
      });
    }
    for (auto& reader : readers) reader.join();
    EXPECT_EQ(items, table.Items());
    const auto statistics = scan.Statistics();
    EXPECT_EQ(statistics.items, table.Items());
    EXPECT_EQ(statistics.items_scanned, table.Items());
    EXPECT_EQ(statistics.pages, table.Pages());
    EXPECT_LE(statistics.streams_most, options.streams.most);
    EXPECT_DOUBLE_EQ(statistics.consumed_read_units, 0.5 * static_cast<double>(table.Pages()));
  }
}

// Reads some pages and adds up how far their segments are.
ScanResumption ReadSome(ParallelScan& scan, size_t pages_max, const ScanResumption& before) {
  std::map<int, ResumedSegment> segments;
  for (const auto& segment : before.segments) segments[segment.number] = segment;
  ScanResumption after{{}, before.items_scanned};
  for (size_t i = 0; i < pages_max; ++i) {
    const auto page = scan.Next(Never);
    EXPECT_TRUE(page) << page.error().message;
    if (!page || !*page) break;
    auto& segment = segments[(*page)->segment];
    EXPECT_EQ((*page)->page_of_segment, segment.pages);
    segment = {(*page)->segment, segment.pages + 1, (*page)->last_evaluated_key,
               (*page)->last_evaluated_key.empty()};
    after.items_scanned += (*page)->scanned_count;
  }
  for (const auto& [number, segment] : segments) after.segments.push_back(segment);
  return after;
}

// A scan that is broken off again and again, and goes on with what its reader has got, reads every
// page once and nothing of what was got before.
TEST(ParallelScanTest, GoesOnWithWhatAnotherHasRead) {
  for (uint64_t seed = 1; seed <= 60; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937_64 random(seed);
    ParallelScanOptions options;
    options.total_segments = static_cast<int>(1 + random() % 9);
    options.streams = {3, 5};
    options.empty_pages = true;
    FakeTable table(seed, options.total_segments);
    ScanResumption resumption;
    uint64_t pages = 0;
    bool ended = false;
    for (int part = 0; !ended; ++part) {
      table.ForgetRequests();
      Setting setting([&](const net::HttpRequest& request) { return table.Answer(request.body); },
                      seed);
      options.resumption = resumption;
      ParallelScan scan(setting.client, Users(), options);
      const auto progress = scan.Progress().fraction.value_or(0);
      const size_t pages_max = part < 5 ? random() % 12 : 1'000;
      resumption = ReadSome(scan, pages_max, resumption);
      ended = pages_max == 1'000;
      uint64_t read = 0;
      for (const auto& segment : resumption.segments) read += segment.pages;
      EXPECT_GE(scan.Progress().fraction.value_or(0), progress);
      if (ended) {
        EXPECT_EQ(scan.Statistics().pages, table.Pages() - pages);
        EXPECT_EQ(table.Asked(), table.Pages() - pages);
      }
      pages = read;
    }
    EXPECT_EQ(pages, table.Pages());
    EXPECT_EQ(resumption.items_scanned, table.Items());
    // All of it read: nothing is asked for.
    table.ForgetRequests();
    Setting setting([&](const net::HttpRequest& request) { return table.Answer(request.body); },
                    seed);
    options.resumption = resumption;
    ParallelScan scan(setting.client, Users(), options);
    EXPECT_FALSE(scan.Next(Never).value());
    EXPECT_EQ(scan.Progress().fraction, 1.0);
    EXPECT_EQ(table.Asked(), 0u);
  }
}

// A reader that does not read stops the requests: what waits stays bounded.
TEST(ParallelScanTest, BoundsWhatWaits) {
  std::atomic<int> answered = 0;
  Setting setting(
      [&](const net::HttpRequest&) -> std::optional<Result<net::HttpResponse>> {
        ++answered;
        net::HttpResponse response;
        response.status = 200;
        response.body = R"({"Items":[],"Count":1,"LastEvaluatedKey":{"id":{"S":"x"}}})";
        return response;
      },
      1);
  ParallelScanOptions options;
  options.total_segments = 16;
  options.streams = {4, 4};
  options.buffer.waiting_max = 3;
  ParallelScan scan(setting.client, Users(), options);
  for (int i = 0; i < 50; ++i) {
    ASSERT_TRUE(scan.Next(Never));
    // As many as may come at once wait for a reader that keeps up.
    EXPECT_LE(answered, i + 1 + 2 * options.streams.most);
  }
}

TEST(ParallelScanTest, TheFirstErrorEndsIt) {
  Setting setting(
      [&](const net::HttpRequest& request) -> std::optional<Result<net::HttpResponse>> {
        net::HttpResponse response;
        response.status = request.body.find("\"Segment\":2") == std::string::npos ? 200 : 400;
        response.body = response.status == 200
                            ? R"({"Count":1,"LastEvaluatedKey":{"id":{"S":"x"}}})"
                            : R"({"__type":"x#AccessDeniedException","message":"no"})";
        return response;
      },
      3);
  ParallelScanOptions options;
  options.total_segments = 4;
  ParallelScan scan(setting.client, Users(), options);
  Result<std::optional<Page>> page;
  do {
    page = scan.Next(Never);
  } while (page);
  EXPECT_EQ(page.error().code, ErrorCode::kPermissionDenied);
  const auto again = scan.Next(Never);
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, ErrorCode::kPermissionDenied);
}

TEST(ParallelScanTest, CancellingOrDestroyingItEndsItsRequests) {
  for (const bool destroy : {true, false}) {
    std::atomic<int> answered = 0;
    Setting setting(
        [&](const net::HttpRequest&) -> std::optional<Result<net::HttpResponse>> {
          ++answered;
          return net::HttpResponse{};
        },
        1);
    setting.transport->Hold(true);
    ParallelScanOptions options;
    options.total_segments = 8;
    options.streams = {8, 8};
    auto scan = std::make_unique<ParallelScan>(setting.client, Users(), options);
    setting.transport->AwaitRequests(8);
    if (destroy) {
      scan.reset();
    } else {
      scan->Cancel();
    }
    setting.transport->AwaitNothing();
    EXPECT_EQ(answered, 0);
  }
}

TEST(ParallelScanTest, ACancelledScanSaysSo) {
  Setting setting([](const net::HttpRequest&) { return net::HttpResponse{}; }, 1);
  setting.transport->Hold(true);
  ParallelScan scan(setting.client, Users(), {});
  std::thread reader([&] {
    const auto page = scan.Next(Never);
    ASSERT_FALSE(page);
    EXPECT_EQ(page.error().code, ErrorCode::kCancelled);
  });
  setting.transport->AwaitRequests(1);
  scan.Cancel();
  reader.join();
  scan.Cancel();
  ASSERT_FALSE(scan.Next(Never));
}

TEST(ParallelScanTest, AnInterruptedReaderLeaves) {
  Setting setting([](const net::HttpRequest&) { return net::HttpResponse{}; }, 1);
  setting.transport->Hold(true);
  ParallelScan scan(setting.client, Users(), {});
  const auto page = scan.Next([] { return true; });
  ASSERT_FALSE(page);
  EXPECT_EQ(page.error().code, ErrorCode::kCancelled);
}

}  // namespace
}  // namespace sumac::dynamodb
