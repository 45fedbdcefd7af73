// ParallelScan over real connections, against the fake service.

#include <map>
#include <set>
#include <thread>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "aws/credentials/credentials_cache.h"
#include "dynamodb/parallel_scan.h"
#include "fake_dynamodb/fake_dynamodb.h"
#include "net/curl_transport.h"

namespace sumac::dynamodb {
namespace {

using fake_dynamodb::FakeDynamodb;
using fake_dynamodb::Fault;

bool Never() {
  return false;
}

// A table of 400 items in pages of 10.
class ScanServiceTest : public testing::Test {
 protected:
  void SetUp() override {
    auto started = FakeDynamodb::Start({});
    ASSERT_TRUE(started.has_value()) << started.error().message;
    fake_ = std::move(*started);
    fake_dynamodb::TableDefinition users{.name = "users", .keys = {{"id", 'N'}}};
    for (int i = 0; i < 400; ++i) {
      users.items.push_back(fmt::format(R"({{"id":{{"N":"{}"}}}})", i));
    }
    users.page_items_max = 10;
    ASSERT_TRUE(fake_->AddTable(users).has_value());

    auto transport = net::CurlTransport::Create({});
    ASSERT_TRUE(transport.has_value());
    const auto clock = std::make_shared<aws::SigningClock>(std::make_shared<SystemClock>());
    ClientOptions options;
    options.endpoint_url = fake_->endpoint_url();
    options.region = "us-west-2";
    options.random_seed = 1;
    options.retry.transient_base_ms = 1;
    auto credentials = aws::MakeStaticCredentials(
        aws::Credentials{"AKIDFAKE", SecretString("fake/secret+key"), SecretString(), std::nullopt},
        clock);
    client_ = std::make_shared<Client>(*std::move(transport), credentials, clock, options);
  }

  std::unique_ptr<ParallelScan> Start(int segments, StreamLimits streams) const {
    ScanRequest request;
    request.table_name = "users";
    ParallelScanOptions options;
    options.total_segments = segments;
    options.streams = streams;
    return std::make_unique<ParallelScan>(client_, request, options);
  }

  // How often each item came; the error ends it.
  static std::map<std::string, int> ReadAll(ParallelScan& scan) {
    std::map<std::string, int> items;
    while (true) {
      const auto page = scan.Next(Never);
      EXPECT_TRUE(page) << page.error().message;
      if (!page || !*page) return items;
      const std::string_view body = (*page)->body;
      const auto end = body.find("LastEvaluatedKey");
      // Items come first in the fake's pages, unless told otherwise.
      for (size_t at = body.find(R"("N":")"); at < end; at = body.find(R"("N":")", at + 1)) {
        const auto number = body.substr(at + 5, body.find('"', at + 5) - at - 5);
        ++items[std::string(number)];
      }
    }
  }

