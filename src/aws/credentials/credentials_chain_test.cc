#include "aws/credentials/credentials_chain.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "aws/credentials/environment_credentials_provider.h"
#include "aws/credentials/static_credentials_provider.h"

namespace sumac::aws {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

std::shared_ptr<CredentialsProvider> FromEnvironment(Environment variables) {
  return std::make_shared<EnvironmentCredentialsProvider>(std::move(variables));
}

std::shared_ptr<CredentialsProvider> Static(const std::string& key) {
  return std::make_shared<StaticCredentialsProvider>(
      Credentials{key, SecretString("secret"), SecretString(), std::nullopt});
}

TEST(EnvironmentCredentialsTest, ReadsTheThreeVariables) {
  const auto credentials = FromEnvironment({{"AWS_ACCESS_KEY_ID", "AKID"},
                                            {"AWS_SECRET_ACCESS_KEY", "secret"},
                                            {"AWS_SESSION_TOKEN", "token"}})
                               ->GetCredentials({});
  ASSERT_TRUE(credentials);
  EXPECT_EQ(credentials->access_key_id, "AKID");
  EXPECT_EQ(credentials->secret_access_key.Reveal(), "secret");
  EXPECT_EQ(credentials->session_token.Reveal(), "token");
  EXPECT_FALSE(credentials->expires_at);
}

TEST(EnvironmentCredentialsTest, NothingIsNotConfiguredAndHalfIsBroken) {
  EXPECT_EQ(FromEnvironment({})->GetCredentials({}).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(FromEnvironment({{"AWS_ACCESS_KEY_ID", ""}, {"AWS_SECRET_ACCESS_KEY", ""}})
                ->GetCredentials({})
                .error()
                .code,
            ErrorCode::kNotFound);
  // An old name that alone may belong to anything.
  EXPECT_EQ(FromEnvironment({{"SECRET_ACCESS_KEY", "s"}})->GetCredentials({}).error().code,
            ErrorCode::kNotFound);
  EXPECT_TRUE(FromEnvironment({{"AWS_ACCESS_KEY_ID", "AKID"}, {"SECRET_ACCESS_KEY", "s"}})
                  ->GetCredentials({}));
  const auto no_secret = FromEnvironment({{"AWS_ACCESS_KEY_ID", "AKID"}})->GetCredentials({});
  ASSERT_FALSE(no_secret);
  EXPECT_EQ(no_secret.error().code, ErrorCode::kUnauthenticated);
  EXPECT_EQ(no_secret.error().message,
            "AWS_ACCESS_KEY_ID is set and AWS_SECRET_ACCESS_KEY is not; set both");
  const auto no_key = FromEnvironment({{"AWS_SECRET_ACCESS_KEY", "hunter2"}})->GetCredentials({});
  ASSERT_FALSE(no_key);
  EXPECT_EQ(no_key.error().code, ErrorCode::kUnauthenticated);
  EXPECT_THAT(no_key.error().message, Not(HasSubstr("hunter2")));
}

TEST(CredentialsChainTest, TheFirstThatIsConfiguredDecides) {
  EXPECT_EQ(CredentialsChain({Static("first"), Static("second")}).GetCredentials({})->access_key_id,
            "first");
  EXPECT_EQ(
      CredentialsChain({FromEnvironment({}), Static("second")}).GetCredentials({})->access_key_id,
      "second");
}

// Falling through would use somebody else's credentials than those that were meant.
TEST(CredentialsChainTest, OneThatIsBrokenEndsTheSearch) {
  CredentialsChain chain({FromEnvironment({{"AWS_ACCESS_KEY_ID", "AKID"}}), Static("second")});
  const auto credentials = chain.GetCredentials({});
  ASSERT_FALSE(credentials);
  EXPECT_THAT(credentials.error().message,
              HasSubstr("from environment variables are configured and do not work: "));
}

TEST(CredentialsChainTest, SaysWhatWasTriedAndWhatToSet) {
  const auto credentials = CredentialsChain({FromEnvironment({})}).GetCredentials({});
  ASSERT_FALSE(credentials);
  EXPECT_EQ(credentials.error().code, ErrorCode::kUnauthenticated);
  EXPECT_THAT(credentials.error().message,
              AllOf(HasSubstr("environment variables: AWS_ACCESS_KEY_ID and"),
                    HasSubstr("give dynamodb_aws_access_key_id")));
}

}  // namespace
}  // namespace sumac::aws
