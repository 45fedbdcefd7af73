#include "aws/credentials/sso_credentials_provider.h"

#include <filesystem>
#include <fstream>
#include <sstream>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "aws/scripted_service.h"
#include "aws/timestamp.h"

namespace sumac::aws {
namespace {

namespace fs = std::filesystem;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

TEST(SsoTokenTest, ItsFileIsNamedByADigest) {
  EXPECT_EQ(SsoTokenPath("/h", "my-session"),
            "/h/.aws/sso/cache/9e28173066ce536e277c5fb355efd9c64f398167.json");
  EXPECT_EQ(SsoTokenPath("", "https://d-123.awsapps.com/start"),
            "/.aws/sso/cache/2b829a45f04c9828cb45b7d092d8e4aa30818393.json");
}

TEST(SsoTokenTest, KeepsWhatItDoesNotKnow) {
  const std::string text =
      R"({"startUrl": "https://x", "region": "eu-west-1", "accessToken": "old", )"
      R"("expiresAt": "2026-11-24T18:49:44Z", "clientId": "c", "clientSecret": "s\"\\\u00fc", )"
      R"("registrationExpiresAt": "2026-12-24T18:49:44Z", "refreshToken": "r", )"
      R"("number": 1.50, "big": 12345678901234567890, "flag": true, "nothing": null, )"
      R"("list": ["a", {"b": [1, 2]}], "inner": {"x.y": {"z": "w"}, "accessToken": "inner"}, )"
      R"("a.b": "dotted"})";
  auto token = ParseSsoToken(SecretString(text));
  ASSERT_TRUE(token) << token.error().message;
  EXPECT_EQ(token->client_secret.Reveal(), "s\"\\\xc3\xbc");
  token->access_token = SecretString("new \"token\"");
  token->expires_at = *ParseTimestamp("2027-01-01T00:00:00Z");
  token->refresh_token = SecretString("r2");
  const std::string written = FormatSsoToken(*token).Reveal();
  for (const char* member :
       {R"("startUrl":"https://x")", R"("accessToken":"new \"token\"")",
        R"("expiresAt":"2027-01-01T00:00:00Z")", R"("refreshToken":"r2")", R"("number":1.5)",
        R"("big":12345678901234567890)", R"("flag":true)", R"("nothing":null)",
        R"("list":["a",{"b":[1,2]}])", R"("inner":{"x.y":{"z":"w"},"accessToken":"inner"})",
        R"("a.b":"dotted")", R"("registrationExpiresAt":"2026-12-24T18:49:44Z")"}) {
    EXPECT_THAT(written, HasSubstr(member));
  }
  EXPECT_THAT(written, Not(HasSubstr("old")));
  const auto again = ParseSsoToken(SecretString(written));
  ASSERT_TRUE(again);
  EXPECT_EQ(again->access_token.Reveal(), "new \"token\"");
  EXPECT_EQ(again->expires_at, token->expires_at);
  EXPECT_EQ(again->client_secret, token->client_secret);
  EXPECT_EQ(FormatSsoToken(*again), FormatSsoToken(*token));
}

TEST(SsoTokenTest, SaysWhatIsMissing) {
  struct Case {
    std::string text;
    std::string message;
  };
  for (const auto& [text, message] :
       {Case{"", "no JSON object"}, Case{"[]", "no JSON object"},
        Case{R"({"accessToken": "hunter2", "expiresAt": "2026-11-24T)", "no JSON object"},
        Case{"{}", "no accessToken"}, Case{R"({"accessToken": ""})", "no accessToken"},
        Case{R"({"accessToken": ["hunter2"]})", "no accessToken"},
        Case{R"({"accessToken": "hunter2"})", "expiresAt is no timestamp"},
        Case{R"({"accessToken": "hunter2", "expiresAt": "hunter3"})",
             "expiresAt is no timestamp"}}) {
    const auto token = ParseSsoToken(SecretString(text));
    ASSERT_FALSE(token) << text;
    EXPECT_EQ(token.error().code, ErrorCode::kDataCorrupt);
    EXPECT_THAT(token.error().message, AllOf(HasSubstr(message), Not(HasSubstr("hunter"))));
  }
}

constexpr char kKeys[] =
    R"({"roleCredentials":{"accessKeyId":"ASIA","secretAccessKey":"secret","sessionToken":"token",)"
    R"("expiration":1700003600000}})";

// A token in a file of its own, and the two services behind one network.
class SsoTest : public testing::Test {
 protected:
  SsoTest() {
    settings_.profile_name = "dev";
    settings_.account_id = "111122223333";
    settings_.role_name = "Read & Write";
    settings_.has_session = true;
    settings_.token_path =
        fs::path(testing::TempDir()) / ("sso-token-" + std::to_string(getpid()) + ".json");
    settings_.portal_endpoint_url = "https://portal";
    settings_.oidc_endpoint_url = "https://oidc";
    fs::remove(settings_.token_path);
  }
  ~SsoTest() override { fs::remove(settings_.token_path); }

