// Queries that run, as others see and cancel them.
#include <gmock/gmock.h>

#include "server/http/fake_backend.h"
#include "server/http/http_server.h"
#include "server/http/test_client.h"
#include "server/random_id.h"

namespace sumac::server {
namespace {

class ActiveQueriesHttpTest : public testing::Test {
 protected:
  void SetUp() override {
    HttpServerOptions options;
    options.listen = "127.0.0.1:0";
    options.query_threads = 1;
    options.active_queries = queries_;
    auto started = HttpServer::Start(options, backend_, clock_);
    ASSERT_TRUE(started.has_value()) << started.error().message;
    server_ = std::move(*started);
  }

  TestResponse Ask(const std::string& request) {
    TestClient client(server_->port());
    client.Send(request);
    return client.Receive();
  }

  TestResponse Cancel(const std::string& id, const std::string& headers = "") {
    return Ask("POST /v1/sql/" + id + "/cancel HTTP/1.1\r\nHost: x\r\n" + headers +
               "Content-Length: 0\r\n\r\n");
  }

  ManualClock clock_;
  std::shared_ptr<ActiveQueries> queries_ = std::make_shared<ActiveQueries>(clock_);
  std::shared_ptr<FakeBackend> backend_ = std::make_shared<FakeBackend>();
  std::unique_ptr<HttpServer> server_;
};

TEST_F(ActiveQueriesHttpTest, AreListedAndCancelled) {
  EXPECT_EQ(Ask(Get("/v1/sql/active")).body, R"({"queries":[],"total_count":0})");
  TestClient client(server_->port());
  client.Send(PostSql("BLOCK"));
  backend_->WaitForQueries(1);
  const auto running = queries_->List();
  ASSERT_EQ(running.size(), 1U);
  EXPECT_THAT(Ask(Get("/v1/sql/active")).body,
              testing::MatchesRegex(R"(\{"queries":\[\{"query_id":")" + running[0].id +
                                    R"(","protocol":"http","sql_preview":"BLOCK",)"
                                    R"("started_at_ms":[0-9]+\}\],"total_count":1\})"));
  const auto cancelled = Cancel(running[0].id);
  EXPECT_EQ(cancelled.status, 200);
  EXPECT_EQ(cancelled.body, R"({"query_id":")" + running[0].id + R"(","status":"cancelled"})");
  const auto answer = client.Receive();
  EXPECT_EQ(answer.status, 400);
  EXPECT_THAT(answer.body, testing::HasSubstr("cancelled"));
  EXPECT_EQ(Ask(Get("/v1/sql/active")).body, R"({"queries":[],"total_count":0})");
}

TEST_F(ActiveQueriesHttpTest, OneThatWaitsForItsTurnIsCancelledToo) {
  TestClient first(server_->port());
  first.Send(PostSql("BLOCK"));
  backend_->WaitForQueries(1);
  TestClient second(server_->port());
  second.Send(PostSql("SELECT 2 AS b"));
  while (queries_->List().size() < 2) std::this_thread::yield();
  EXPECT_EQ(Cancel(queries_->List()[1].id).status, 200);
  backend_->Release();
  EXPECT_EQ(first.Receive().status, 200);
  EXPECT_EQ(second.Receive().status, 400);
  EXPECT_EQ(backend_->executions, 2);
}

TEST_F(ActiveQueriesHttpTest, OthersAreRefused) {
  EXPECT_EQ(Cancel("7").status, 400);
  EXPECT_EQ(Cancel(RandomId()).status, 404);
  EXPECT_EQ(Cancel(RandomId(), "Origin: http://elsewhere\r\n").status, 403);
  EXPECT_EQ(Ask(Get("/v1/sql/" + RandomId() + "/cancel")).status, 405);
}

}  // namespace
}  // namespace sumac::server
