#include "aws/credentials/credentials_sources.h"

#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "aws/scripted_service.h"

namespace sumac::aws {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;
using testing::StartsWith;

constexpr char kSts[] =
    "<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>of-sts</AccessKeyId>"
    "<SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>"
    "<Expiration>2023-11-14T23:13:20Z</Expiration></Credentials></AssumeRoleResult>"
    "</AssumeRoleResponse>";
constexpr char kDocument[] = R"({"AccessKeyId":"of-container","SecretAccessKey":"s","Token":"t"})";

// Sources over a network in a list, a home folder and an environment of their own.
class CredentialsSourcesTest : public testing::Test {
 protected:
  CredentialsSourcesTest()
      : home_(fs::path(testing::TempDir()) / ("sources-" + std::to_string(getpid()))) {
    fs::create_directories(home_ / ".aws");
  }
  ~CredentialsSourcesTest() override { fs::remove_all(home_); }

  void WriteConfig(const std::string& text) {
    std::ofstream(home_ / ".aws/config", std::ios::trunc) << text;
  }
  CredentialsSources& Sources(Environment environment = {}) {
    environment.try_emplace("HOME", home_);
    environment.try_emplace("PATH", "/usr/bin:/bin");
    sources_ = std::make_unique<CredentialsSources>(
        MakeProviderContext(service_.transport(), service_.clock(), std::move(environment)));
    return *sources_;
  }
  static CredentialsSource Source(CredentialsKind kind = CredentialsKind::kAutomatic) {
    CredentialsSource source;
    source.kind = kind;
    source.region = "eu-west-1";
    return source;
  }
  static CredentialsSource Keys(const std::string& key, const std::string& secret = "secret") {
    auto source = Source(CredentialsKind::kKeys);
    source.keys.access_key_id = key;
    source.keys.secret_access_key = SecretString(secret);
    return source;
  }
  static CredentialsSource Profile(const std::string& name) {
    auto source = Source(CredentialsKind::kProfile);
    source.profile_name = name;
    return source;
  }

