// The server over real sockets on the loopback interface.
#include "server/http/http_server.h"

#include <future>
#include <thread>

#include <gtest/gtest.h>

#include "server/http/fake_backend.h"
#include "server/http/test_client.h"

namespace sumac::server {
namespace {

class HttpServerTest : public testing::Test {
 protected:
  HttpServerTest() { options_.listen = "127.0.0.1:0"; }

  void Start() {
    auto started = HttpServer::Start(options_, backend_, clock_);
    ASSERT_TRUE(started.has_value()) << started.error().message;
    server_ = std::move(*started);
  }
  uint16_t port() const { return server_->port(); }

  TestResponse Ask(const std::string& request, bool head = false) {
    TestClient client(port());
    client.Send(request);
    return client.Receive(head);
  }

  HttpServerOptions options_;
  std::shared_ptr<FakeBackend> backend_ = std::make_shared<FakeBackend>();
  ManualClock clock_{WallTime(std::chrono::seconds(784111777))};
  std::unique_ptr<HttpServer> server_;
};

TEST_F(HttpServerTest, AnswersAQuery) {
  Start();
  TestResponse response = Ask(PostSql("SELECT 1 AS a, 'x' AS b"));
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, R"([{"a":1,"b":"x"}])");
  EXPECT_TRUE(response.complete);
  const std::map<std::string, std::string> headers = {{"content-type", "application/json"},
                                                      {"content-length", "17"},
                                                      {"x-content-type-options", "nosniff"},
                                                      {"date", "Sun, 06 Nov 1994 08:49:37 GMT"},
                                                      {"server", "sumac/0.1.0"},
                                                      {"sumac-consumed-rcu", "0"}};
  EXPECT_EQ(response.headers["x-request-id"].size(), 32U);
  response.headers.erase("x-request-id");
  EXPECT_EQ(response.headers, headers);
}

TEST_F(HttpServerTest, AnswersInTheFormatAskedFor) {
  Start();
  const std::tuple<const char*, const char*, const char*> cases[] = {
      {"text/csv", "text/csv; charset=utf-8", "a\n1\n"},
      {"text/plain", "text/plain; charset=utf-8", "+---+\n| a |\n+---+\n| 1 |\n+---+\n"},
      {"application/x-ndjson", "application/x-ndjson", "{\"a\":1}\n"},
      {"application/vnd.spiceai.sql.v1+json", "application/vnd.spiceai.sql.v1+json",
       R"({"schema":{"fields":[{"name":"a","data_type":"Int32","nullable":true,"dict_id":0,"dict_is_ordered":false,"metadata":{}}],"metadata":{}},"data":[{"a":1}],"row_count":1,"execution_time_ms":0})"},
  };
  for (const auto& [accept, content_type, body] : cases) {
    const auto response = Ask(PostSql("SELECT 1 AS a", std::string("Accept: ") + accept + "\r\n"));
    EXPECT_EQ(response.headers.at("content-type"), content_type);
    EXPECT_EQ(response.body, body);
  }
}

TEST_F(HttpServerTest, TakesParameters) {
  Start();
  const auto response =
      Ask(PostSql(R"({"sql": "SELECT $1 + 1 AS a, $2 AS b", "parameters": [41, "x"]})",
                  "Content-Type: application/json\r\n"));
  EXPECT_EQ(response.body, R"([{"a":42,"b":"x"}])");
}

TEST_F(HttpServerTest, TakesATimeout) {
  Start();
  const auto ask = [this](const std::string& header) { return Ask(PostSql("TIMEOUT", header)); };
  EXPECT_EQ(ask("").body, R"([{"ms":-1}])");
  EXPECT_EQ(ask("Sumac-Query-Timeout: 1m 30s\r\n").body, R"([{"ms":90000}])");
  EXPECT_EQ(ask("sumac-query-timeout: 2\r\n").body, R"([{"ms":2000}])");
  const auto refused = ask("Sumac-Query-Timeout: soon\r\n");
  EXPECT_EQ(refused.status, 400);
  EXPECT_EQ(refused.body,
            "Sumac-Query-Timeout takes a duration from 1ms to 365d, such as 30s, not 'soon'.");
}

TEST_F(HttpServerTest, TheServersTimeIsTheMost) {
  options_.query_limits.timeout = std::chrono::seconds(10);
  Start();
  const auto ask = [this](const std::string& header) { return Ask(PostSql("TIMEOUT", header)); };
  EXPECT_EQ(ask("").body, R"([{"ms":10000}])");
  EXPECT_EQ(ask("Sumac-Query-Timeout: 1m\r\n").body, R"([{"ms":10000}])");
  EXPECT_EQ(ask("Sumac-Query-Timeout: 2s\r\n").body, R"([{"ms":2000}])");
}

TEST_F(HttpServerTest, GivesNoMoreRowsThanItMay) {
  options_.query_limits.result_rows_max = 3000;
  Start();
  const auto rows = [](int count) {
    return PostSql("SELECT i FROM range(" + std::to_string(count) + ") t(i)",
                   "Accept: text/csv\r\n");
  };
  EXPECT_EQ(Ask(rows(3000)).status, 200);
  const auto refused = Ask(rows(3001));
  EXPECT_EQ(refused.status, 400);
  EXPECT_EQ(refused.body,
            "The result has more than 3000 rows, which is what this server gives "
            "(runtime.query.max_result_rows). Add a LIMIT, or aggregate.");
}

// What is on its way by then breaks off.
TEST_F(HttpServerTest, TheRowsTooManyMayComeLate) {
  options_.query_limits.result_rows_max = 3000;
  options_.piece_bytes = 100;
  Start();
  const auto broken = Ask(PostSql("ENDLESS"));
  EXPECT_EQ(broken.status, 200);
  EXPECT_FALSE(broken.complete);
}

TEST_F(HttpServerTest, TellsWhatIsWrong) {
  Start();
  auto response = Ask(PostSql("SELEC 1"));
  EXPECT_EQ(response.status, 400);
  EXPECT_EQ(response.headers.at("content-type"), "text/plain; charset=utf-8");
  EXPECT_NE(response.body.find("SELEC"), std::string::npos) << response.body;
  response = Ask(PostSql("{", "Content-Type: application/json\r\n"));
  EXPECT_EQ(response.status, 400);
  EXPECT_EQ(response.body.find("Invalid JSON: "), 0u);
  const auto throttled = "FAIL " + std::to_string(static_cast<int>(ErrorCode::kThrottled));
  EXPECT_EQ(Ask(PostSql(throttled)).status, 503);
  const auto internal = "FAIL " + std::to_string(static_cast<int>(ErrorCode::kInternal));
  EXPECT_EQ(Ask(PostSql(internal)).status, 500);
}

TEST_F(HttpServerTest, AnswersTheSmallEndpoints) {
  Start();
  EXPECT_EQ(Ask(Get("/health")).body, "ok\n");
  EXPECT_EQ(Ask(Get("/v1/ready")).body, "ready");
  backend_->ready = false;
  const auto not_ready = Ask(Get("/v1/ready"));
  EXPECT_EQ(not_ready.status, 503);
  EXPECT_EQ(not_ready.body, "not ready");
  EXPECT_EQ(Ask(Get("/v1/datasets?status=true")).body,
            R"([{"from":"dynamodb:users","name":"users","replication_enabled":false,)"
            R"("acceleration_enabled":false,"status":"Initializing"}])");
  EXPECT_EQ(Ask(Get("/nothing")).status, 404);
  const auto wrong_method = Ask(Get("/v1/sql"));
  EXPECT_EQ(wrong_method.status, 405);
  EXPECT_EQ(wrong_method.headers.at("allow"), "POST");
}

TEST_F(HttpServerTest, AnswersHeadWithoutABody) {
  Start();
  TestClient client(port());
  client.Send(Get("/health", "HEAD") + Get("/health"));
  const auto head = client.Receive(true);
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.headers.at("content-length"), "3");
  EXPECT_EQ(client.Receive().body, "ok\n");
}

