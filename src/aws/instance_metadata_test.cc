#include "aws/instance_metadata.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "aws/credentials/instance_metadata_credentials_provider.h"
#include "aws/scripted_service.h"

namespace sumac::aws {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using testing::AllOf;
using testing::HasSubstr;
using testing::Le;
using testing::Not;
using testing::SizeIs;

constexpr char kPath[] = "/latest/meta-data/placement/region";
constexpr char kRolePath[] = "/latest/meta-data/iam/security-credentials/";
constexpr char kTokenHeader[] = "X-aws-ec2-metadata-token";

// What was asked, shortly: "PUT token", "GET /latest/... with token-1".
std::vector<std::string> Asked(const ScriptedService& service) {
  std::vector<std::string> asked;
  for (const auto& request : service.requests()) {
    asked.push_back(request.method + " " + request.url.substr(request.url.find('/', 8)) +
                    (request.method == "GET" ? " with " + HeaderOf(request, kTokenHeader) : ""));
  }
  return asked;
}

std::unique_ptr<InstanceMetadata> Metadata(const ScriptedService& service,
                                           Environment environment = {}) {
  return std::make_unique<InstanceMetadata>(service.fetch(), service.clock(),
                                            std::move(environment));
}

TEST(InstanceMetadataTest, AsksForATokenAndKeepsItUntilShortlyBeforeItsEnd) {
  ScriptedService service({Respond(200, "token-1"), Respond(200, "us-west-2"),
                           Respond(200, "us-west-2"), Respond(200, "token-2"),
                           Respond(200, "us-west-2")});
  const auto metadata = Metadata(service);
  const auto region = metadata->Get(kPath, nullptr);
  ASSERT_TRUE(region);
  ASSERT_TRUE(*region);
  EXPECT_EQ((*region)->Reveal(), "us-west-2");
  const auto put = service.requests().front();
  EXPECT_EQ(put.url, "http://169.254.169.254/latest/api/token");
  EXPECT_EQ(HeaderOf(put, "X-aws-ec2-metadata-token-ttl-seconds"), "21600");
  EXPECT_EQ(put.connect_timeout_ms, 1'000);
  for (const auto& request : service.requests()) EXPECT_TRUE(request.bypass_proxy);

  service.clock()->Advance(seconds(21'600 - 121));
  ASSERT_TRUE(metadata->Get(kPath, nullptr));
  service.clock()->Advance(seconds(1));
  ASSERT_TRUE(metadata->Get(kPath, nullptr));
  const std::string get = "GET " + std::string(kPath);
  EXPECT_EQ(Asked(service),
            (std::vector<std::string>{"PUT /latest/api/token", get + " with token-1",
                                      get + " with token-1", "PUT /latest/api/token",
                                      get + " with token-2"}));
}

TEST(InstanceMetadataTest, AForgottenTokenIsAskedForOnceMore) {
  ScriptedService service(
      {Respond(200, "t1"), Respond(401, ""), Respond(200, "t2"), Respond(200, "here")});
  EXPECT_TRUE(Metadata(service)->Get(kPath, nullptr));
  EXPECT_THAT(service.requests(), SizeIs(4));

  ScriptedService stubborn(
      {Respond(200, "t1"), Respond(401, ""), Respond(200, "t2"), Respond(401, "")});
  const auto refused = Metadata(stubborn)->Get(kPath, nullptr);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kUnavailable);
  EXPECT_THAT(refused.error().message, HasSubstr("401"));
  EXPECT_THAT(stubborn.requests(), SizeIs(4));
}

struct AnswerCase {
  std::vector<ScriptedAnswer> answers;
  ErrorCode code;
  std::string message;
  size_t requests;
};

TEST(InstanceMetadataTest, SaysWhyThereIsNothing) {
  const auto token = Respond(200, "t");
  const AnswerCase cases[] = {
      {{Respond(403, "")}, ErrorCode::kNotFound, "switched off", 1},
      {{token, Respond(403, "")}, ErrorCode::kNotFound, "switched off", 2},
      // Other clouds have other services at this address.
      {{Respond(404, "")}, ErrorCode::kNotFound, "404", 1},
      {{Respond(405, "")}, ErrorCode::kNotFound, "405", 1},
      {{Respond(400, "")}, ErrorCode::kUnavailable, "session token with HTTP status 400", 1},
      {{Respond(500, "")}, ErrorCode::kUnavailable, "HTTP status 500", 4},
      {{token, Respond(503, "")}, ErrorCode::kUnavailable, kPath, 5},
      // A host that is not there costs two attempts to connect.
      {{RefuseConnection()}, ErrorCode::kNotFound, "no instance metadata service", 2},
      {{std::nullopt}, ErrorCode::kNotFound, "no instance metadata service", 2},
      // A token is part of a header.
      {{Respond(200, "")}, ErrorCode::kDataCorrupt, "no session token", 1},
      {{Respond(200, "t\r\nX-Evil: 1")}, ErrorCode::kDataCorrupt, "no session token", 1},
  };
  for (const auto& [answers, code, message, requests] : cases) {
    ScriptedService service(answers);
    const auto start = service.clock()->MonotonicNow();
    const auto answer = Metadata(service)->Get(kPath, nullptr);
    ASSERT_FALSE(answer) << message;
    EXPECT_EQ(answer.error().code, code) << answer.error().message;
    EXPECT_THAT(answer.error().message, AllOf(HasSubstr(message), Not(HasSubstr("Evil"))));
    EXPECT_THAT(service.requests(), SizeIs(requests)) << message;
    EXPECT_THAT(service.clock()->MonotonicNow() - start, Le(std::chrono::milliseconds(2'500)));
  }
}

TEST(InstanceMetadataTest, NothingThereIsNoError) {
  ScriptedService service({Respond(200, "t"), Respond(404, "")});
  const auto answer = Metadata(service)->Get(kPath, nullptr);
  ASSERT_TRUE(answer);
  EXPECT_FALSE(answer->has_value());
}

TEST(InstanceMetadataTest, TheEnvironmentSaysWhereAndWhether) {
  constexpr char kEndpoint[] = "AWS_EC2_METADATA_SERVICE_ENDPOINT";
  constexpr char kMode[] = "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE";
  constexpr char kDisabled[] = "AWS_EC2_METADATA_DISABLED";
  struct Case {
    Environment environment;
    std::string host;  // empty: an error
    ErrorCode code = ErrorCode::kInternal;
  };
  const Case cases[] = {
      {{}, "http://169.254.169.254"},
      {{{kMode, "IPv4"}}, "http://169.254.169.254"},
      {{{kMode, "ipv6"}}, "http://[fd00:ec2::254]"},
      {{{kEndpoint, "http://127.0.0.1:1338/"}}, "http://127.0.0.1:1338"},
      {{{kEndpoint, "https://metadata.local"}}, "https://metadata.local"},
      {{{kEndpoint, "http://127.0.0.1:1"}, {kMode, "IPv6"}}, "http://127.0.0.1:1"},
      {{{kDisabled, "false"}}, "http://169.254.169.254"},
      {{{kDisabled, ""}}, "http://169.254.169.254"},
      {{{kDisabled, "true"}}, "", ErrorCode::kNotFound},
      {{{kDisabled, "TRUE"}, {kEndpoint, "http://127.0.0.1:1"}}, "", ErrorCode::kNotFound},
      {{{kMode, "IPv5"}}, "", ErrorCode::kInvalidArgument},
      {{{kEndpoint, "127.0.0.1:1338"}}, "", ErrorCode::kInvalidArgument},
      {{{kEndpoint, "file:///etc/passwd"}}, "", ErrorCode::kInvalidArgument},
  };
  for (const auto& [environment, host, code] : cases) {
    ScriptedService service({Respond(200, "t"), Respond(200, "x")});
    const auto answer = Metadata(service, environment)->Get(kPath, nullptr);
    if (host.empty()) {
      ASSERT_FALSE(answer);
      EXPECT_EQ(answer.error().code, code) << answer.error().message;
      EXPECT_THAT(service.requests(), SizeIs(0));
    } else {
      ASSERT_TRUE(answer) << answer.error().message;
      EXPECT_EQ(service.requests().front().url, host + "/latest/api/token");
      EXPECT_EQ(service.requests().back().url, host + kPath);
    }
  }
}

TEST(InstanceMetadataTest, MayBeCancelled) {
  ScriptedService service({Respond(200, "t")});
  service.transport()->Hold(true);
  const std::atomic<bool> cancelled = true;
  const auto answer = Metadata(service)->Get(kPath, &cancelled);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, ErrorCode::kCancelled);
}

// Keys that expire `lifetime` after the start of the clock.
std::string Document(seconds lifetime = seconds(3'600)) {
  const auto expires_at = WallTime(seconds(1'700'000'000)) + lifetime;
  const auto minute = std::chrono::duration_cast<seconds>(expires_at.time_since_epoch()).count() -
                      1'699'920'000;  // 2023-11-14T00:00:00Z
  char text[32];
  snprintf(text, sizeof text, "2023-11-14T%02d:%02d:%02dZ", static_cast<int>(minute / 3600),
           static_cast<int>(minute / 60 % 60), static_cast<int>(minute % 60));
  return R"({"Code":"Success","AccessKeyId":"ASIA","SecretAccessKey":"secret","Token":"token",)"
         R"("Expiration":")" +
         std::string(text) + "\"}";
}

class InstanceCredentialsTest : public testing::Test {
 protected:
  Result<Credentials> Ask(std::vector<ScriptedAnswer> answers) {
    service_.AnswerWith(std::move(answers));
    return provider_.GetCredentials({});
  }
  seconds LifetimeOf(const Credentials& credentials) {
    return std::chrono::duration_cast<seconds>(*credentials.expires_at -
                                               service_.clock()->WallNow());
  }

  ScriptedService service_{{Respond(200, "")}};
  InstanceMetadataCredentialsProvider provider_{
      std::make_shared<InstanceMetadata>(service_.fetch(), service_.clock(), Environment{}),
      service_.clock(), 7};
};

TEST_F(InstanceCredentialsTest, AsksForTheRoleAndThenForItsKeys) {
  const auto credentials =
      Ask({Respond(200, "t"), Respond(200, "my-role\n"), Respond(200, Document())});
  ASSERT_TRUE(credentials) << credentials.error().message;
  EXPECT_EQ(credentials->access_key_id, "ASIA");
  EXPECT_EQ(credentials->source, "EC2 instance role 'my-role'");
  EXPECT_EQ(LifetimeOf(*credentials), seconds(3'600));
  EXPECT_EQ(service_.requests().back().url,
            std::string("http://169.254.169.254") + kRolePath + "my-role");
}

TEST_F(InstanceCredentialsTest, SaysWhyThereAreNone) {
  const auto token = Respond(200, "t");
  const auto role = Respond(200, "r");
  const AnswerCase cases[] = {
      {{token, Respond(404, "")}, ErrorCode::kNotFound, "the instance has no role", 0},
      {{token, Respond(200, "\n")}, ErrorCode::kNotFound, "the instance has no role", 0},
      {{token, role, Respond(404, "")}, ErrorCode::kNotFound, "has lost role 'r'", 0},
      {{RefuseConnection()}, ErrorCode::kNotFound, "no instance metadata service", 0},
      {{token, role, Respond(200, R"({"Code":"AssumeRole\nX"})")},
       ErrorCode::kUnauthenticated,
       "says AssumeRole\\nX for role 'r'",
       0},
      {{token, role, Respond(200, "")}, ErrorCode::kDataCorrupt, "no JSON object", 0},
      {{token, role, Respond(200, R"({"AccessKeyId":"A"})")},
       ErrorCode::kDataCorrupt,
       "no SecretAccessKey",
       0},
      {{token, role, Respond(500, "")}, ErrorCode::kUnavailable, "500", 0},
  };
  for (const auto& [answers, code, message, unused] : cases) {
    ScriptedService service(answers);
    InstanceMetadataCredentialsProvider provider(
        std::make_shared<InstanceMetadata>(service.fetch(), service.clock(), Environment{}),
        service.clock(), 7);
    const auto credentials = provider.GetCredentials({});
    ASSERT_FALSE(credentials) << message;
    EXPECT_EQ(credentials.error().code, code) << message;
    EXPECT_THAT(credentials.error().message, HasSubstr(message));
  }
}

// The name becomes part of a URL and of messages.
TEST_F(InstanceCredentialsTest, ARoleHasTheNameOfARole) {
  for (const std::string name :
       {"../../user-data", "..", ".", "a/b", "a?b", "a#b", "a b", "a%2fb", "a\\b", "<html>",
        "\x1b[2J", "a\tb", "r\xc3\xb6le", "@host:80/x"}) {
    const auto credentials = Ask({Respond(200, "t"), Respond(200, name), Respond(200, Document())});
    ASSERT_FALSE(credentials) << name;
    EXPECT_EQ(credentials.error().code, ErrorCode::kDataCorrupt) << name;
    EXPECT_THAT(credentials.error().message, Not(HasSubstr("\x1b")));
    // A token may be cached by now; the second answer is then the keys.
    EXPECT_THAT(service_.requests().back().url, testing::EndsWith("/security-credentials/"));
    service_.clock()->Advance(std::chrono::hours(6));
  }
  EXPECT_FALSE(Ask({Respond(200, "t"), Respond(200, std::string(300, 'a'))}));
  service_.clock()->Advance(std::chrono::hours(6));
  EXPECT_TRUE(Ask({Respond(200, "t"), Respond(200, "A-Za_z0+9=,.@x"), Respond(200, Document())}));
}

TEST_F(InstanceCredentialsTest, ExpiredKeysServeALittleLonger) {
  const auto credentials =
      Ask({Respond(200, "t"), Respond(200, "r"), Respond(200, Document(seconds(-60)))});
  ASSERT_TRUE(credentials);
  EXPECT_THAT(LifetimeOf(*credentials), AllOf(testing::Ge(minutes(10)), Le(minutes(15))));
}

TEST_F(InstanceCredentialsTest, AServiceThatStopsLeavesTheLastKeys) {
  ASSERT_TRUE(Ask({Respond(200, "t"), Respond(200, "r"), Respond(200, Document())}));
  service_.clock()->Advance(minutes(56));
  for (const auto& answer : {Respond(500, ""), RefuseConnection(), Respond(200, "<html>")}) {
    const auto credentials = Ask({answer});
    ASSERT_TRUE(credentials);
    EXPECT_EQ(credentials->access_key_id, "ASIA");
    EXPECT_THAT(LifetimeOf(*credentials), AllOf(testing::Ge(minutes(10)), Le(minutes(15))));
  }
}

// That the role is gone or the service switched off is an answer, not an outage.
TEST_F(InstanceCredentialsTest, AServiceThatSaysNoEndsTheKeys) {
  for (const auto& answer : {Respond(404, ""), Respond(403, "")}) {
    ASSERT_TRUE(Ask({Respond(200, "t"), Respond(200, "r"), Respond(200, Document())}));
    const auto credentials = Ask({answer});
    ASSERT_FALSE(credentials);
    EXPECT_EQ(credentials.error().code, ErrorCode::kNotFound);
    service_.clock()->Advance(std::chrono::hours(6));
  }
}

// Keys that are good for hours do not become worse by a failure.
TEST_F(InstanceCredentialsTest, AnExtensionNeverShortens) {
  ASSERT_TRUE(Ask({Respond(200, "t"), Respond(200, "r"), Respond(200, Document())}));
  const auto credentials = Ask({Respond(500, "")});
  ASSERT_TRUE(credentials);
  EXPECT_THAT(LifetimeOf(*credentials), testing::Ge(minutes(55)));
}

TEST_F(InstanceCredentialsTest, ACancelledSearchIsCancelled) {
  ASSERT_TRUE(Ask({Respond(200, "t"), Respond(200, "r"), Respond(200, Document())}));
  service_.transport()->Hold(true);
  const std::atomic<bool> cancelled = true;
  const auto credentials = provider_.GetCredentials({&cancelled, nullptr});
  ASSERT_FALSE(credentials);
  EXPECT_EQ(credentials.error().code, ErrorCode::kCancelled);
}

}  // namespace
}  // namespace sumac::aws
