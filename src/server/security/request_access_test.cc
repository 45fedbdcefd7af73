#include "server/security/request_access.h"

#include <gtest/gtest.h>

namespace sumac::server {
namespace {

constexpr Endpoint kOpen[] = {Endpoint::kHealth, Endpoint::kReady, Endpoint::kMetrics};
constexpr Endpoint kReading[] = {Endpoint::kSql, Endpoint::kDatasets, Endpoint::kStatus,
                                 Endpoint::kCatalogs, Endpoint::kSpicepods};
constexpr Endpoint kChanging[] = {Endpoint::kSchemaRefresh, Endpoint::kAccelerationRefresh};

// 0 when the request may go on.
int StatusFor(const ApiKeys& keys, const Endpoint* endpoint, const ShownKey& shown) {
  const auto refused = RefuseAccess(keys, endpoint, shown);
  return refused ? refused->status : 0;
}

TEST(RequestAccessTest, GoesByTheKeyAndTheEndpoint) {
  const auto keys = ApiKeys::Create({"r", "w:rw"}).value();
  for (const Endpoint endpoint : kOpen) EXPECT_EQ(StatusFor(keys, &endpoint, {}), 0);
  for (const Endpoint endpoint : kReading) {
    EXPECT_EQ(StatusFor(keys, &endpoint, {}), 401);
    EXPECT_EQ(StatusFor(keys, &endpoint, {"x", ""}), 401);
    EXPECT_EQ(StatusFor(keys, &endpoint, {"r", ""}), 0);
    EXPECT_EQ(StatusFor(keys, &endpoint, {"w", ""}), 0);
  }
  for (const Endpoint endpoint : kChanging) {
    EXPECT_EQ(StatusFor(keys, &endpoint, {"x", ""}), 401);
    EXPECT_EQ(StatusFor(keys, &endpoint, {"r", ""}), 403);
    EXPECT_EQ(StatusFor(keys, &endpoint, {"w", ""}), 0);
  }
  // What is not there is not told to everybody.
  EXPECT_EQ(StatusFor(keys, nullptr, {}), 401);
  EXPECT_EQ(StatusFor(keys, nullptr, {"r", ""}), 0);
}

TEST(RequestAccessTest, TakesTheKeyFromEitherHeader) {
  const auto keys = ApiKeys::Create({"r"}).value();
  const Endpoint sql = Endpoint::kSql;
  const std::pair<ShownKey, int> cases[] = {
      {{"", "Bearer r"}, 0},  {{"", "bearer r"}, 0},    {{"", "Bearer  r"}, 0},
      {{"", "r"}, 401},       {{"", "Basic r"}, 401},   {{"", "Bearer"}, 401},
      {{"", "Bearer "}, 401}, {{"x", "Bearer r"}, 401}, {{"r", "Bearer x"}, 0},
  };
  for (const auto& [shown, status] : cases) {
    EXPECT_EQ(StatusFor(keys, &sql, shown), status) << shown.api_key << "|" << shown.authorization;
  }
}

TEST(RequestAccessTest, WithoutKeysEverythingIsOpen) {
  for (const Endpoint endpoint : kChanging) EXPECT_EQ(StatusFor({}, &endpoint, {}), 0);
}

TEST(RequestAccessTest, SaysWhatIsMissing) {
  const auto keys = ApiKeys::Create({"r"}).value();
  const Endpoint refresh = Endpoint::kAccelerationRefresh;
  const auto unknown = RefuseAccess(keys, &refresh, {}).value();
  EXPECT_EQ(unknown.body, "Unauthorized");
  EXPECT_EQ(unknown.headers.at(0).first, "WWW-Authenticate");
  EXPECT_EQ(RefuseAccess(keys, &refresh, {"r", ""})->body,
            "This API key may only read; the Spicepod gives it more with ':rw'.");
}

}  // namespace
}  // namespace sumac::server