TEST_F(HttpServerTest, KeepsTheConnectionAndTakesPipelinedRequests) {
  Start();
  TestClient client(port());
  std::string requests;
  for (int i = 0; i < 20; ++i) requests += PostSql("SELECT " + std::to_string(i) + " AS a");
  client.Send(requests);
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(client.Receive().body, "[{\"a\":" + std::to_string(i) + "}]");
  }
  client.Send("GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  EXPECT_EQ(client.Receive().headers.at("connection"), "close");
  EXPECT_TRUE(client.AtEnd());
}

TEST_F(HttpServerTest, TakesABodyByteByByte) {
  Start();
  TestClient client(port());
  for (const char c : PostSql("SELECT 1 AS a")) client.Send(std::string(1, c));
  EXPECT_EQ(client.Receive().body, "[{\"a\":1}]");
  client.Send("POST /v1/sql HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
  client.Send("7\r\nSELECT \r\n6\r\n2 AS a\r\n0\r\n\r\n");
  EXPECT_EQ(client.Receive().body, "[{\"a\":2}]");
}

TEST_F(HttpServerTest, InvitesTheBodyWhenAsked) {
  Start();
  TestClient client(port());
  const std::string request = PostSql("SELECT 1 AS a", "Expect: 100-continue\r\n");
  const size_t body = request.find("SELECT");
  client.Send(request.substr(0, body));
  EXPECT_EQ(client.Receive().status, 100);
  client.Send(request.substr(body));
  EXPECT_EQ(client.Receive().body, "[{\"a\":1}]");
}

TEST_F(HttpServerTest, StreamsALongResult) {
  options_.piece_bytes = 1000;
  Start();
  const auto response =
      Ask(PostSql("SELECT i FROM range(20000) t(i)", "Accept: application/x-ndjson\r\n"));
  EXPECT_EQ(response.headers.at("transfer-encoding"), "chunked");
  EXPECT_TRUE(response.complete);
  std::string expected;
  for (int i = 0; i < 20000; ++i) expected += "{\"i\":" + std::to_string(i) + "}\n";
  EXPECT_EQ(response.body, expected);
}

TEST_F(HttpServerTest, StreamsToOldClients) {
  options_.piece_bytes = 1000;
  Start();
  const std::string sql = "SELECT i FROM range(2000) t(i)";
  const auto response = Ask(
      "POST /v1/sql HTTP/1.0\r\nContent-Length: " + std::to_string(sql.size()) + "\r\n\r\n" + sql);
  EXPECT_EQ(response.headers.count("transfer-encoding"), 0u);
  EXPECT_TRUE(response.complete);
  EXPECT_EQ(response.body.substr(response.body.size() - 11), "{\"i\":1999}]");
}

TEST_F(HttpServerTest, BreaksOffWhenTheQueryFailsLate) {
  options_.piece_bytes = 1000;
  Start();
  const auto late = Ask(PostSql("BREAK AFTER 3"));
  EXPECT_EQ(late.status, 200);
  EXPECT_FALSE(late.complete);
  const auto old = Ask("POST /v1/sql HTTP/1.0\r\nContent-Length: 13\r\n\r\nBREAK AFTER 3");
  EXPECT_FALSE(old.complete);
  const auto early = Ask(PostSql("BREAK AFTER 0"));
  EXPECT_EQ(early.status, 503);
  EXPECT_EQ(early.body, "the scan broke");
}

TEST_F(HttpServerTest, RefusesATableThatIsTooLong) {
  options_.table_rows_max = 100;
  Start();
  const auto response = Ask(PostSql("SELECT i FROM range(101) t(i)", "Accept: text/plain\r\n"));
  EXPECT_EQ(response.status, 400);
  EXPECT_NE(response.body.find("at most 100 rows"), std::string::npos) << response.body;
}

TEST_F(HttpServerTest, CountsWarnings) {
  Start();
  EXPECT_EQ(Ask(PostSql("WARN")).headers.at("sumac-warnings"), "2");
}

TEST_F(HttpServerTest, TheEnvelopeEndsWithTheWarnings) {
  Start();
  const std::string accept = "Accept: application/vnd.spiceai.sql.v1+json\r\n";
  const auto warned = Ask(PostSql("WARN", accept));
  EXPECT_TRUE(warned.body.ends_with(R"(,"warnings":["one","two"]})")) << warned.body;
  const auto clean = Ask(PostSql("SELECT 1 AS a", accept));
  EXPECT_EQ(clean.body.find("warnings"), std::string::npos) << clean.body;
}

TEST_F(HttpServerTest, SaysWhatAQueryHasCost) {
  Start();
  EXPECT_EQ(Ask(PostSql("SELECT 1 AS a")).headers.at("sumac-consumed-rcu"), "0");
  const auto refused = Ask(PostSql("FAIL 0"));
  EXPECT_EQ(refused.headers.count("sumac-consumed-rcu"), 0u);
  backend_->read_units = 12.5;
  EXPECT_EQ(Ask(PostSql("SELECT 1 AS a")).headers.at("sumac-consumed-rcu"), "12.5");
  EXPECT_EQ(Ask(PostSql("FAIL 0")).headers.at("sumac-consumed-rcu"), "12.5");
  const auto envelope =
      Ask(PostSql("SELECT 1 AS a", "Accept: application/vnd.spiceai.sql.v1+json\r\n"));
  EXPECT_TRUE(envelope.body.ends_with(R"(,"consumed_rcu":12.5})")) << envelope.body;
}

TEST_F(HttpServerTest, RefreshesASchema) {
  Start();
  backend_->schema_change = datasets::SchemaChange{{"nickname"}, {}, {}};
  const std::string request =
      "POST /v1/datasets/users/schema/refresh HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n";
  const auto reply = Ask(request);
  EXPECT_EQ(reply.status, 200);
  EXPECT_NE(reply.body.find(R"("added":["nickname"])"), std::string::npos) << reply.body;
}

TEST_F(HttpServerTest, AsksForARefreshOfACopy) {
  Start();
  backend_->accelerated = true;
  const std::string body = R"({"refresh_mode":"full"})";
  const std::string post = "POST /v1/datasets/users/acceleration/refresh HTTP/1.1\r\nHost: x\r\n";
  const auto asked =
      Ask(post + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
  EXPECT_EQ(asked.status, 201);
  EXPECT_EQ(asked.body, R"({"message":"Dataset refresh triggered for users."})");
  EXPECT_EQ(backend_->refresh_overrides.refresh_mode, spicepod::RefreshMode::kFull);
  EXPECT_EQ(Ask(post + "Origin: http://evil.example\r\nContent-Length: 0\r\n\r\n").status, 403);
  EXPECT_EQ(backend_->refreshes_requested, 1);
}

TEST_F(HttpServerTest, RefusesWhatCostsForAPageOfAnotherSite) {
  Start();
  const std::tuple<const char*, const char*, int> cases[] = {
      {"127.0.0.1:8090", "http://127.0.0.1:8090", 200},
      {"[::1]:80", "http://[::1]:80", 200},
      {"localhost", "http://localhost", 200},
      {"localhost", "https://evil.example", 403},
      {"localhost", "http://localhost:81", 403},
      {"localhost", "null", 403},
      // A name that was made to lead here.
      {"evil.example:8090", "http://evil.example:8090", 403},
      {"1.evil.example", "http://1.evil.example", 403}};
  for (const auto& [host, origin, status] : cases) {
    const auto headers = std::string(" HTTP/1.1\r\nHost: ") + host + "\r\nOrigin: " + origin +
                         "\r\nContent-Length: ";
    EXPECT_EQ(Ask("POST /v1/datasets/users/schema/refresh" + headers + "0\r\n\r\n").status, status)
        << host << ' ' << origin;
    EXPECT_EQ(Ask("POST /v1/sql" + headers + "8\r\n\r\nSELECT 1").status, status)
        << host << ' ' << origin;
  }
}

TEST_F(HttpServerTest, ServesMetricsAndNothingElse) {
  options_.interface = Interface::kMetrics;
  options_.query_threads = 0;
  Start();
  const auto metrics = Ask(Get("/metrics"));
  EXPECT_EQ(metrics.status, 200);
  EXPECT_EQ(metrics.headers.at("content-type"), "text/plain; version=0.0.4; charset=utf-8");
  EXPECT_EQ(metrics.body, "up 1\n");
  EXPECT_EQ(Ask(Get("/health")).status, 200);
  EXPECT_EQ(Ask(PostSql("SELECT 1")).status, 404);
}

TEST_F(HttpServerTest, InterruptsTheQueryOfAClientThatLeaves) {
  Start();
  {
    TestClient client(port());
    client.Send(PostSql("BLOCK"));
    backend_->WaitForQueries(1);
  }
  backend_->WaitForQueries(0);
  EXPECT_GT(backend_->interrupts, 0);
}

TEST_F(HttpServerTest, EndsTheStreamOfAClientThatLeaves) {
  options_.piece_bytes = 10000;
  Start();
  {
    TestClient client(port());
    client.Send(PostSql("ENDLESS"));
    backend_->WaitForQueries(1);
  }
  backend_->WaitForQueries(0);
}

TEST_F(HttpServerTest, BoundsRunningAndWaitingQueries) {
  options_.query_threads = 1;
  options_.queued_queries_max = 1;
  Start();
  TestClient running(port());
  running.Send(PostSql("BLOCK"));
  backend_->WaitForQueries(1);
  // One of the two waits and the other is refused.
  auto one = std::async(std::launch::async, [&] { return Ask(PostSql("SELECT 1 AS a")).status; });
  auto two = std::async(std::launch::async, [&] { return Ask(PostSql("SELECT 1 AS a")).status; });
  while (one.wait_for(std::chrono::milliseconds(1)) != std::future_status::ready &&
         two.wait_for(std::chrono::milliseconds(1)) != std::future_status::ready) {
  }
  EXPECT_EQ(Ask(Get("/health")).status, 200);
  backend_->Release();
  EXPECT_EQ(running.Receive().status, 200);
  EXPECT_EQ(one.get() + two.get(), 200 + 503);
}

TEST_F(HttpServerTest, BoundsRequests) {
  options_.header_bytes_max = 1000;
  options_.body_bytes_max = 1000;
  Start();
  EXPECT_EQ(Ask(PostSql(std::string(1001, ' '))).status, 413);
  EXPECT_EQ(Ask("POST /v1/sql HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n7d0\r\n" +
                std::string(2000, ' '))
                .status,
            413);
  EXPECT_EQ(Ask("GET /health HTTP/1.1\r\nX: " + std::string(2000, 'x') + "\r\n\r\n").status, 431);
  EXPECT_EQ(Ask("hello\r\n\r\n").status, 400);
  EXPECT_EQ(Ask(Get("/health")).status, 200);
}

TEST_F(HttpServerTest, BoundsLargeRequestsTogether) {
  options_.large_body_bytes_max = 3 << 20;
  Start();
  const std::string large = "SELECT 1 AS a --" + std::string(2 << 20, 'x');
  EXPECT_EQ(Ask(PostSql(large)).status, 200);
  EXPECT_EQ(Ask(PostSql(large)).status, 200);
  EXPECT_EQ(Ask(PostSql(large + large)).status, 503);
  EXPECT_EQ(Ask(PostSql(large)).status, 200);
}

TEST_F(HttpServerTest, BoundsConnections) {
  options_.connections_max = 1;
  Start();
  TestClient first(port());
  first.Send(Get("/health"));
  EXPECT_EQ(first.Receive().status, 200);
  TestClient second(port());
  EXPECT_EQ(second.Receive().status, 503);
  first.Send(Get("/health"));
  EXPECT_EQ(first.Receive().status, 200);
}

TEST_F(HttpServerTest, ClosesConnectionsThatDoNothing) {
  options_.idle_timeout_ms = 20;
  options_.header_timeout_ms = 20;
  options_.body_timeout_ms = 20;
  Start();
  for (const char* part :
       {"", "GET /hea", "POST /v1/sql HTTP/1.1\r\nContent-Length: 9\r\n\r\nSEL"}) {
    TestClient client(port());
    client.Send(part);
    EXPECT_TRUE(client.AtEnd()) << part;
  }
}

TEST_F(HttpServerTest, StopWaitsForQueries) {
  options_.stop_grace_ms = 600'000;  // however slow the machine is
  Start();
  TestClient client(port());
  client.Send(PostSql("BLOCK"));
  TestClient idle(port());
  backend_->WaitForQueries(1);
  auto stopped = std::async(std::launch::async, [&] { server_->Stop(); });
  EXPECT_TRUE(idle.AtEnd());
  const auto refused = Ask(PostSql("SELECT 1"));
  EXPECT_EQ(refused.status, 503);
  EXPECT_EQ(refused.body, "Runtime is shutting down");
  EXPECT_EQ(Ask(Get("/health")).status, 200);
  backend_->Release();
  const auto response = client.Receive();
  EXPECT_EQ(response.body, "[{\"a\":1}]");
  EXPECT_EQ(response.headers.at("connection"), "close");
  client.Close();
  stopped.get();
}

TEST_F(HttpServerTest, StopInterruptsQueriesAfterItsGrace) {
  options_.stop_grace_ms = 0;
  Start();
  TestClient client(port());
  client.Send(PostSql("BLOCK"));
  backend_->WaitForQueries(1);
  auto answer = std::async(std::launch::async, [&] {
    const auto response = client.Receive();
    client.Close();
    return response;
  });
  server_->Stop();
  EXPECT_EQ(answer.get().status, 503);
}

TEST_F(HttpServerTest, RefusesConnectionsOnceItHasStopped) {
  // Each stop is a race between the closing of the socket and the end of the loop.
  for (int i = 0; i < 20; ++i) {
    Start();
    server_->Stop();
    EXPECT_THROW(TestClient{port()}, boost::system::system_error);
  }
}

TEST_F(HttpServerTest, SaysWhyItCannotListen) {
  Start();
  HttpServerOptions options;
  options.listen = server_->address();
  const auto second = HttpServer::Start(options, backend_, clock_);
  ASSERT_FALSE(second.has_value());
  EXPECT_EQ(second.error().message, "could not listen on " + server_->address() +
                                        ": address already in use; choose another with --http");
}

TEST_F(HttpServerTest, ServesManyClientsAtOnce) {
  options_.io_threads = 2;
  options_.piece_bytes = 5000;
  Start();
  std::vector<std::thread> clients;
  std::atomic<int> right{0};
  for (int i = 0; i < 16; ++i) {
    clients.emplace_back([&] {
      TestClient client(port());
      for (int j = 0; j < 10; ++j) {
        client.Send(PostSql("SELECT i FROM range(" + std::to_string(j * 1000) + ") t(i)",
                            "Accept: text/csv\r\n"));
        const auto response = client.Receive();
        const auto lines = std::count(response.body.begin(), response.body.end(), '\n');
        if (response.complete && lines == j * 1000 + 1) ++right;
      }
    });
  }
  for (auto& client : clients) client.join();
  EXPECT_EQ(right, 160);
}

}  // namespace
}  // namespace sumac::server
