// Pages of other origins, as browsers ask for them.
#include <gtest/gtest.h>

#include "server/http/fake_backend.h"
#include "server/http/http_server.h"
#include "server/http/test_client.h"

namespace sumac::server {
namespace {

constexpr char kPage[] = "Origin: https://app.example.com\r\n";
constexpr char kOtherPage[] = "Origin: https://evil.example\r\n";

Result<Cors> Parsed(const std::string& cors) {
  const auto loaded = spicepod::ParseSpicepod(
      "version: v1\nkind: Spicepod\nname: p\nruntime:\n  cors: " + cors, "p.yaml");
  EXPECT_TRUE(loaded.has_value()) << loaded.error().message;
  return Cors::Create(loaded->pod);
}

class CorsHttpTest : public testing::Test {
 protected:
  void Start(const std::string& cors, const std::vector<std::string>& keys = {}) {
    HttpServerOptions options;
    options.listen = "127.0.0.1:0";
    options.cors = Parsed(cors).value();
    options.api_keys = std::make_shared<CurrentApiKeys>(ApiKeys::Create(keys).value());
    auto started = HttpServer::Start(options, backend_, clock_);
    ASSERT_TRUE(started.has_value()) << started.error().message;
    server_ = std::move(*started);
  }

  TestResponse Ask(const std::string& request) {
    TestClient client(server_->port());
    client.Send(request);
    return client.Receive();
  }
  TestResponse Preflight(const std::string& origin, const std::string& path = "/v1/sql") {
    return Ask("OPTIONS " + path + " HTTP/1.1\r\nHost: x\r\n" + origin +
               "Access-Control-Request-Method: POST\r\n\r\n");
  }
  static std::string Allowed(const TestResponse& response) {
    const auto found = response.headers.find("access-control-allow-origin");
    return found == response.headers.end() ? "" : found->second;
  }

  std::shared_ptr<FakeBackend> backend_ = std::make_shared<FakeBackend>();
  ManualClock clock_;
  std::unique_ptr<HttpServer> server_;
};

TEST_F(CorsHttpTest, IsOffUnlessEnabled) {
  for (const char* cors : {"{}", "{enabled: false, allowed_origins: [\"*\"]}"}) {
    Start(cors);
    EXPECT_EQ(Preflight(kPage).status, 405);
    // It is not run, either: it may cost.
    const auto answer = Ask(PostSql("SELECT 1 AS a", kPage));
    EXPECT_EQ(answer.status, 403);
    EXPECT_EQ(Allowed(answer), "");
    EXPECT_EQ(answer.headers.count("vary"), 0U);
  }
}

TEST_F(CorsHttpTest, NamedPagesMayReadAnswers) {
  Start("{enabled: true, allowed_origins: [https://app.example.com, 'http://localhost:3000']}");
  const auto preflight = Preflight(kPage);
  EXPECT_EQ(preflight.status, 204);
  EXPECT_EQ(preflight.body, "");
  EXPECT_EQ(preflight.headers.count("content-length"), 0U);
  EXPECT_EQ(Allowed(preflight), "https://app.example.com");
  EXPECT_EQ(preflight.headers.at("access-control-allow-methods"), "GET, POST, PATCH, OPTIONS");
  EXPECT_EQ(preflight.headers.at("vary"), "Origin");
  const auto answer = Ask(PostSql("SELECT 1 AS a", kPage));
  EXPECT_EQ(answer.body, R"([{"a":1}])");
  EXPECT_EQ(Allowed(answer), "https://app.example.com");
  EXPECT_EQ(answer.headers.at("vary"), "Origin");
  EXPECT_EQ(answer.headers.count("access-control-allow-credentials"), 0U);
  EXPECT_EQ(Allowed(Preflight(kOtherPage)), "");
  const auto other = Ask(PostSql("SELECT 1 AS a", kOtherPage));
  EXPECT_EQ(other.status, 403);
  EXPECT_EQ(Allowed(other), "");
  EXPECT_EQ(Allowed(Ask(PostSql("SELECT 1 AS a"))), "");
  EXPECT_EQ(Ask(Get("/health")).headers.at("vary"), "Origin");
}

TEST_F(CorsHttpTest, AStarAllowsAllPagesWithoutCredentials) {
  Start("{enabled: true}");
  EXPECT_EQ(Allowed(Preflight(kOtherPage)), "*");
  const auto answer = Ask(PostSql("SELEC", kOtherPage));
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(Allowed(answer), "*");
  EXPECT_EQ(answer.headers.count("access-control-allow-credentials"), 0U);
}

// A browser asks before it has shown the key.
TEST_F(CorsHttpTest, PreflightsNeedNoKey) {
  Start("{enabled: true}", {"reader"});
  EXPECT_EQ(Preflight(kPage).status, 204);
  const auto refused = Ask(PostSql("SELECT 1 AS a", kPage));
  EXPECT_EQ(refused.status, 401);
  EXPECT_EQ(Allowed(refused), "*");
  EXPECT_EQ(Ask(PostSql("SELECT 1 AS a", std::string(kPage) + "X-API-Key: reader\r\n")).status,
            200);
  // What is no preflight is a method like others.
  EXPECT_EQ(Ask("OPTIONS /v1/sql HTTP/1.1\r\nHost: x\r\n\r\n").status, 401);
}

TEST_F(CorsHttpTest, OnlyNamedPagesMayChangeSomething) {
  backend_->accelerated = true;
  const auto refresh = [this](const char* origin) {
    return Ask(std::string("POST /v1/datasets/users/acceleration/refresh HTTP/1.1\r\nHost: x\r\n") +
               origin + "Content-Length: 0\r\n\r\n")
        .status;
  };
  Start("{enabled: true, allowed_origins: ['https://app.example.com']}");
  EXPECT_EQ(refresh(kPage), 201);
  EXPECT_EQ(refresh(kOtherPage), 403);
  Start("{enabled: true}");
  EXPECT_EQ(refresh(kPage), 403);
}

TEST(CorsTest, OriginsAreChecked) {
  for (const char* origin : {"app.example.com", "https://app.example.com/", "https://", "null",
                             "https://*.example.com", "HTTPS://app.example.com"}) {
    const auto cors = Parsed(std::string("{enabled: true, allowed_origins: ['") + origin + "']}");
    ASSERT_FALSE(cors.has_value()) << origin;
    EXPECT_EQ(cors.error().message.find("p.yaml:5:9: runtime.cors: '"), 0U) << cors.error().message;
  }
}

}  // namespace
}  // namespace sumac::server