  const fs::path home_;
  ScriptedService service_{{RefuseConnection()}};
  std::unique_ptr<CredentialsSources> sources_;
};

TEST_F(CredentialsSourcesTest, EqualOnesShareACache) {
  auto& sources = Sources();
  std::vector<CredentialsSource> different = {Source(),
                                              Source(CredentialsKind::kMetadata),
                                              Source(CredentialsKind::kEnvironment),
                                              Keys("a"),
                                              Keys("b"),
                                              Keys("a", "another"),
                                              Profile("a"),
                                              Profile("b")};
  auto token = Keys("a");
  token.keys.session_token = SecretString("token");
  different.push_back(token);
  auto role = Source();
  role.role_arn = "R";
  different.push_back(role);
  role.external_id = "x";
  different.push_back(role);
  auto region = Source();
  region.region = "us-west-2";
  different.push_back(region);
  std::vector<std::shared_ptr<CredentialsCache>> caches;
  for (const auto& source : different) caches.push_back(sources.Find(source));
  for (size_t i = 0; i < caches.size(); ++i) {
    EXPECT_EQ(sources.Find(different[i]), caches[i]);
    for (size_t j = 0; j < i; ++j) EXPECT_NE(caches[i], caches[j]) << i << " " << j;
  }
  EXPECT_THAT(service_.requests(), SizeIs(0));
}

// What is at hand, what is asked for only when it is configured, what is always asked.
TEST_F(CredentialsSourcesTest, TheChainHasItsOrder) {
  service_.AnswerWith({Respond(200, kDocument)});
  Environment environment = {{"AWS_ACCESS_KEY_ID", "of-environment"},
                             {"AWS_SECRET_ACCESS_KEY", "s"},
                             {"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/x"}};
  WriteConfig("[default]\naws_access_key_id = of-profile\naws_secret_access_key = s\n");
  auto with_keys = Keys("of-parameters");
  with_keys.kind = CredentialsKind::kAutomatic;
  const auto key = [&](const CredentialsSource& source) {
    const auto credentials = Sources(environment).Find(source)->GetCredentials({});
    return credentials ? credentials->access_key_id : credentials.error().message;
  };
  EXPECT_EQ(key(with_keys), "of-parameters");
  EXPECT_EQ(key(Source()), "of-environment");
  EXPECT_EQ(key(Source(CredentialsKind::kMetadata)), "of-container");
  EXPECT_EQ(key(Source(CredentialsKind::kEnvironment)), "of-environment");
  environment.erase("AWS_ACCESS_KEY_ID");
  environment.erase("AWS_SECRET_ACCESS_KEY");
  EXPECT_EQ(key(Source()), "of-profile");
  EXPECT_EQ(key(Profile("default")), "of-profile");
  EXPECT_THAT(key(Source(CredentialsKind::kEnvironment)),
              HasSubstr("no AWS credentials were found"));
  WriteConfig("");
  EXPECT_EQ(key(Source()), "of-container");
  // A token before the container.
  environment["AWS_WEB_IDENTITY_TOKEN_FILE"] = "/nowhere/token";
  EXPECT_THAT(key(Source()), HasSubstr("AWS_ROLE_ARN is not; set both"));
  environment["AWS_ROLE_ARN"] = "R";
  EXPECT_THAT(key(Source()), HasSubstr("/nowhere/token"));
  // And a profile before that.
  environment["AWS_PROFILE"] = "gone";
  EXPECT_THAT(key(Source()), HasSubstr("profile 'gone' are configured and do not work"));
}

TEST_F(CredentialsSourcesTest, NothingAtAllNamesEverySource) {
  std::vector<SourceReport> reports;
  const auto credentials = Sources().Find(Source())->GetCredentials({nullptr, &reports});
  ASSERT_FALSE(credentials);
  EXPECT_EQ(credentials.error().code, ErrorCode::kUnauthenticated);
  EXPECT_THAT(credentials.error().message,
              AllOf(StartsWith("no AWS credentials were found ("),
                    HasSubstr("dynamodb_aws_access_key_id is not given"),
                    HasSubstr("AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set"),
                    HasSubstr("there is no profile 'default'"),
                    HasSubstr("AWS_WEB_IDENTITY_TOKEN_FILE is not set"),
                    HasSubstr("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"),
                    HasSubstr("no instance metadata service")));
  std::vector<std::string> names;
  for (const auto& report : reports) {
    names.push_back(report.source);
    EXPECT_EQ(report.outcome, SourceReport::Outcome::kNotConfigured) << report.source;
  }
  EXPECT_EQ(names, (std::vector<std::string>{"the dataset's parameters", "environment variables",
                                             "profile 'default'", "web identity token",
                                             "container credentials", "EC2 instance metadata"}));
}

TEST_F(CredentialsSourcesTest, ARoleIsAssumedWithWhatTheKindGives) {
  service_.AnswerWith({Respond(200, kSts)});
  auto source = Keys("base-key");
  source.role_arn = "arn:aws:iam::111122223333:role/r";
  source.external_id = "x-1";
  const auto credentials = Sources().Find(source)->GetCredentials({});
  ASSERT_TRUE(credentials) << credentials.error().message;
  EXPECT_EQ(credentials->access_key_id, "of-sts");
  EXPECT_EQ(credentials->source,
            "role arn:aws:iam::111122223333:role/r with the keys of the dataset's parameters");
  const auto request = service_.requests().front();
  EXPECT_EQ(request.url, "https://sts.eu-west-1.amazonaws.com/");
  EXPECT_THAT(HeaderOf(request, "Authorization"), HasSubstr("Credential=base-key/"));
  EXPECT_THAT(request.body, HasSubstr("ExternalId=x-1"));
}

// A dataset's role with a profile's keys goes where that profile says STS is.
TEST_F(CredentialsSourcesTest, StsIsWhereTheNamedProfileSays) {
  service_.AnswerWith({Respond(200, kSts)});
  WriteConfig(
      "[profile dev]\naws_access_key_id = K\naws_secret_access_key = S\n"
      "endpoint_url = http://127.0.0.1:99\n");
  auto source = Profile("dev");
  source.role_arn = "R";
  ASSERT_TRUE(Sources().Find(source)->GetCredentials({}));
  EXPECT_EQ(service_.requests().front().url, "http://127.0.0.1:99/");
}

TEST_F(CredentialsSourcesTest, AProfileGoesThroughItsRolesInOrder) {
  service_.AnswerWith({Respond(200, kSts)});
  WriteConfig(
      "[profile base]\naws_access_key_id = K\naws_secret_access_key = S\n"
      "[profile b]\nrole_arn = B\nsource_profile = base\nregion = us-east-2\n"
      "[profile a]\nrole_arn = A\nsource_profile = b\nregion = us-west-2\n"
      "duration_seconds = 900\n");
  const auto credentials = Sources().Find(Profile("a"))->GetCredentials({});
  ASSERT_TRUE(credentials) << credentials.error().message;
  EXPECT_EQ(credentials->source, "role A with the keys of role B with the keys of profile 'base'");
  const auto requests = service_.requests();
  ASSERT_THAT(requests, SizeIs(2));
  EXPECT_THAT(requests[0].body, AllOf(HasSubstr("RoleArn=B&"), Not(HasSubstr("DurationSeconds"))));
  EXPECT_THAT(HeaderOf(requests[0], "Authorization"), HasSubstr("Credential=K/"));
  EXPECT_THAT(requests[1].body, AllOf(HasSubstr("RoleArn=A&"), HasSubstr("DurationSeconds=900")));
  EXPECT_THAT(HeaderOf(requests[1], "Authorization"), HasSubstr("Credential=of-sts/"));
  // Both where the profile that was asked for is.
  for (const auto& request : requests) {
    EXPECT_EQ(request.url, "https://sts.us-west-2.amazonaws.com/");
  }
}

struct ProfileCase {
  std::string config;
  ErrorCode code;
  std::string message;
};

TEST_F(CredentialsSourcesTest, AProfileThatIsNamedIsNeverPassedOver) {
  const std::string session = "[sso-session s]\nsso_start_url = u\nsso_region = us-east-1\n";
  const ProfileCase cases[] = {
      {"", ErrorCode::kInvalidArgument,
       "there is no profile 'dev', which dynamodb_aws_profile names"},
      {"[profile dev]\nregion = r\n", ErrorCode::kInvalidArgument, "holds no credentials"},
      {"[profile dev]\naws_access_key_id = K\n", ErrorCode::kUnauthenticated,
       "aws_access_key_id and no aws_secret_access_key"},
      {"[profile dev]\naws_secret_access_key = hunter2\n", ErrorCode::kUnauthenticated,
       "aws_secret_access_key and no aws_access_key_id"},
      {"[profile dev]\nrole_arn = R\ncredential_source = Environment\n",
       ErrorCode::kUnauthenticated, "are not set"},
      {"[profile dev]\nrole_arn = R\ncredential_source = EcsContainer\n",
       ErrorCode::kUnauthenticated, "are not set"},
      {"[profile dev]\nrole_arn = R\nweb_identity_token_file = /nowhere/t\n",
       ErrorCode::kUnauthenticated, "/nowhere/t"},
      {"[profile dev]\ncredential_process = false hunter2\n", ErrorCode::kUnauthenticated,
       "credential_process (false) failed with exit code 1"},
      {"[profile dev]\nsso_session = gone\nsso_account_id = 1\nsso_role_name = r\n",
       ErrorCode::kInvalidArgument, "there is no [sso-session] section"},
      {session + "[profile dev]\nsso_session = s\nsso_role_name = r\n", ErrorCode::kInvalidArgument,
       "profile 'dev' has no sso_account_id"},
      {session + "[profile dev]\nsso_session = s\nsso_account_id = 1\n",
       ErrorCode::kInvalidArgument, "profile 'dev' has no sso_role_name"},
      {"[sso-session s]\nsso_start_url = u\n[profile dev]\nsso_session = s\nsso_account_id = 1\n"
       "sso_role_name = r\n",
       ErrorCode::kInvalidArgument, "sso-session 's' has no sso_region"},
      {session + "[profile dev]\nsso_session = s\nsso_account_id = 1\nsso_role_name = r\n"
                 "sso_start_url = other\n",
       ErrorCode::kInvalidArgument, "different sso_start_url"},
      {session + "[profile dev]\nsso_session = s\nsso_account_id = 1\nsso_role_name = r\n",
       ErrorCode::kUnauthenticated, "run aws sso login --profile dev"},
      {"[profile dev]\nsso_start_url = u\nsso_region = us-east-1\nsso_account_id = 1\n"
       "sso_role_name = r\n",
       ErrorCode::kUnauthenticated, "run aws sso login --profile dev"},
      {"[profile dev\n", ErrorCode::kInvalidArgument, ".aws/config:1"},
  };
  for (const auto& [config, code, message] : cases) {
    WriteConfig(config);
    const auto credentials = Sources().Find(Profile("dev"))->GetCredentials({});
    ASSERT_FALSE(credentials) << config;
    EXPECT_EQ(credentials.error().code, code) << config << credentials.error().message;
    EXPECT_THAT(credentials.error().message, AllOf(HasSubstr(message), Not(HasSubstr("hunter2"))));
  }
}

// A token that expires in an hour, at `path` below the home folder.
TEST_F(CredentialsSourcesTest, AnSsoProfileFindsItsTokenByTheSessionsName) {
  fs::create_directories(home_ / ".aws/sso/cache");
  const std::string token = R"({"accessToken":"at","expiresAt":"2023-11-14T23:13:20Z"})";
  std::ofstream(home_ / ".aws/sso/cache/9e28173066ce536e277c5fb355efd9c64f398167.json") << token;
  WriteConfig(
      "[sso-session my-session]\nsso_start_url = u\nsso_region = us-east-1\n"
      "[profile dev]\nsso_session = my-session\nsso_account_id = 1\nsso_role_name = r\n");
  service_.AnswerWith({Respond(
      200, R"({"roleCredentials":{"accessKeyId":"of-sso","secretAccessKey":"s","sessionToken":"t",)"
           R"("expiration":1700003600000}})")});
  const auto credentials = Sources().Find(Profile("dev"))->GetCredentials({});
  ASSERT_TRUE(credentials) << credentials.error().message;
  EXPECT_EQ(credentials->access_key_id, "of-sso");
  EXPECT_THAT(service_.requests().front().url,
              StartsWith("https://portal.sso.us-east-1.amazonaws.com/federation/credentials?"));
}

TEST_F(CredentialsSourcesTest, AWebIdentityReadsItsFileEachTime) {
  std::string answer = kSts;
  for (size_t at = 0; (at = answer.find("AssumeRoleRes", at)) != std::string::npos; at += 20) {
    answer.insert(at + 10, "WithWebIdentity");
  }
  service_.AnswerWith({Respond(200, answer)});
  const auto path = (home_ / "token").string();
  auto& sources = Sources({{"AWS_WEB_IDENTITY_TOKEN_FILE", path},
                           {"AWS_ROLE_ARN", "R"},
                           {"AWS_ROLE_SESSION_NAME", "me"}});
  const auto cache = sources.Find(Source(CredentialsKind::kMetadata));
  for (const char* token : {"first", "second"}) {
    std::ofstream(path, std::ios::trunc) << token << "\n";
    const auto credentials = cache->GetCredentials({});
    ASSERT_TRUE(credentials) << credentials.error().message;
    EXPECT_EQ(credentials->source, "role R with a web identity token");
    EXPECT_THAT(service_.requests().back().body,
                AllOf(HasSubstr("RoleSessionName=me&"),
                      testing::EndsWith(std::string("WebIdentityToken=") + token)));
    cache->Forget(*credentials);
  }
  std::ofstream(path, std::ios::trunc) << "\n";
  EXPECT_THAT(cache->GetCredentials({}).error().message, HasSubstr("is empty"));
}

}  // namespace
}  // namespace sumac::aws
