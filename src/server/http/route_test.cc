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
  };
  for (const auto& [method, target, endpoint] : cases) {
    const auto route = FindRoute(method, target);
    ASSERT_TRUE(route.has_value()) << target;
    EXPECT_EQ(route->endpoint, endpoint) << target;
  }
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
