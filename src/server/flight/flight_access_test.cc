#include "server/flight/flight_access.h"

#include <gmock/gmock.h>

namespace sumac::server {
namespace {

class FlightAccessTest : public testing::Test {
 protected:
  static ApiKeys Keys(const std::vector<std::string>& keys) {
    auto made = ApiKeys::Create(keys);
    EXPECT_TRUE(made.has_value());
    return *std::move(made);
  }

  ManualClock clock_;
  FlightAccess open_{std::make_shared<CurrentApiKeys>(), clock_};
  const std::shared_ptr<CurrentApiKeys> keys_ =
      std::make_shared<CurrentApiKeys>(Keys({"reader", "writer:rw"}));
  FlightAccess locked_{keys_, clock_};
};

TEST_F(FlightAccessTest, EverybodyMayCallWithoutKeys) {
  EXPECT_EQ(*open_.Check("", ""), Access::kReadWrite);
  EXPECT_EQ(*open_.Check("Bearer whatever", ""), Access::kReadWrite);
  EXPECT_TRUE(open_.Begin("", "").has_value());
}

TEST_F(FlightAccessTest, AKeyIsShownInSeveralWays) {
  EXPECT_EQ(*locked_.Check("Bearer reader", ""), Access::kRead);
  EXPECT_EQ(*locked_.Check("bearer  writer", ""), Access::kReadWrite);
  EXPECT_EQ(*locked_.Check("", "writer"), Access::kReadWrite);
  // user:writer, and :reader as the JDBC driver sends it
  EXPECT_EQ(*locked_.Check("Basic dXNlcjp3cml0ZXI=", ""), Access::kReadWrite);
  EXPECT_EQ(*locked_.Check("Basic OnJlYWRlcg==", ""), Access::kRead);
}

TEST_F(FlightAccessTest, OthersAreRefused) {
  EXPECT_EQ(locked_.Check("", "").error().message, "Missing authorization header");
  for (const char* shown : {"Bearer", "Bearer ", "Bearer nobody", "reader", "Basic", "Basic !",
                            "Basic ====", "Basic cmVhZGVy",
                            "Basic dXNlcjpub2JvZHk=", "Digest reader", "Bearer reader "}) {
    const auto access = locked_.Check(shown, "");
    ASSERT_FALSE(access.has_value()) << shown;
    EXPECT_EQ(access.error().message, "Invalid credentials") << shown;
  }
  EXPECT_FALSE(locked_.Check("", "nobody").has_value());
  EXPECT_FALSE(locked_.Begin("", "nobody").has_value());
  EXPECT_EQ(locked_.Begin("", "").error().message, "Missing authorization header");
}

TEST_F(FlightAccessTest, ATokenStandsForItsKey) {
  const auto token = locked_.Begin("Basic dXNlcjp3cml0ZXI=", "");
  ASSERT_TRUE(token.has_value());
  EXPECT_EQ(*locked_.Check("Bearer " + *token, ""), Access::kReadWrite);
  EXPECT_EQ(*locked_.Check("Bearer " + *locked_.Begin("", "reader"), ""), Access::kRead);
  clock_.Advance(std::chrono::minutes(59));
  EXPECT_TRUE(locked_.Check("Bearer " + *token, "").has_value());
  clock_.Advance(std::chrono::minutes(59));
  EXPECT_TRUE(locked_.Check("Bearer " + *token, "").has_value());
  clock_.Advance(std::chrono::minutes(61));
  EXPECT_FALSE(locked_.Check("Bearer " + *token, "").has_value());
}

TEST_F(FlightAccessTest, ATokenGoesWithItsKey) {
  const std::string reader = "Bearer " + *locked_.Begin("", "reader");
  const std::string writer = "Bearer " + *locked_.Begin("", "writer");
  keys_->Replace(Keys({"writer:ro", "another"}));
  EXPECT_FALSE(locked_.Check(reader, "").has_value());
  EXPECT_EQ(*locked_.Check(writer, ""), Access::kRead);
  EXPECT_TRUE(locked_.Check("Bearer another", "").has_value());
}

TEST_F(FlightAccessTest, TokensHaveABound) {
  const auto first = locked_.Begin("Bearer reader", "");
  clock_.Advance(std::chrono::seconds(1));
  for (size_t i = 0; i < FlightAccess::kTokensMax; ++i) {
    ASSERT_TRUE(locked_.Begin("Bearer reader", "").has_value());
  }
  EXPECT_FALSE(locked_.Check("Bearer " + *first, "").has_value());
}

}  // namespace
}  // namespace sumac::server
