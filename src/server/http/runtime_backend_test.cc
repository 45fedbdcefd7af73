// The server over a Runtime without datasets: SQL from the network, end to end.
#include "server/http/runtime_backend.h"

#include <gtest/gtest.h>

#include "server/http/test_client.h"

namespace sumac::server {
namespace {

class RuntimeBackendTest : public testing::Test {
 protected:
  void SetUp() override {
    datasets::RuntimeOptions runtime_options;
    runtime_options.database.threads = 1;
    runtime_options.database.shut_in = true;
    auto runtime = datasets::Runtime::Create(spicepod::Spicepod(), std::move(runtime_options));
    ASSERT_TRUE(runtime.has_value()) << runtime.error().message;
    runtime_ = std::move(*runtime);
    runtime_->Load();
    HttpServerOptions options;
    options.listen = "127.0.0.1:0";
    options.results_cache = std::make_shared<ResultsCache>(
        ResultsCacheOptions{}, std::make_shared<ManualClock>(), &runtime_->metrics());
    auto server = HttpServer::Start(options, *runtime_);
    ASSERT_TRUE(server.has_value()) << server.error().message;
    server_ = std::move(*server);
  }

  TestResponse Ask(const std::string& request) {
    TestClient client(server_->port());
    client.Send(request);
    return client.Receive();
  }

  std::unique_ptr<datasets::Runtime> runtime_;
  std::unique_ptr<HttpServer> server_;
};

TEST_F(RuntimeBackendTest, AnswersQueries) {
  EXPECT_EQ(Ask(PostSql("SELECT 1 AS a")).body, "[{\"a\":1}]");
  const auto parameters = R"({"sql": "SELECT $a || $b AS v", "parameters": {"a": "x", "b": "y"}})";
  EXPECT_EQ(Ask(PostSql(parameters, "Content-Type: application/json\r\n")).body,
            "[{\"v\":\"xy\"}]");
  EXPECT_EQ(Ask(Get("/v1/ready")).body, "ready");
  EXPECT_EQ(Ask(Get("/v1/datasets")).body, "[]");
}

TEST_F(RuntimeBackendTest, KeepsTheAnswersThatStayTrue) {
  const auto second = [&](const std::string& sql) {
    Ask(PostSql(sql));
    return Ask(PostSql(sql)).headers.at("results-cache-status");
  };
  EXPECT_EQ(second("SELECT 1 AS a"), "HIT");
  for (const char* sql :
       {"SELECT now()", "SELECT random()", "SELECT uuid()",
        "SELECT count(*) FROM range(TIMESTAMP '2024-01-01', TIMESTAMP '2024-01-02', INTERVAL 1 "
        "DAY) "
        "t(ts) WHERE ts > now() - INTERVAL 1 DAY",
        "EXPLAIN ANALYZE SELECT 1", "SELECT count(*) FROM duckdb_tables()",
        "SELECT count(*) FROM runtime.datasets", "SELECT 1; SELECT 1"}) {
    EXPECT_EQ(second(sql), "BYPASS") << sql;
  }
  EXPECT_NE(runtime_->metrics().Text().find("\nresults_cache_hits 1\n"), std::string::npos);
}

TEST_F(RuntimeBackendTest, RefusesWhatIsNotServed) {
  for (const char* sql : {"SELEC 1", "SELECT * FROM nothing", "COPY (SELECT 1) TO '/tmp/x.csv'",
                          "SELECT * FROM read_csv('/etc/passwd')", "ATTACH ':memory:' AS x",
                          "SET threads = 4", "INSTALL httpfs", "SELECT $1"}) {
    const auto response = Ask(PostSql(sql));
    EXPECT_EQ(response.status, 400) << sql << ": " << response.body;
    EXPECT_FALSE(response.body.empty()) << sql;
  }
}

TEST_F(RuntimeBackendTest, InterruptsTheQueryOfAClientThatLeaves) {
  {
    TestClient client(server_->port());
    client.Send(PostSql("SELECT count(*) FROM range(1000000000000) a, range(1000000000000) b"));
  }
  // Would wait for the query's end, were it not interrupted.
  server_->Stop();
}

}  // namespace
}  // namespace sumac::server