  // A token that expires `left` from now.
  void WriteToken(seconds left, const std::string& more = R"(,"refreshToken":"r","clientId":"c",)"
                                                          R"("clientSecret":"cs","kept":[1])") {
    WriteFile(R"({"accessToken":"at","expiresAt":")" +
              FormatTimestamp(service_.clock()->WallNow() + left) + "\"" + more + "}");
  }
  void WriteFile(const std::string& text) {
    std::ofstream(settings_.token_path, std::ios::trunc) << text;
    chmod(settings_.token_path.c_str(), 0644);
  }
  std::string ReadFile() const {
    std::stringstream text;
    text << std::ifstream(settings_.token_path).rdbuf();
    return text.str();
  }
  std::shared_ptr<SsoCredentialsProvider> Provider() {
    return std::make_shared<SsoCredentialsProvider>(service_.fetch(), service_.clock(), settings_);
  }
  Result<Credentials> Ask(std::vector<ScriptedAnswer> answers) {
    service_.AnswerWith(std::move(answers));
    return Provider()->GetCredentials({});
  }
  std::vector<std::string> Urls() const {
    std::vector<std::string> urls;
    for (const auto& request : service_.requests()) urls.push_back(request.url);
    return urls;
  }

  ScriptedService service_{{Respond(200, kKeys)}};
  SsoSettings settings_;
};

