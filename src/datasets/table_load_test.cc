// Loads that are interrupted and go on, against the same load that is not.
#include "datasets/table_load.h"

#include <filesystem>
#include <random>
#include <set>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "aws/credentials/credentials_cache.h"
#include "base/json_cursor.h"
#include "datasets/connector.h"
#include "fake_dynamodb/fake_dynamodb.h"

namespace sumac::datasets {
namespace {

using fake_dynamodb::FakeDynamodb;
using fake_dynamodb::Fault;
using testing::HasSubstr;

class TableLoadTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = testing::TempDir() + "table_load_XXXXXX";
    ASSERT_NE(mkdtemp(folder_.data()), nullptr);
    context_ = MakeConnectorContext({}).value();
    Serve();
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  // A fake of its own, which ends the load when it has answered so many Scans.
  void Serve() {
    fake_dynamodb::FakeOptions options;
    options.on_answer = [this](const fake_dynamodb::AnsweredRequest& request) {
      if (request.operation == "Scan" && --answers_left_ <= 0) cancelled_ = true;
    };
    fake_ = FakeDynamodb::Start(std::move(options)).value();
    dynamodb::ClientOptions client;
    client.endpoint_url = fake_->endpoint_url();
    client.region = "us-west-2";
    auto signing_clock = std::make_shared<aws::SigningClock>(context_.clock);
    auto credentials = aws::MakeStaticCredentials(
        aws::Credentials{"AKIDFAKE", SecretString("fake/secret+key"), SecretString(), std::nullopt},
        signing_clock);
    client_ =
        std::make_shared<dynamodb::Client>(context_.transport, credentials, signing_clock, client);
  }

  void AddUsers(int items, size_t page_items_max) {
    fake_dynamodb::TableDefinition users{.name = "users", .keys = {{"id", 'N'}}};
    for (int i = 0; i < items; ++i) {
      users.items.push_back(
          fmt::format(R"({{"id":{{"N":"{0}"}},"a{1}":{{"S":"{0}"}}}})", i, i % 13));
    }
    users.page_items_max = page_items_max;
    ASSERT_TRUE(fake_->AddTable(std::move(users)).has_value());
  }

  std::unique_ptr<dynamodb::ScanCheckpoint> OpenCheckpoint(int segments) const {
    dynamodb::ScanCheckpointOptions options;
    options.path = folder_ + "/users";
    options.identity = {{"table", "users"}};
    options.total_segments = segments;
    auto opened = dynamodb::ScanCheckpoint::Open(std::move(options), *clock_, nullptr);
    EXPECT_TRUE(opened) << opened.error().message;
    return *std::move(opened);
  }

  TableLoadRequest RequestOf(int segments, bool with_checkpoint) {
    TableLoadRequest request;
    request.dataset_name = "users";
    request.client = client_;
    request.what.table_name = "users";
    request.scan.streams = {2, 4};
    request.scan.total_segments = segments;
    request.clock = clock_;
    request.cancelled = &cancelled_;
    if (with_checkpoint) request.checkpoint = OpenCheckpoint(segments);
    return request;
  }

  // Interrupted once the fake has answered so many Scans.
  Result<LoadedTable> Load(const TableLoadRequest& request, int answers = 1'000'000) {
    answers_left_ = answers;
    cancelled_ = false;
    return LoadTable(request);
  }

  static std::multiset<std::string> ItemsOf(dynamodb::PageSource& pages) {
    std::multiset<std::string> items;
    while (true) {
      const auto page = pages.Next([] { return false; });
      EXPECT_TRUE(page) << page.error().message;
      if (!page || !*page) return items;
      constexpr std::string_view kItems = R"("Items":)";
      const auto body = (*page)->body.view();
      JsonCursor json(body.substr(body.find(kItems) + kItems.size()));
      bool closed = !json.Take('[') || json.Take(']');
      while (!closed) {
        const char* const begin = json.position();
        EXPECT_TRUE(json.SkipValue());
        items.emplace(begin, json.position());
        if (json.TakeSeparator(']', closed)) continue;
        EXPECT_TRUE(closed) << body;
        break;
      }
    }
  }

