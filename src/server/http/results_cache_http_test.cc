// The results cache as clients see it.
#include <gtest/gtest.h>

#include "server/http/cached_query.h"
#include "server/http/fake_backend.h"
#include "server/http/http_server.h"
#include "server/http/test_client.h"

namespace sumac::server {
namespace {

using std::chrono::milliseconds;

constexpr char kRows[] = "SELECT i FROM range(2000) t(i)";

class ResultsCacheHttpTest : public testing::Test {
 protected:
  void SetUp() override {
    options_.listen = "127.0.0.1:0";
    options_.piece_bytes = 10'000;
    Start(1 << 20);
  }

  void Start(uint64_t max_size_bytes) {
    cache_ = std::make_shared<ResultsCache>(ResultsCacheOptions{max_size_bytes, milliseconds(1000)},
                                            clock_, nullptr);
    options_.results_cache = cache_;
    Listen();
  }

  void Listen() {
    auto started = HttpServer::Start(options_, backend_, *clock_);
    ASSERT_TRUE(started.has_value()) << started.error().message;
    server_ = std::move(*started);
  }

  TestResponse Ask(const std::string& request) {
    TestClient client(server_->port());
    client.Send(request);
    return client.Receive();
  }

  // "HIT", and "none" without the header.
  std::string StatusOf(const TestResponse& response) {
    const auto found = response.headers.find("results-cache-status");
    return found == response.headers.end() ? "none" : found->second;
  }
  std::string Status(const std::string& sql, const std::string& headers = {}) {
    return StatusOf(Ask(PostSql(sql, headers)));
  }