TEST_F(SsoTest, ExchangesTheTokenForTheKeysOfARole) {
  WriteToken(minutes(60));
  const auto credentials = Ask({Respond(200, kKeys)});
  ASSERT_TRUE(credentials) << credentials.error().message;
  EXPECT_EQ(credentials->access_key_id, "ASIA");
  EXPECT_EQ(credentials->secret_access_key.Reveal(), "secret");
  EXPECT_EQ(credentials->session_token.Reveal(), "token");
  EXPECT_EQ(credentials->account_id, "111122223333");
  EXPECT_EQ(credentials->expires_at, WallTime(seconds(1'700'003'600)));
  EXPECT_EQ(credentials->source, "SSO role 'Read & Write' of account 111122223333");
  const auto request = service_.requests().front();
  EXPECT_EQ(request.method, "GET");
  EXPECT_EQ(
      request.url,
      "https://portal/federation/credentials?role_name=Read%20%26%20Write&account_id=111122223333");
  EXPECT_EQ(HeaderOf(request, "x-amz-sso_bearer_token"), "at");
  EXPECT_FALSE(request.bypass_proxy);
}

TEST_F(SsoTest, WithoutAGoodTokenItSaysToLogIn) {
  const std::string good = R"("accessToken":"hunter2","expiresAt":")";
  struct Case {
    std::optional<std::string> text;
    std::string message;
  };
  const Case cases[] = {
      {std::nullopt, "nobody is logged in: there is no file " + settings_.token_path},
      {"", "is broken: it is no JSON object"},
      {"{" + good + "2023-11", "is broken: it is no JSON object"},
      {"{" + good + "tomorrow\"}", "is broken: its expiresAt is no timestamp"},
      // 22:13:20 is now.
      {"{" + good + "2023-11-14T22:13:20Z\"}", "the SSO session has expired"},
      {"{" + good + "2023-11-14T22:13:20Z\",\"refreshToken\":\"r\"}",
       "the SSO session has expired"},
      {"{" + good +
           "2023-11-14T22:13:20Z\",\"refreshToken\":\"r\",\"clientId\":\"c\","
           "\"clientSecret\":\"s\",\"registrationExpiresAt\":\"2023-11-14T22:13:20Z\"}",
       "the SSO session has expired"},
  };
  for (const auto& [text, message] : cases) {
    if (text) WriteFile(*text);
    const auto credentials = Ask({Respond(200, kKeys)});
    ASSERT_FALSE(credentials) << message;
    EXPECT_EQ(credentials.error().code, ErrorCode::kUnauthenticated);
    EXPECT_THAT(credentials.error().message,
                AllOf(HasSubstr(message), EndsWith("; run aws sso login --profile dev"),
                      Not(HasSubstr("hunter2"))));
  }
  EXPECT_THAT(service_.requests(), SizeIs(0));
}

TEST_F(SsoTest, RenewsATokenThatEndsSoon) {
  constexpr char kNew[] = R"({"accessToken":"new","expiresIn":28800,"refreshToken":"r2"})";
  WriteToken(seconds(300));
  ASSERT_TRUE(Ask({Respond(200, kKeys)}));
  EXPECT_THAT(Urls(), SizeIs(1));

  for (const auto left : {seconds(299), seconds(0), seconds(-3'600)}) {
    WriteToken(left);
    const auto credentials = Ask({Respond(200, kNew), Respond(200, kKeys)});
    ASSERT_TRUE(credentials) << credentials.error().message;
    const auto requests = service_.requests();
    const auto& renewal = requests[requests.size() - 2];
    EXPECT_EQ(renewal.method, "POST");
    EXPECT_EQ(renewal.url, "https://oidc/token");
    EXPECT_EQ(
        renewal.body,
        R"({"grantType":"refresh_token","clientId":"c","clientSecret":"cs","refreshToken":"r"})");
    EXPECT_EQ(HeaderOf(renewal, "Content-Type"), "application/json");
    EXPECT_EQ(HeaderOf(requests.back(), "x-amz-sso_bearer_token"), "new");
    // Written back for the AWS CLI and the next run, for the owner alone.
    const auto kept = ParseSsoToken(SecretString(ReadFile()));
    ASSERT_TRUE(kept);
    EXPECT_EQ(kept->access_token.Reveal(), "new");
    EXPECT_EQ(kept->refresh_token.Reveal(), "r2");
    EXPECT_EQ(kept->expires_at, service_.clock()->WallNow() + seconds(28'800));
    EXPECT_THAT(ReadFile(), HasSubstr("\"kept\":[1]"));
    struct stat status {};
    ASSERT_EQ(stat(settings_.token_path.c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777, 0600u);
  }
}

TEST_F(SsoTest, WithoutASessionATokenIsNotRenewed) {
  settings_.has_session = false;
  WriteToken(seconds(60));
  ASSERT_TRUE(Ask({Respond(200, kKeys)}));
  EXPECT_THAT(Urls(), SizeIs(1));
  WriteToken(seconds(0));
  EXPECT_FALSE(Ask({Respond(200, kKeys)}));
  EXPECT_THAT(Urls(), SizeIs(1));
}

TEST_F(SsoTest, ATokenThatCannotBeWrittenBackServesAllTheSame) {
  WriteToken(seconds(60));
  const std::string file = settings_.token_path;
  // Can be read and not replaced.
  const int descriptor = open(file.c_str(), O_RDONLY | O_CLOEXEC);
  settings_.token_path = "/proc/self/fd/" + std::to_string(descriptor);
  EXPECT_TRUE(Ask({Respond(200, R"({"accessToken":"new","expiresIn":100})"), Respond(200, kKeys)}));
  EXPECT_EQ(HeaderOf(service_.requests().back(), "x-amz-sso_bearer_token"), "new");
  close(descriptor);
  settings_.token_path = file;
}

TEST_F(SsoTest, AFailedRenewalUsesWhatIsStillGoodAndPauses) {
  WriteToken(seconds(240));
  service_.AnswerWith({Respond(400, R"({"error":"invalid_grant"})"), Respond(200, kKeys)});
  const auto provider = Provider();
  ASSERT_TRUE(provider->GetCredentials({}));
  EXPECT_EQ(HeaderOf(service_.requests().back(), "x-amz-sso_bearer_token"), "at");
  EXPECT_THAT(Urls(), SizeIs(2));
  service_.clock()->Advance(seconds(29));
  ASSERT_TRUE(provider->GetCredentials({}));
  EXPECT_THAT(Urls(), SizeIs(3));
  service_.clock()->Advance(seconds(1));
  service_.AnswerWith({Respond(400, R"({"error":"invalid_grant"})"), Respond(200, kKeys)});
  ASSERT_TRUE(provider->GetCredentials({}));
  EXPECT_THAT(Urls(), SizeIs(5));
}

TEST_F(SsoTest, AFailedRenewalOfAnExpiredTokenIsAnError) {
  struct Case {
    ScriptedAnswer answer;
    ErrorCode code;
    std::string message;
  };
  const Case cases[] = {
      {Respond(400, R"({"error":"invalid_grant","error_description":"Invalid\nrefresh token"})"),
       ErrorCode::kUnauthenticated,
       "could not be renewed: Invalid\\nrefresh token; run aws sso login --profile dev"},
      {Respond(401, ""), ErrorCode::kUnauthenticated, "HTTP status 401; run aws sso login"},
      // Logging in again would not help.
      {Respond(500, ""), ErrorCode::kUnavailable, "HTTP status 500"},
      {RefuseConnection(), ErrorCode::kUnavailable, "the connection was refused"},
      {Respond(200, "{}"), ErrorCode::kDataCorrupt, "without a token"},
      {Respond(200, R"({"accessToken":"hunter2"})"), ErrorCode::kDataCorrupt, "without a token"},
      {Respond(200, R"({"accessToken":"hunter2","expiresIn":-1})"), ErrorCode::kDataCorrupt,
       "without a token"},
      {Respond(200, R"({"accessToken":"hunter2","expiresIn":1e3})"), ErrorCode::kDataCorrupt,
       "without a token"},
      {Respond(200, R"({"accessToken":"hunter2","expiresIn":9223372036854775807})"),
       ErrorCode::kDataCorrupt, "without a token"},
  };
  for (const auto& [answer, code, message] : cases) {
    WriteToken(seconds(0));
    const auto credentials = Ask({answer});
    ASSERT_FALSE(credentials) << message;
    EXPECT_EQ(credentials.error().code, code) << credentials.error().message;
    EXPECT_THAT(credentials.error().message, AllOf(HasSubstr(message), Not(HasSubstr("hunter"))));
  }
}

TEST_F(SsoTest, SaysWhatThePortalRefused) {
  struct Case {
    int status;
    std::string body;
    ErrorCode code;
    std::string message;
  };
  const std::string corrupt = "SSO answered without keys";
  const Case cases[] = {
      {401, R"({"message":"Session token not found or invalid"})", ErrorCode::kUnauthenticated,
       "not valid any more: Session token not found or invalid; run aws sso login --profile dev"},
      {403, R"({"message":"No access"})", ErrorCode::kPermissionDenied,
       "SSO gives no keys of role 'Read & Write' in account 111122223333: No access"},
      {404, R"({"__type":"ResourceNotFoundException"})", ErrorCode::kPermissionDenied,
       "ResourceNotFoundException"},
      {429, R"({"message":"slow"})", ErrorCode::kUnavailable, "slow"},
      {503, "", ErrorCode::kUnavailable, "HTTP status 503"},
      {200, "", ErrorCode::kDataCorrupt, "no JSON object"},
      {200, "{}", ErrorCode::kDataCorrupt, corrupt},
      {200, R"({"roleCredentials":null})", ErrorCode::kDataCorrupt, corrupt},
      {200, R"({"accessKeyId":"A","secretAccessKey":"hunter2","expiration":1})",
       ErrorCode::kDataCorrupt, corrupt},
      {200, R"({"roleCredentials":{"accessKeyId":"A","secretAccessKey":"hunter2"}})",
       ErrorCode::kDataCorrupt, corrupt},
      {200, R"({"roleCredentials":{"accessKeyId":"A","expiration":1}})", ErrorCode::kDataCorrupt,
       corrupt},
      {200,
       R"({"roleCredentials":{"accessKeyId":"A","secretAccessKey":"hunter2","expiration":"soon"}})",
       ErrorCode::kDataCorrupt, corrupt},
      {200,
       R"({"roleCredentials":{"accessKeyId":"A","secretAccessKey":"hunter2",)"
       R"("expiration":9223372036854775807}})",
       ErrorCode::kDataCorrupt, corrupt},
  };
  WriteToken(minutes(60));
  for (const auto& [status, body, code, message] : cases) {
    const auto credentials = Ask({Respond(status, body)});
    ASSERT_FALSE(credentials) << body;
    EXPECT_EQ(credentials.error().code, code) << credentials.error().message;
    EXPECT_THAT(credentials.error().message, AllOf(HasSubstr(message), Not(HasSubstr("hunter"))));
  }
}

TEST_F(SsoTest, MayBeCancelled) {
  WriteToken(seconds(60));
  service_.transport()->Hold(true);
  const std::atomic<bool> cancelled = true;
  const auto credentials = Provider()->GetCredentials({&cancelled, nullptr});
  ASSERT_FALSE(credentials);
  EXPECT_EQ(credentials.error().code, ErrorCode::kCancelled);
}

}  // namespace
}  // namespace sumac::aws
