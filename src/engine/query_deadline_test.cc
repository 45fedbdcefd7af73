// Queries that are to end in time, in virtual time.
#include "engine/query_deadline.h"

#include <atomic>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "aws/credentials/credentials_cache.h"
#include "dynamodb/scan_retry.h"
#include "engine/database.h"
#include "engine/remote_table.h"
#include "items/item_schema.h"
#include "net/fake_transport.h"

namespace sumac::engine {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::HasSubstr;
using testing::MatchesRegex;
using Answer = std::optional<Result<net::HttpResponse>>;

net::HttpResponse Responding(int status, const std::string& body) {
  net::HttpResponse response;
  response.status = status;
  response.body = body;
  return response;
}

// A page of two items, after which there are more.
net::HttpResponse SomePage() {
  return Responding(200,
                    R"({"Items":[{"id":{"N":"1"}},{"id":{"N":"2"}}],"Count":2,"ScannedCount":2,)"
                    R"("ConsumedCapacity":{"CapacityUnits":0.5},)"
                    R"("LastEvaluatedKey":{"id":{"N":"2"}}})");
}

net::HttpResponse Throttle() {
  return Responding(
      400, R"({"__type":"x#ProvisionedThroughputExceededException","message":"too fast"})");
}

class QueryDeadlineTest : public testing::Test {
 protected:
  // Without `interrupts`, whoever does not look at the clock itself goes on.
  void Open(net::FakeTransport::Handler handler, bool interrupts = true) {
    transport_ = std::make_shared<net::FakeTransport>(*clock_, std::move(handler));
    DatabaseOptions options;
    options.threads = 2;
    options.timers = {clock_, interrupts ? transport_ : nullptr};
    database_ = Database::Open(options).value();
    session_ = database_->Connect();
  }

  void SetUp() override {
    Open([](const auto&) { return Answer(Throttle()); });
  }

  void TearDown() override {
    session_.reset();
    database_.reset();
    transport_->Stop();
  }

  void RegisterUsers() {
    dynamodb::ClientOptions options;
    options.endpoint_url = "http://127.0.0.1:8000";
    options.region = "us-west-2";
    options.random_seed = 1;
    auto signing_clock = std::make_shared<aws::SigningClock>(clock_);
    auto credentials = aws::MakeStaticCredentials(
        aws::Credentials{"AKID", SecretString("secret"), SecretString(), std::nullopt},
        signing_clock);
    RemoteTable remote;
    remote.dataset_name = "users";
    remote.table_name = "users";
    remote.client =
        std::make_shared<dynamodb::Client>(transport_, credentials, signing_clock, options);
    remote.schema = std::make_shared<const items::ItemSchema>(
        items::MakeItemSchema({}, {{"id", dynamodb::KeyType::kNumber}}, {}).value());
    ASSERT_TRUE(database_->RegisterTable("users", MakeRemoteTableSource(std::move(remote))));
  }

  QueryDeadline In(milliseconds timeout) const {
    return {clock_->MonotonicNow() + timeout, timeout};
  }

  // Runs `sql` to its end, or its error.
  Error ErrorOf(const std::string& sql, std::optional<QueryDeadline> deadline) {
    auto stream = session_->Execute(sql, {}, deadline);
    if (!stream) return stream.error();
    return ErrorOf(**stream);
  }

  // As ErrorOf, of a query that scans. Time stands still until its first request is there; from
  // then on it moves from one thing that happens to the next.
  Error ErrorOfScan(const std::string& sql, milliseconds timeout) {
    transport_->Hold(true);
    std::thread mover([this] {
      transport_->AwaitRequests(1);
      transport_->Hold(false);
    });
    auto error = ErrorOf(sql, In(timeout));
    mover.join();
    return error;
  }

  static Error ErrorOf(ResultStream& stream) {
    while (true) {
      auto chunk = stream.Next();
      if (!chunk) return chunk.error();
      if (!*chunk) return UserError(ErrorCode::kNotFound, "it ended");
    }
  }

  std::shared_ptr<ManualClock> clock_ = std::make_shared<ManualClock>();
  std::shared_ptr<net::FakeTransport> transport_;
  std::unique_ptr<Database> database_;
  std::unique_ptr<Session> session_;
};

// Each would take years.
TEST_F(QueryDeadlineTest, EndsWhatDoesNotScan) {
  for (const char* sql :
       {"SELECT count(*) FROM range(1000000000000) a, range(1000000000000) b",
        "SELECT a.range FROM range(1000000000000) a WHERE a.range < 0",
        "SELECT 1; SELECT count(*) FROM range(1000000000000) a, range(1000000000000) b"}) {
    const auto error = ErrorOf(sql, In(seconds(30)));
    EXPECT_EQ(error.code, ErrorCode::kDeadlineExceeded) << sql;
    EXPECT_EQ(error.blame, Blame::kUser);
    EXPECT_EQ(error.message,
              "the query did not end within 30s; read by then: nothing from DynamoDB; give it more "
              "time, or have it read less");
  }
}

// The first rows are there, and nothing is interrupted until the time is up.
TEST_F(QueryDeadlineTest, EndsAStreamThatIsBeingRead) {
  transport_->Hold(true);
  auto stream = session_->Execute("SELECT range FROM range(1000000000000)", {}, In(seconds(30)));
  ASSERT_TRUE(stream) << stream.error().message;
  ASSERT_TRUE((*stream)->Next());
  clock_->Advance(seconds(29));
  transport_->Hold(true);
  ASSERT_TRUE((*stream)->Next());
  clock_->Advance(seconds(1));
  transport_->Hold(false);
  EXPECT_EQ(ErrorOf(**stream).code, ErrorCode::kDeadlineExceeded);
}

TEST_F(QueryDeadlineTest, ADeadlineIsOfOneQuery) {
  transport_->Hold(true);
  {
    auto stream = session_->Execute("SELECT 1", {}, In(seconds(30)));
    ASSERT_TRUE(stream);
    EXPECT_EQ(ErrorOf(**stream).message, "it ended");
  }
  auto stream = session_->Execute("SELECT range FROM range(10000000)");
  ASSERT_TRUE(stream);
  clock_->Advance(seconds(60));
  transport_->Hold(false);
  EXPECT_EQ(ErrorOf(**stream).message, "it ended");
}

TEST_F(QueryDeadlineTest, TimeThatWasUpBeforeRunsNothing) {
  RegisterUsers();
  const auto error = ErrorOf("SELECT * FROM users", In(milliseconds(0)));
  EXPECT_EQ(error.code, ErrorCode::kDeadlineExceeded);
  EXPECT_EQ(session_->Progress().read.size(), 0u);
}

TEST_F(QueryDeadlineTest, ACancelledQueryIsNotLate) {
  transport_->Hold(true);
  auto stream = session_->Execute("SELECT range FROM range(1000000000000)", {}, In(seconds(30)));
  ASSERT_TRUE(stream);
  session_->Interrupt();
  EXPECT_EQ(ErrorOf(**stream).code, ErrorCode::kCancelled);
}

// Throttles are waited out exactly so long.
TEST_F(QueryDeadlineTest, EndsAThrottledScanAndSaysWhatWasRead) {
  std::atomic<int> requests = 0;
  TearDown();
  Open([&requests](const auto&) { return Answer(requests++ == 0 ? SomePage() : Throttle()); });
  RegisterUsers();
  const auto begun = clock_->MonotonicNow();
  const auto error = ErrorOfScan("SELECT * FROM users", seconds(30));
  EXPECT_EQ(error.code, ErrorCode::kDeadlineExceeded) << error.message;
  EXPECT_THAT(error.message,
              MatchesRegex("the query did not end within 30s; read by then: dataset 'users': 2 "
                           "items, [0-9]+ B, 1 RCU, [0-9]+ throttles.*; give it more time, or have "
                           "it read less"));
  EXPECT_GE(clock_->MonotonicNow() - begun, seconds(30));
  EXPECT_LE(clock_->MonotonicNow() - begun, seconds(31));
  EXPECT_GT(requests, 10);
  // The figures stay for those who ask afterwards.
  EXPECT_EQ(session_->Progress().read.at("users").items_scanned, 2u);
}

TEST_F(QueryDeadlineTest, AScanLooksAtTheClockItself) {
  TearDown();
  Open([](const auto&) { return Answer(Throttle()); }, false);
  RegisterUsers();
  const auto error = ErrorOfScan("SELECT * FROM users", seconds(30));
  EXPECT_EQ(error.code, ErrorCode::kDeadlineExceeded);
  EXPECT_EQ(error.message.find("the query did not end within 30s; read by then: dataset 'users': "),
            0u)
      << error.message;
  EXPECT_LE(clock_->MonotonicNow() - MonotonicTime(), seconds(31));
}

// An exchange that timed out is the network's trouble, not the query's.
TEST_F(QueryDeadlineTest, AnswersThatDoNotComeAreNotTheDeadline) {
  std::atomic<int> requests = 0;
  TearDown();
  Open([this, &requests](const auto&) {
    // The scan gives up with this one, and time must not go on to the query's deadline.
    if (++requests == dynamodb::kPageAttemptsMax) transport_->Hold(true);
    return Answer();
  });
  RegisterUsers();
  const auto error = ErrorOfScan("SELECT * FROM users", std::chrono::hours(24));
  EXPECT_EQ(error.code, ErrorCode::kDeadlineExceeded);
  EXPECT_EQ(error.blame, Blame::kNetwork);
  EXPECT_THAT(error.message, HasSubstr("dataset 'users'"));
}

TEST(TimeIsUpError, NamesThreeDatasetsAtMost) {
  QueryProgress progress;
  for (const char* name : {"a", "b", "c", "d", "e"}) progress.read[name].items_scanned = 1'000;
  const auto error = TimeIsUpError({{}, seconds(90)}, progress);
  EXPECT_EQ(error.message,
            "the query did not end within 1m 30s; read by then: dataset 'a': 1,000 items, 0 B, 0 "
            "RCU, dataset 'b': 1,000 items, 0 B, 0 RCU, dataset 'c': 1,000 items, 0 B, 0 RCU, and "
            "2 datasets more; give it more time, or have it read less");
}

}  // namespace
}  // namespace sumac::engine
