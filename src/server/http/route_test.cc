#include "server/http/route.h"

#include <gtest/gtest.h>

namespace sumac::server {
namespace {

TEST(FindRoute, KnowsItsEndpoints) {
  const std::tuple<const char*, const char*, Endpoint> cases[] = {
      {"POST", "/v1/sql", Endpoint::kSql},
      {"POST", "/v1/sql?x=1", Endpoint::kSql},
      {"GET", "/health", Endpoint::kHealth},
      {"HEAD", "/health", Endpoint::kHealth},
      {"GET", "/v1/ready", Endpoint::kReady},
      {"GET", "/v1/datasets", Endpoint::kDatasets},
      {"GET", "/v1/%64atasets", Endpoint::kDatasets},
      {"GET", "http://localhost:8090/v1/datasets", Endpoint::kDatasets},
      {"GET", "https://a.example/v1/datasets?status=true", Endpoint::kDatasets},
      {"GET", "/v1/status", Endpoint::kStatus},
      {"GET", "/v1/catalogs", Endpoint::kCatalogs},
      {"GET", "/v1/spicepods?format=csv", Endpoint::kSpicepods},
  };
  for (const auto& [method, target, endpoint] : cases) {
    const auto route = FindRoute(method, target);
    ASSERT_TRUE(route.has_value()) << target;
    EXPECT_EQ(route->endpoint, endpoint) << target;
  }
}

TEST(FindRoute, TakesTheDatasetFromThePath) {
  for (const auto& [target, dataset] :
       {std::pair{"/v1/datasets/users/schema/refresh", "users"},
        {"/v1/datasets/sales.orders/schema/refresh?x=1", "sales.orders"},
        {"/v1/datasets/a%2Fb%20c/schema/refresh", "a/b c"}}) {
    const auto route = FindRoute("POST", target);
    ASSERT_TRUE(route.has_value()) << target;
    EXPECT_EQ(route->endpoint, Endpoint::kSchemaRefresh);
    EXPECT_EQ(route->name, dataset);
  }
  EXPECT_EQ(FindRoute("GET", "/v1/datasets/users/schema/refresh").error().status, 405);
  EXPECT_EQ(FindRoute("POST", "/v1/datasets//schema/refresh").error().status, 404);
  EXPECT_EQ(FindRoute("POST", "/v1/datasets/schema/refresh").error().status, 404);
}

TEST(FindRoute, TellsTheRefreshesOfADatasetApart) {
  const auto route = FindRoute("POST", "/v1/datasets/a%2Fb/acceleration/refresh");
  ASSERT_TRUE(route.has_value());
  EXPECT_EQ(route->endpoint, Endpoint::kAccelerationRefresh);
  EXPECT_EQ(route->name, "a/b");
  const auto refused = FindRoute("GET", "/v1/datasets/users/acceleration/refresh");
  EXPECT_EQ(refused.error().status, 405);
  EXPECT_EQ(refused.error().body, "/v1/datasets/{name}/acceleration/refresh takes POST, not GET.");
  EXPECT_EQ(FindRoute("POST", "/v1/datasets//acceleration/refresh").error().status, 404);
  EXPECT_EQ(FindRoute("PATCH", "/v1/datasets/users/acceleration")->endpoint,
            Endpoint::kAccelerationChange);
  EXPECT_EQ(FindRoute("POST", "/v1/datasets/users/acceleration").error().status, 405);
}

TEST(FindRoute, MetricsHaveAServerOfTheirOwn) {
  EXPECT_EQ(FindRoute("GET", "/metrics", Interface::kMetrics)->endpoint, Endpoint::kMetrics);
  EXPECT_EQ(FindRoute("GET", "/health", Interface::kMetrics)->endpoint, Endpoint::kHealth);
  EXPECT_EQ(FindRoute("GET", "/metrics").error().status, 404);
  for (const char* target :
       {"/v1/sql", "/v1/datasets", "/v1/ready", "/v1/datasets/users/schema/refresh", "/"}) {
    EXPECT_EQ(FindRoute("POST", target, Interface::kMetrics).error().status, 404) << target;
  }
  EXPECT_EQ(FindRoute("POST", "/metrics", Interface::kMetrics).error().status, 405);
}

TEST(FindRoute, RefusesTheRest) {
  const std::tuple<const char*, const char*, int, const char*> cases[] = {
      {"GET", "/", 404, nullptr},
      {"GET", "/v1/sql/", 404, nullptr},
      {"GET", "", 404, nullptr},
      {"POST", "/V1/SQL", 404, nullptr},
      {"GET", "/v1/sql", 405, "POST"},
      {"HEAD", "/v1/sql", 405, "POST"},
      {"POST", "/health", 405, "GET, HEAD"},
      {"DELETE", "/v1/datasets", 405, "GET, HEAD"},
      {"GET", "/v1/%4", 400, nullptr},
      {"GET", "/v1/datasets?a=%zz", 400, nullptr},
  };
  for (const auto& [method, target, status, allow] : cases) {
    const auto route = FindRoute(method, target);
    ASSERT_FALSE(route.has_value()) << target;
    EXPECT_EQ(route.error().status, status) << target;
    if (allow == nullptr) {
      EXPECT_TRUE(route.error().headers.empty()) << target;
    } else {
      ASSERT_EQ(route.error().headers.size(), 1u) << target;
      EXPECT_EQ(route.error().headers[0], std::make_pair(std::string("Allow"), std::string(allow)));
    }
  }
}

TEST(FindRoute, DecodesTheQuery) {
  const auto route = FindRoute("GET", "/v1/datasets?status=true&source=dynamo%64b&a+b=c%20d&e&&f=");
  ASSERT_TRUE(route.has_value());
  const std::map<std::string, std::string> expected = {
      {"status", "true"}, {"source", "dynamodb"}, {"a b", "c d"}, {"e", ""}, {"f", ""}};
  EXPECT_EQ(route->query, expected);
}

}  // namespace
}  // namespace sumac::server