  HttpServerOptions options_;
  std::shared_ptr<ManualClock> clock_ = std::make_shared<ManualClock>();
  std::shared_ptr<FakeBackend> backend_ = std::make_shared<FakeBackend>();
  std::shared_ptr<ResultsCache> cache_;
  std::unique_ptr<HttpServer> server_;
};

TEST_F(ResultsCacheHttpTest, AHitIsTheSameAnswerAtNoCost) {
  backend_->read_units = 12.5;
  const auto miss = Ask(PostSql("SELECT 1 AS a"));
  EXPECT_EQ(miss.headers.at("results-cache-status"), "MISS");
  EXPECT_EQ(miss.headers.at("x-cache"), "Miss from spiceai");
  EXPECT_EQ(miss.headers.at("sumac-consumed-rcu"), "12.5");
  const auto hit = Ask(PostSql("SELECT 1 AS a"));
  EXPECT_EQ(hit.headers.at("results-cache-status"), "HIT");
  EXPECT_EQ(hit.headers.at("x-cache"), "Hit from spiceai");
  EXPECT_EQ(hit.headers.at("sumac-consumed-rcu"), "0");
  EXPECT_EQ(hit.headers.at("content-type"), "application/json");
  EXPECT_EQ(hit.headers.at("content-length"), "9");
  EXPECT_EQ(hit.body, "[{\"a\":1}]");
  EXPECT_EQ(backend_->executions, 1);
}

TEST_F(ResultsCacheHttpTest, TheEnvelopeOfAHitSaysThatItCostNothing) {
  backend_->read_units = 12.5;
  const std::string accept = "Accept: application/vnd.spiceai.sql.v1+json\r\n";
  EXPECT_TRUE(Ask(PostSql("WARN", accept))
                  .body.ends_with(R"("consumed_rcu":12.5,"warnings":["one","two"]})"));
  const auto hit = Ask(PostSql("WARN", accept));
  EXPECT_EQ(StatusOf(hit), "HIT");
  EXPECT_TRUE(
      hit.body.ends_with(R"("row_count":1,"execution_time_ms":0,"warnings":["one","two"]})"))
      << hit.body;
  EXPECT_EQ(hit.headers.at("sumac-warnings"), "2");
}

TEST_F(ResultsCacheHttpTest, KeepsAnswersApart) {
  EXPECT_EQ(Status("SELECT 1 AS a"), "MISS");
  EXPECT_EQ(Status("SELECT 2 AS a"), "MISS");
  EXPECT_EQ(Status("SELECT 1 AS a", "Accept: text/csv\r\n"), "MISS");
  EXPECT_EQ(Status("SELECT 1 AS a", "Accept: application/json, text/csv\r\n"), "HIT");
  const std::string json = "Content-Type: application/json\r\n";
  EXPECT_EQ(Status(R"({"sql": "SELECT 1 AS a"})", json), "HIT");
  const auto with = [&](const std::string& parameters) {
    return Ask(PostSql(R"({"sql": "SELECT $1 AS a", "parameters": )" + parameters + "}", json));
  };
  EXPECT_EQ(with("[1]").body, R"([{"a":1}])");
  EXPECT_EQ(with("[\"1\"]").body, R"([{"a":"1"}])");
  EXPECT_EQ(StatusOf(with("[1]")), "HIT");
  EXPECT_EQ(with("[\"1\"]").body, R"([{"a":"1"}])");
}

TEST_F(ResultsCacheHttpTest, ForgetsWithTimeAndWithTheData) {
  EXPECT_EQ(Status("SELECT 1 AS a"), "MISS");
  clock_->Advance(milliseconds(999));
  EXPECT_EQ(Status("SELECT 1 AS a"), "HIT");
  clock_->Advance(milliseconds(1));
  EXPECT_EQ(Status("SELECT 1 AS a"), "MISS");
  EXPECT_EQ(Status("SELECT 1 AS a"), "HIT");
  ++backend_->data_version;
  EXPECT_EQ(Status("SELECT 1 AS a"), "MISS");
  EXPECT_EQ(Status("SELECT 1 AS a"), "HIT");
}

TEST_F(ResultsCacheHttpTest, DoesNotKeepWhatChangedWhileItRan) {
  TestClient client(server_->port());
  client.Send(PostSql("BLOCK"));
  backend_->WaitForQueries(1);
  ++backend_->data_version;
  backend_->Release();
  EXPECT_EQ(StatusOf(client.Receive()), "MISS");
  EXPECT_EQ(Status("BLOCK"), "MISS");
  EXPECT_EQ(Status("BLOCK"), "HIT");
}

TEST_F(ResultsCacheHttpTest, DoesAsTheClientAsks) {
  const auto absent = Ask(PostSql("SELECT 1 AS a", "Cache-Control: only-if-cached\r\n"));
  EXPECT_EQ(absent.status, 504);
  EXPECT_EQ(absent.body, "The answer is not in the results cache.");
  EXPECT_EQ(StatusOf(absent), "MISS");
  EXPECT_EQ(backend_->executions, 0);
  EXPECT_EQ(Status("SELECT 1 AS a"), "MISS");
  EXPECT_EQ(Status("SELECT 1 AS a", "Cache-Control: only-if-cached\r\n"), "HIT");
  clock_->Advance(milliseconds(600));
  const auto fresh = Ask(PostSql("SELECT 1 AS a", "Cache-Control: no-cache\r\n"));
  EXPECT_EQ(StatusOf(fresh), "BYPASS");
  EXPECT_EQ(fresh.headers.count("x-cache"), 0u);
  EXPECT_EQ(backend_->executions, 2);
  // Its answer has taken the place of the older one.
  clock_->Advance(milliseconds(600));
  EXPECT_EQ(Status("SELECT 1 AS a"), "HIT");
}

TEST_F(ResultsCacheHttpTest, KeepsOnlyWhatHasTheSameAnswerAgain) {
  backend_->repeatable = false;
  EXPECT_EQ(Status("SELECT 1 AS a"), "BYPASS");
  EXPECT_EQ(Status("SELECT 1 AS a"), "BYPASS");
  EXPECT_EQ(Status(kRows), "BYPASS");
  backend_->repeatable = true;
  const auto throttled = "FAIL " + std::to_string(static_cast<int>(ErrorCode::kThrottled));
  for (const std::string& failing : {throttled, std::string("BREAK AFTER 0"),
                                     std::string("BREAK AFTER 3"), std::string("SELEC 1")}) {
    EXPECT_EQ(StatusOf(Ask(PostSql(failing))), failing == "BREAK AFTER 3" ? "MISS" : "none");
    const int before = backend_->executions;
    Ask(PostSql(failing));
    EXPECT_EQ(backend_->executions, before + 1) << failing;
  }
  EXPECT_EQ(cache_->Statistics().items, 0u);
}

TEST_F(ResultsCacheHttpTest, DoesNotKeepTheAnswerOfAClientThatLeft) {
  {
    TestClient client(server_->port());
    client.Send(PostSql("ENDLESS"));
    backend_->WaitForQueries(1);
  }
  backend_->WaitForQueries(0);
  EXPECT_EQ(cache_->Statistics().items, 0u);
}

TEST_F(ResultsCacheHttpTest, KeepsWhatWasStreamed) {
  const auto miss = Ask(PostSql(kRows));
  EXPECT_EQ(StatusOf(miss), "MISS");
  EXPECT_EQ(miss.headers.at("transfer-encoding"), "chunked");
  const auto hit = Ask(PostSql(kRows));
  EXPECT_EQ(StatusOf(hit), "HIT");
  EXPECT_EQ(hit.headers.at("transfer-encoding"), "chunked");
  EXPECT_EQ(hit.headers.at("sumac-consumed-rcu"), "0");
  EXPECT_TRUE(hit.complete);
  EXPECT_EQ(hit.body, miss.body);
  EXPECT_EQ(backend_->executions, 1);
  // To a client that knows no chunks too.
  const auto old =
      Ask("POST /v1/sql HTTP/1.0\r\nContent-Length: " + std::to_string(sizeof(kRows) - 1) +
          "\r\n\r\n" + kRows);
  EXPECT_EQ(old.body, miss.body);
  EXPECT_EQ(backend_->executions, 1);
}

TEST_F(ResultsCacheHttpTest, DoesNotKeepWhatIsTooLong) {
  Start(8 * 15'000);
  const auto miss = Ask(PostSql(kRows));
  EXPECT_GT(miss.body.size(), cache_->entry_bytes_max());
  EXPECT_TRUE(miss.complete);
  EXPECT_EQ(StatusOf(Ask(PostSql(kRows))), "MISS");
  EXPECT_EQ(cache_->Statistics().items, 0u);
}

TEST_F(ResultsCacheHttpTest, DoesNotLookForALongQuestion) {
  const std::string sql = "SELECT 1 AS a --" + std::string(kCacheKeyBytesMax, 'x');
  EXPECT_EQ(Status(sql), "BYPASS");
  EXPECT_EQ(Status(sql), "BYPASS");
  EXPECT_EQ(Ask(PostSql(sql, "Cache-Control: only-if-cached\r\n")).status, 504);
  EXPECT_EQ(cache_->Statistics(), ResultsCacheStatistics());
}

TEST_F(ResultsCacheHttpTest, AnswersWhileAllWorkersAreBusy) {
  Start(1 << 20);
  EXPECT_EQ(Status("SELECT 1 AS a"), "MISS");
  // A server of its own: a worker is busy until a moment after its answer has been read.
  options_.query_threads = 1;
  options_.queued_queries_max = 0;
  Listen();
  TestClient running(server_->port());
  running.Send(PostSql("BLOCK"));
  backend_->WaitForQueries(1);
  EXPECT_EQ(Ask(PostSql("SELECT 2 AS a")).status, 503);
  EXPECT_EQ(Status("SELECT 1 AS a"), "HIT");
  EXPECT_EQ(Ask(PostSql("SELECT 2 AS a", "Cache-Control: only-if-cached\r\n")).status, 504);
  backend_->Release();
  EXPECT_EQ(running.Receive().status, 200);
}

TEST_F(ResultsCacheHttpTest, SaysNothingWhenThereIsNone) {
  options_.results_cache = nullptr;
  Listen();
  for (int i = 0; i < 2; ++i) {
    const auto response = Ask(PostSql("SELECT 1 AS a", "Cache-Control: no-cache\r\n"));
    EXPECT_EQ(StatusOf(response), "none");
    EXPECT_EQ(response.headers.count("x-cache"), 0u);
  }
  EXPECT_EQ(backend_->executions, 2);
  const auto refused = Ask(PostSql("SELECT 1 AS a", "Cache-Control: only-if-cached\r\n"));
  EXPECT_EQ(refused.status, 504);
  EXPECT_EQ(StatusOf(refused), "none");
  EXPECT_NE(refused.body.find("which is off"), std::string::npos) << refused.body;
}

}  // namespace
}  // namespace sumac::server
