// API keys as clients meet them.
#include <gtest/gtest.h>

#include "server/http/fake_backend.h"
#include "server/http/http_server.h"
#include "server/http/test_client.h"

namespace sumac::server {
namespace {

class ApiKeysHttpTest : public testing::Test {
 protected:
  void SetUp() override {
    HttpServerOptions options;
    options.listen = "127.0.0.1:0";
    options.api_keys =
        std::make_shared<CurrentApiKeys>(ApiKeys::Create({"reader", "writer:rw"}).value());
    auto started = HttpServer::Start(options, backend_, clock_);
    ASSERT_TRUE(started.has_value()) << started.error().message;
    server_ = std::move(*started);
  }

  TestResponse Ask(const std::string& request) {
    TestClient client(server_->port());
    client.Send(request);
    return client.Receive();
  }

  static std::string Request(const std::string& line, const std::string& headers) {
    return line + " HTTP/1.1\r\nHost: x\r\n" + headers + "Content-Length: 0\r\n\r\n";
  }

  std::shared_ptr<FakeBackend> backend_ = std::make_shared<FakeBackend>();
  ManualClock clock_;
  std::unique_ptr<HttpServer> server_;
};

TEST_F(ApiKeysHttpTest, AQueryNeedsAKey) {
  const auto refused = Ask(PostSql("SELECT 1 AS a"));
  EXPECT_EQ(refused.status, 401);
  EXPECT_EQ(refused.body, "Unauthorized");
  EXPECT_EQ(refused.headers.at("www-authenticate"), "Bearer");
  EXPECT_EQ(Ask(PostSql("SELECT 1 AS a", "X-API-Key: wrong\r\n")).status, 401);
  EXPECT_EQ(Ask(PostSql("SELECT 1 AS a", "x-api-key: reader\r\n")).body, R"([{"a":1}])");
  EXPECT_EQ(Ask(PostSql("SELECT 1 AS a", "Authorization: Bearer writer\r\n")).body, R"([{"a":1}])");
}

TEST_F(ApiKeysHttpTest, ProbesNeedNone) {
  EXPECT_EQ(Ask(Get("/health")).status, 200);
  EXPECT_EQ(Ask(Get("/v1/ready")).status, 200);
  for (const char* path : {"/v1/datasets", "/v1/status", "/v1/spicepods", "/nothing"}) {
    EXPECT_EQ(Ask(Get(path)).status, 401) << path;
  }
}

TEST_F(ApiKeysHttpTest, WhatChangesSomethingNeedsMore) {
  backend_->accelerated = true;
  const std::string refresh = "POST /v1/datasets/users/acceleration/refresh";
  EXPECT_EQ(Ask(Request(refresh, "")).status, 401);
  EXPECT_EQ(Ask(Request(refresh, "X-API-Key: reader\r\n")).status, 403);
  EXPECT_EQ(backend_->refreshes_requested, 0);
  EXPECT_EQ(Ask(Request(refresh, "X-API-Key: writer\r\n")).status, 201);
  EXPECT_EQ(backend_->refreshes_requested, 1);
}

// Who has no key cannot make the server hold 128 MiB for it.
TEST_F(ApiKeysHttpTest, NoBodyIsWaitedForWithoutAKey) {
  TestClient client(server_->port());
  client.Send(
      "POST /v1/sql HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n"
      "Content-Length: 100000000\r\n\r\n");
  const auto refused = client.Receive();
  EXPECT_EQ(refused.status, 401);
  EXPECT_EQ(refused.headers.at("connection"), "close");
}

TEST_F(ApiKeysHttpTest, TheConnectionStaysForTheNextRequest) {
  TestClient client(server_->port());
  client.Send(PostSql("SELECT 1 AS a"));
  EXPECT_EQ(client.Receive().status, 401);
  client.Send(PostSql("SELECT 1 AS a", "X-API-Key: reader\r\n"));
  EXPECT_EQ(client.Receive().status, 200);
}

}  // namespace
}  // namespace sumac::server