  std::unique_ptr<FakeDynamodb> fake_;
  std::shared_ptr<Client> client_;
};

// Whatever strikes a page, that page alone is asked for again, from where it began.
TEST_F(ScanServiceTest, ASegmentGoesOnWhereItWas) {
  const Fault faults[] = {Fault::CutMidBody(),
                          Fault::CutBeforeAnswer(),
                          Fault::WrongChecksum(),
                          Fault::MalformedJson(),
                          Fault::InternalServerError(),
                          Fault::PlainText(502),
                          Fault::Throttle("TableReadKeyRangeThroughputExceeded"),
                          Fault::Throttle("TableReadProvisionedThroughputExceeded")};
  for (const auto& fault : faults) {
    SCOPED_TRACE(static_cast<int>(fault.kind));
    fake_->faults().Clear();
    const size_t before = fake_->RequestCount("Scan");
    for (const int number : {3, 10, 11, 20}) {
      fake_->faults().Nth("Scan", static_cast<int>(before) + number, fault);
    }
    const auto scan = Start(4, {4, 4});
    const auto items = ReadAll(*scan);
    EXPECT_EQ(items.size(), 400u);
    for (const auto& [id, times] : items) EXPECT_EQ(times, 1) << id;
    const auto statistics = scan->Statistics();
    // libcurl itself repeats a request whose connection was gone when it was used again.
    if (fault.kind != fake_dynamodb::FaultKind::kCutBeforeAnswer) {
      EXPECT_EQ(
          statistics.failures + statistics.throttles_of_key_range + statistics.throttles_of_table,
          4u);
    }
    EXPECT_EQ(fake_->RequestCount("Scan") - before, statistics.pages + 4);
    EXPECT_EQ(scan->Progress().fraction, 1.0);
  }
}

// Those that a request leaves are asked for again, each item comes once.
TEST_F(ScanServiceTest, GetsItemsByTheirKeys) {
  const auto get = [&](int first, int last) {
    std::vector<ScanRequest> requests;
    for (int i = first; i < last; i += 100) {
      std::vector<std::string> keys;
      for (int k = i; k < std::min(i + 100, last); ++k) {
        keys.push_back(fmt::format(R"({{"id":{{"N":"{}"}}}})", k));
      }
      requests.push_back({.table_name = "users"});
      requests.back().keys = std::make_shared<const std::vector<std::string>>(std::move(keys));
    }
    return std::make_unique<ParallelScan>(client_, std::move(requests), ParallelScanOptions{});
  };
  auto one = get(7, 8);
  EXPECT_EQ(ReadAll(*one).size(), 1u);
  EXPECT_EQ(fake_->RequestCount("GetItem"), 1u);
  EXPECT_EQ(one->Statistics().consumed_read_units, 0.5);
  auto none = get(1'000, 1'001);
  EXPECT_TRUE(ReadAll(*none).empty());

  fake_->faults().Nth("BatchGetItem", 1, Fault::UnprocessedKeys(30));
  fake_->faults().Nth("BatchGetItem", 2, Fault::InternalServerError());
  fake_->faults().Nth("BatchGetItem", 4, Fault::UnprocessedKeys(1));
  auto many = get(150, 450);
  const auto items = ReadAll(*many);
  EXPECT_EQ(items.size(), 250u);
  for (const auto& [id, times] : items) EXPECT_EQ(times, 1) << id;
  EXPECT_EQ(many->Statistics().throttles_of_key_range, 2u);
  EXPECT_EQ(many->Statistics().failures, 1u);
  EXPECT_EQ(fake_->RequestCount("Scan"), 0u);
}

// Of 100 keys a request each; keys that are not there cost as much.
TEST_F(ScanServiceTest, GetsByKeyStayWithinTheirBudget) {
  const std::tuple<double, size_t, double> cases[] = {{40, 0, 0},      {50, 100, 50},
                                                      {120, 200, 100}, {170, 300, 150},
                                                      {175, 350, 175}, {1e6, 350, 175}};
  for (const auto& [budget, items, units] : cases) {
    SCOPED_TRACE(budget);
    std::vector<ScanRequest> requests;
    for (int i = 0; i < 350; i += 100) {
      std::vector<std::string> keys;
      for (int k = i; k < std::min(i + 100, 350); ++k) {
        keys.push_back(fmt::format(R"({{"id":{{"N":"{}"}}}})", k));
      }
      requests.push_back({.table_name = "users"});
      requests.back().keys = std::make_shared<const std::vector<std::string>>(std::move(keys));
    }
    ParallelScanOptions options;
    options.budget = std::make_shared<ReadBudget>(budget);
    ParallelScan gets(client_, std::move(requests), options);
    size_t got = 0;
    while (true) {
      const auto page = gets.Next(Never);
      if (!page) {
        EXPECT_EQ(page.error().code, ErrorCode::kResourceExhausted) << page.error().message;
        EXPECT_LT(got, 350u);
      }
      if (!page || !*page) break;
      got += (*page)->count;
    }
    EXPECT_LE(gets.Statistics().consumed_read_units, budget);
    EXPECT_EQ(options.budget->Spent(), gets.Statistics().consumed_read_units);
    // The smaller batch may be asked for before the third whole one.
    EXPECT_GE(got + 50, items);
    EXPECT_GE(gets.Statistics().consumed_read_units + 25, units);
  }
}

TEST_F(ScanServiceTest, CancelStopsAtOnce) {
  fake_->faults().Next("Scan", Fault::NeverAnswer(), 1'000);
  auto scan = Start(40, {3, 16});
  while (fake_->RequestCount("Scan") < 3) std::this_thread::yield();
  scan->Cancel();
  const auto page = scan->Next(Never);
  ASSERT_FALSE(page);
  EXPECT_EQ(page.error().code, ErrorCode::kCancelled);
  fake_->faults().Release();
  scan.reset();
  // What came after the answers would have come by now.
  ASSERT_TRUE(client_->ListTables(1).has_value());
  EXPECT_EQ(fake_->RequestCount("Scan"), 3u);
}

// Who reads a page and leaves wastes those under way and those that wait, and no more.
TEST_F(ScanServiceTest, LeavingWastesFewPages) {
  for (const int pages : {1, 5}) {
    const size_t before = fake_->RequestCount("Scan");
    {
      const auto scan = Start(40, {2, 64});
      for (int i = 0; i < pages; ++i) ASSERT_TRUE(scan->Next(Never));
      const auto most = static_cast<size_t>(scan->Statistics().streams_most);
      EXPECT_LE(fake_->RequestCount("Scan") - before, static_cast<size_t>(pages) + 2 * most);
      // One page is no reason for more streams.
      if (pages == 1) {
        EXPECT_LE(most, 4u);
      }
    }
    ASSERT_TRUE(client_->ListTables(1).has_value());
  }
}

// An error of the one ends the other requests too.
TEST_F(ScanServiceTest, AnErrorForGoodEndsIt) {
  fake_->faults().Nth("Scan", 7, Fault::AccessDenied());
  const auto scan = Start(8, {4, 4});
  Result<std::optional<Page>> page;
  do {
    page = scan->Next(Never);
  } while (page && *page);
  ASSERT_FALSE(page);
  EXPECT_EQ(page.error().code, ErrorCode::kPermissionDenied);
}

}  // namespace
}  // namespace sumac::dynamodb