  std::string folder_;
  std::shared_ptr<ManualClock> clock_ =
      std::make_shared<ManualClock>(WallTime(std::chrono::hours(500'000)));
  ConnectorContext context_;
  std::atomic<int> answers_left_ = 1'000'000;
  std::atomic<bool> cancelled_ = false;
  std::unique_ptr<FakeDynamodb> fake_;
  std::shared_ptr<dynamodb::Client> client_;
};

// Wherever a load is interrupted, and however often: what comes out is what one load would have
// read, and no page that was kept is asked for again.
TEST_F(TableLoadTest, GoesOnWhereverItWasInterrupted) {
  uint64_t pages_kept = 0;
  for (uint64_t seed = 1; seed <= 30; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937_64 random(seed);
    const int segments = static_cast<int>(1 + random() % 9);
    Serve();
    const auto users = static_cast<int>(random() % 600);
    const size_t page_items_max = 1 + random() % 40;
    AddUsers(users, page_items_max);
    auto whole = Load(RequestOf(segments, false));
    ASSERT_TRUE(whole) << whole.error().message;
    const auto items = ItemsOf(*whole->pages);
    const uint64_t pages = fake_->RequestCount("Scan");
    WallTime first_at;
    uint64_t kept_before = 0;
    for (size_t part = random() % 5; part > 0; --part) {
      const auto request = RequestOf(segments, true);
      const auto kept = request.checkpoint->kept().pages;
      if (kept == 0) first_at = clock_->WallNow();
      const auto interrupted = Load(request, static_cast<int>(1 + random() % (pages / 2 + 1)));
      clock_->Advance(std::chrono::minutes(1));
      // The last answer may have been the last page.
      if (!interrupted) {
        EXPECT_EQ(interrupted.error().code, ErrorCode::kCancelled);
      }
      EXPECT_LE(kept, pages);
      EXPECT_GE(kept, kept_before);
      kept_before = kept;
    }
    // One that no request of an interrupted load can reach late.
    Serve();
    AddUsers(users, page_items_max);
    auto request = RequestOf(segments, true);
    EXPECT_GE(request.checkpoint->kept().pages, kept_before);
    const auto loaded = Load(request);
    ASSERT_TRUE(loaded) << loaded.error().message;
    EXPECT_EQ(fake_->RequestCount("Scan"), pages - loaded->kept.pages);
    EXPECT_EQ(loaded->cost.pages, pages - loaded->kept.pages);
    EXPECT_EQ(loaded->items, items.size());
    EXPECT_EQ(loaded->types, whole->types);
    EXPECT_TRUE(ItemsOf(*loaded->pages) == items);
    EXPECT_EQ(loaded->read_since, loaded->kept.pages > 0 ? first_at : clock_->WallNow());
    pages_kept += loaded->kept.pages;
    // When the copy of it was interrupted, nothing is asked for.
    request.checkpoint.reset();
    const auto again = Load(RequestOf(segments, true));
    ASSERT_TRUE(again) << again.error().message;
    EXPECT_EQ(fake_->RequestCount("Scan"), pages - loaded->kept.pages);
    EXPECT_EQ(again->types, whole->types);
    EXPECT_TRUE(ItemsOf(*again->pages) == items);
    std::filesystem::remove(folder_ + "/users");
  }
  EXPECT_GT(pages_kept, 100u);
}

// The service's answers that are no page, on both sides of the interruption.
TEST_F(TableLoadTest, GoesOnThroughFaults) {
  AddUsers(2'000, 20);
  const auto items = ItemsOf(*Load(RequestOf(5, false)).value().pages);
  ASSERT_EQ(items.size(), 2'000u);
  for (int part = 0; part < 4; ++part) {
    fake_->faults().Next("Scan", Fault::Throttle(), 2);
    fake_->faults().Next("Scan", Fault::EmptyPage(), 2);
    fake_->faults().Next("Scan", Fault::CutMidBody());
    fake_->faults().Next("Scan", Fault::MalformedJson());
    const auto loaded = Load(RequestOf(5, true), part < 3 ? 25 : 1'000'000);
    ASSERT_EQ(loaded.has_value(), part == 3);
    if (!loaded) continue;
    EXPECT_GT(loaded->kept.pages, 30u);
    EXPECT_TRUE(ItemsOf(*loaded->pages) == items);
  }
}

TEST_F(TableLoadTest, AFailureLosesNothing) {
  AddUsers(2'000, 20);
  fake_->faults().Nth("Scan", 60, Fault::AccessDenied());
  const auto failed = Load(RequestOf(4, true));
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code, ErrorCode::kPermissionDenied);
  const auto loaded = Load(RequestOf(4, true));
  ASSERT_TRUE(loaded) << loaded.error().message;
  EXPECT_GT(loaded->kept.pages, 30u);
  EXPECT_EQ(ItemsOf(*loaded->pages).size(), 2'000u);
}

// The service does not take the key that a segment would go on from.
TEST_F(TableLoadTest, StartsAnewWhereItCannotGoOn) {
  AddUsers(2'000, 20);
  ASSERT_FALSE(Load(RequestOf(4, true), 60));
  clock_->Advance(std::chrono::hours(1));
  // One whose fault no request of the interrupted load can meet.
  Serve();
  AddUsers(2'000, 20);
  fake_->faults().Next(
      "Scan", Fault::Error({400, "ValidationException", "The provided starting key is invalid"}));
  const auto loaded = Load(RequestOf(4, true));
  ASSERT_TRUE(loaded) << loaded.error().message;
  EXPECT_EQ(loaded->kept.pages, 0u);
  EXPECT_EQ(loaded->read_since, clock_->WallNow());
  EXPECT_EQ(loaded->items, 2'000u);
  EXPECT_EQ(ItemsOf(*loaded->pages).size(), 2'000u);
}

// A page that was kept, and that no reader of items takes.
TEST_F(TableLoadTest, StartsAnewWhenWhatIsKeptIsNoPage) {
  AddUsers(200, 20);
  dynamodb::Page page;
  page.body = R"({"Items":[7]})";
  page.count = 1;
  page.last_evaluated_key = R"({"id":{"N":"1"}})";
  ASSERT_TRUE(OpenCheckpoint(4)->Add(page));
  const auto loaded = Load(RequestOf(4, true));
  ASSERT_TRUE(loaded) << loaded.error().message;
  EXPECT_EQ(loaded->kept.pages, 0u);
  EXPECT_EQ(ItemsOf(*loaded->pages).size(), 200u);
}

}  // namespace
}  // namespace sumac::datasets
