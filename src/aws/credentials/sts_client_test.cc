#include "aws/credentials/sts_client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "aws/credentials/assume_role_credentials_provider.h"
#include "aws/credentials/static_credentials_provider.h"
#include "aws/scripted_service.h"

namespace sumac::aws {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Le;
using testing::Not;
using testing::SizeIs;
using testing::StartsWith;

constexpr char kNamespace[] = "xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"";

std::string GoodAnswer(const std::string& action) {
  return "<?xml version=\"1.0\"?>\n<" + action + "Response " + kNamespace + "><" + action +
         "Result><AssumedRoleUser><Arn>arn:aws:sts::111122223333:assumed-role/r/s</Arn>"
         "<AssumedRoleId>AROA:s</AssumedRoleId></AssumedRoleUser><Credentials>"
         "<AccessKeyId>ASIA</AccessKeyId><SecretAccessKey>a/b+c=</SecretAccessKey>"
         "<SessionToken>to&amp;ken</SessionToken><Expiration>2026-11-24T18:49:44Z</Expiration>"
         "</Credentials></" +
         action + "Result></" + action + "Response>";
}

std::string Refusal(const std::string& code, const std::string& message) {
  return std::string("<ErrorResponse ") + kNamespace + "><Error><Type>Sender</Type><Code>" + code +
         "</Code><Message>" + message +
         "</Message></Error><RequestId>rq-1</RequestId></ErrorResponse>";
}

TEST(StsAnswerTest, HoldsKeys) {
  for (const char* action : {"AssumeRole", "AssumeRoleWithWebIdentity"}) {
    const auto credentials = ParseStsAnswer(action, 200, GoodAnswer(action));
    ASSERT_TRUE(credentials) << credentials.error().message;
    EXPECT_EQ(credentials->access_key_id, "ASIA");
    EXPECT_EQ(credentials->secret_access_key.Reveal(), "a/b+c=");
    EXPECT_EQ(credentials->session_token.Reveal(), "to&ken");
    EXPECT_EQ(credentials->account_id, "111122223333");
    EXPECT_EQ(credentials->expires_at, WallTime(std::chrono::seconds(1'795'546'184)));
  }
}

std::string Replaced(std::string text, const std::string& what, const std::string& with) {
  text.replace(text.find(what), what.size(), with);
  return text;
}

// A document type whose entities would grow to gigabytes.
std::string EntityBomb() {
  std::string text = "<?xml version=\"1.0\"?><!DOCTYPE b [<!ENTITY e0 \"hahahaha\">";
  for (int i = 1; i < 30; ++i) {
    text += "<!ENTITY e" + std::to_string(i) + " \"";
    for (int j = 0; j < 10; ++j) text += "&e" + std::to_string(i - 1) + ";";
    text += "\">";
  }
  return text + "]>" + Replaced(GoodAnswer("AssumeRole").substr(21), "ASIA", "&e29;");
}

std::string Repeat(const std::string& text, size_t count) {
  std::string all;
  for (size_t i = 0; i < count; ++i) all += text;
  return all;
}

TEST(StsAnswerTest, ThatIsBrokenIsRefusedWithoutShowingIt) {
  const std::string good = GoodAnswer("AssumeRole");
  const std::string external = "<!DOCTYPE b [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>" +
                               Replaced(good.substr(21), "<AccessKeyId>ASIA", "<AccessKeyId>");
  struct Case {
    std::string body;
    std::string message;
  };
  const Case cases[] = {
      {"", "STS answered AssumeRole without keys"},
      {"{}", "STS answered AssumeRole without keys"},
      {good.substr(0, good.size() / 2), "without keys"},
      {good.substr(0, good.size() - 1), "without keys"},
      {std::string(100, '\0'), "without keys"},
      {GoodAnswer("AssumeRoleWithWebIdentity"), "without keys"},
      {Refusal("AccessDenied", "no"), "without keys"},
      {Replaced(good, "ASIA", ""), "no AccessKeyId"},
      {Replaced(good, "a/b+c=", ""), "no SecretAccessKey"},
      {Replaced(good, "2026-11-24T18:49:44Z", "soon"), "Expiration is no timestamp"},
      {external, "no AccessKeyId"},
      {Repeat("<a>", 349'000), "without keys"},
      {Repeat("<a><b x='1'>", 80'000), "without keys"},
  };
  for (const auto& [body, message] : cases) {
    const auto credentials = ParseStsAnswer("AssumeRole", 200, body);
    ASSERT_FALSE(credentials) << body.substr(0, 100);
    EXPECT_EQ(credentials.error().code, ErrorCode::kDataCorrupt);
    EXPECT_EQ(credentials.error().blame, Blame::kService);
    EXPECT_THAT(credentials.error().message, AllOf(HasSubstr(message), Not(HasSubstr("a/b+c="))));
  }
}

// Entities are not expanded, so what they name is text like any other.
TEST(StsAnswerTest, EntitiesAreNotExpanded) {
  const auto credentials = ParseStsAnswer("AssumeRole", 200, EntityBomb());
  ASSERT_TRUE(credentials) << credentials.error().message;
  EXPECT_EQ(credentials->access_key_id, "&e29;");
}

TEST(StsAnswerTest, RefusalsAreClassified) {
  struct Case {
    int status;
    std::string code;
    ErrorCode expected;
    bool retryable;
  };
  const Case cases[] = {
      {403, "AccessDenied", ErrorCode::kPermissionDenied, false},
      {403, "AccessDeniedException", ErrorCode::kPermissionDenied, false},
      {403, "InvalidClientTokenId", ErrorCode::kUnauthenticated, false},
      {403, "ExpiredToken", ErrorCode::kUnauthenticated, false},
      {403, "SignatureDoesNotMatch", ErrorCode::kUnauthenticated, false},
      {400, "ExpiredTokenException", ErrorCode::kUnauthenticated, false},
      {400, "InvalidIdentityToken", ErrorCode::kUnauthenticated, false},
      {400, "ValidationError", ErrorCode::kInvalidArgument, false},
      {400, "IDPCommunicationError", ErrorCode::kUnavailable, true},
      {429, "Throttling", ErrorCode::kUnavailable, true},
      {500, "InternalFailure", ErrorCode::kUnavailable, true},
      {503, "", ErrorCode::kUnavailable, true},
  };
  for (const auto& [status, code, expected, retryable] : cases) {
    const auto answer = ParseStsAnswer("AssumeRole", status, Refusal(code, "the reason"));
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, expected) << code;
    EXPECT_EQ(answer.error().retryable, retryable) << code;
    EXPECT_EQ(answer.error().service_code, code);
    EXPECT_EQ(answer.error().request_id, "rq-1");
    EXPECT_EQ(answer.error().message,
              "STS refused AssumeRole: the reason" + (code.empty() ? "" : " (" + code + ")"));
  }
  for (const char* body : {"", "<html>", "<ErrorResponse><Error><Code>X", "not XML"}) {
    const auto answer = ParseStsAnswer("AssumeRole", 403, body);
    ASSERT_FALSE(answer);
    EXPECT_THAT(answer.error().message, StartsWith("STS refused AssumeRole: HTTP status 403"));
  }
}

TEST(StsAnswerTest, RefusalsAreShortAndHarmless) {
  const std::string evil = "\x1b[2J\n" + std::string(500'000, 'x');
  auto body = Refusal(evil, evil);
  body.replace(body.find("rq-1"), 4, evil);
  const auto answer = ParseStsAnswer("AssumeRole", 403, body);
  ASSERT_FALSE(answer);
  for (const auto& text :
       {answer.error().message, answer.error().service_code, answer.error().request_id}) {
    EXPECT_THAT(text, AllOf(SizeIs(Le(1'000u)), Not(HasSubstr("\x1b")), Not(HasSubstr("\n"))));
  }
}

AssumeRoleRequest Role() {
  AssumeRoleRequest role;
  role.role_arn = "arn:aws:iam::111122223333:role/read only";
  role.role_session_name = "me@home";
  return role;
}

Credentials Base() {
  return {"AKID", SecretString("base secret"), SecretString("base token"), {}, {}, "the base"};
}

std::shared_ptr<StsClient> Client(const ScriptedService& service,
                                  const std::string& url = "https://sts.eu-west-1.amazonaws.com") {
  return std::make_shared<StsClient>(service.fetch(), service.signing_clock(),
                                     StsOptions{url, "eu-west-1"});
}

TEST(StsClientTest, AssumesARoleWithASignature) {
  ScriptedService service({Respond(200, GoodAnswer("AssumeRole"))});
  auto role = Role();
  role.external_id = "x&y=z";
  role.duration_seconds = 900;
  const auto credentials = Client(service)->AssumeRole(role, Base(), nullptr);
  ASSERT_TRUE(credentials) << credentials.error().message;
  ASSERT_THAT(service.requests(), SizeIs(1));
  const auto request = service.requests().front();
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.url, "https://sts.eu-west-1.amazonaws.com/");
  EXPECT_EQ(request.body,
            "Action=AssumeRole&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A111122223333%3Arole"
            "%2Fread%20only&RoleSessionName=me%40home&ExternalId=x%26y%3Dz&DurationSeconds=900");
  EXPECT_EQ(HeaderOf(request, "Content-Type"), "application/x-www-form-urlencoded; charset=utf-8");
  EXPECT_EQ(HeaderOf(request, "Host"), "sts.eu-west-1.amazonaws.com");
  EXPECT_THAT(HeaderOf(request, "Authorization"),
              StartsWith("AWS4-HMAC-SHA256 Credential=AKID/20231114/eu-west-1/sts/aws4_request, "
                         "SignedHeaders=content-type;host;x-amz-date;x-amz-security-token, "));
  EXPECT_EQ(HeaderOf(request, "X-Amz-Security-Token"), "base token");
  EXPECT_FALSE(request.bypass_proxy);
}

TEST(StsClientTest, LeavesOutWhatNobodyGave) {
  ScriptedService service({Respond(200, GoodAnswer("AssumeRole"))});
  ASSERT_TRUE(Client(service)->AssumeRole(Role(), Base(), nullptr));
  EXPECT_THAT(service.requests().front().body,
              AllOf(Not(HasSubstr("ExternalId")), Not(HasSubstr("DurationSeconds"))));
}

TEST(StsClientTest, AWebIdentityIsSentUnsigned) {
  ScriptedService service({Respond(200, GoodAnswer("AssumeRoleWithWebIdentity"))});
  ASSERT_TRUE(
      Client(service)->AssumeRoleWithWebIdentity(Role(), SecretString("eyJ.a+b/c=="), nullptr));
  const auto request = service.requests().front();
  EXPECT_EQ(request.body,
            "Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A"
            "111122223333%3Arole%2Fread%20only&RoleSessionName=me%40home&"
            "WebIdentityToken=eyJ.a%2Bb%2Fc%3D%3D");
  EXPECT_EQ(HeaderOf(request, "Authorization"), "");
  EXPECT_EQ(HeaderOf(request, "X-Amz-Date"), "");
}

TEST(StsClientTest, AWrongClockIsCorrectedOnce) {
  const auto skewed = Respond(403, Refusal("SignatureDoesNotMatch", "expired"),
                              {{"Date", "Tue, 14 Nov 2023 23:13:20 GMT"}});
  ScriptedService service({skewed, Respond(200, GoodAnswer("AssumeRole"))});
  ASSERT_TRUE(Client(service)->AssumeRole(Role(), Base(), nullptr));
  ASSERT_THAT(service.requests(), SizeIs(2));
  EXPECT_EQ(HeaderOf(service.requests()[0], "X-Amz-Date"), "20231114T221320Z");
  EXPECT_EQ(HeaderOf(service.requests()[1], "X-Amz-Date"), "20231114T231320Z");

  // It says so again, with yet another time: that is not the clock.
  const auto later = Respond(403, Refusal("SignatureDoesNotMatch", "expired"),
                             {{"Date", "Tue, 14 Nov 2023 12:13:20 GMT"}});
  ScriptedService stubborn({skewed, later});
  EXPECT_FALSE(Client(stubborn)->AssumeRole(Role(), Base(), nullptr));
  EXPECT_THAT(stubborn.requests(), SizeIs(2));

  // Our clock is right, or the refusal has another reason, or it tells no time.
  for (const auto& answer :
       {Respond(403, Refusal("SignatureDoesNotMatch", "x"),
                {{"Date", "Tue, 14 Nov 2023 22:13:50 GMT"}}),
        Respond(403, Refusal("AccessDenied", "x"), {{"Date", "Tue, 14 Nov 2023 23:13:20 GMT"}}),
        Respond(403, Refusal("SignatureDoesNotMatch", "x"))}) {
    ScriptedService other({answer});
    EXPECT_FALSE(Client(other)->AssumeRole(Role(), Base(), nullptr));
    EXPECT_THAT(other.requests(), SizeIs(1));
  }
}

TEST(StsClientTest, WhatPassesIsAskedAgain) {
  struct Case {
    std::vector<ScriptedAnswer> answers;
    size_t requests;
    bool good;
  };
  const char kAction[] = "AssumeRoleWithWebIdentity";
  const auto good = Respond(200, GoodAnswer(kAction));
  const auto provider = Respond(400, Refusal("IDPCommunicationError", "x"));
  const auto denied = Respond(403, Refusal("AccessDenied", "x"));
  const Case cases[] = {
      {{provider, good}, 2, true},
      {{provider, provider, good}, 3, true},
      {{provider}, 3, false},
      {{provider, denied}, 2, false},
      {{denied, good}, 1, false},
      {{Respond(503, ""), good}, 2, true},
      {{Respond(500, "")}, 3, false},
      {{RefuseConnection(), good}, 2, true},
      {{std::nullopt, std::nullopt, good}, 3, true},
      {{RefuseConnection()}, 3, false},
  };
  for (const auto& [answers, requests, expected] : cases) {
    ScriptedService service(answers);
    const auto credentials =
        Client(service)->AssumeRoleWithWebIdentity(Role(), SecretString("token"), nullptr);
    EXPECT_EQ(credentials.has_value(), expected);
    EXPECT_THAT(service.requests(), SizeIs(requests));
  }
}

TEST(StsClientTest, ItsEndpointMayBeAnError) {
  ScriptedService service({Respond(200, "")});
  StsClient client(service.fetch(), service.signing_clock(),
                   StsOptions{Fail(ErrorCode::kInvalidArgument, "no region"), ""});
  const auto credentials = client.AssumeRole(Role(), Base(), nullptr);
  ASSERT_FALSE(credentials);
  EXPECT_EQ(credentials.error().message, "no region");
  EXPECT_THAT(service.requests(), SizeIs(0));
}

TEST(StsClientTest, MayBeCancelled) {
  ScriptedService service({Respond(200, GoodAnswer("AssumeRole"))});
  service.transport()->Hold(true);
  const std::atomic<bool> cancelled = true;
  const auto credentials = Client(service)->AssumeRole(Role(), Base(), &cancelled);
  ASSERT_FALSE(credentials);
  EXPECT_EQ(credentials.error().code, ErrorCode::kCancelled);
}

TEST(AssumeRoleProviderTest, NamesTheSessionAndTheSource) {
  ScriptedService service({Respond(200, GoodAnswer("AssumeRole"))});
  AssumeRoleRequest role;
  role.role_arn = "R";
  AssumeRoleCredentialsProvider provider(
      Client(service), service.clock(),
      std::make_shared<StaticCredentialsProvider>(Base(), "profile 'base'"), role);
  const auto credentials = provider.GetCredentials({});
  ASSERT_TRUE(credentials);
  EXPECT_EQ(credentials->source, "role R with the keys of profile 'base'");
  EXPECT_THAT(service.requests().front().body, HasSubstr("RoleSessionName=sumac-1700000000"));
}

TEST(AssumeRoleProviderTest, FailsWithItsBase) {
  ScriptedService service({Respond(403, Refusal("AccessDenied", "not you"))});
  AssumeRoleRequest role;
  role.role_arn = "R";
  AssumeRoleCredentialsProvider without(Client(service), service.clock(),
                                        std::make_shared<StaticCredentialsProvider>(Credentials{}),
                                        role);
  const auto nothing = without.GetCredentials({});
  ASSERT_FALSE(nothing);
  // A chain must not pass over a role that was asked for.
  EXPECT_EQ(nothing.error().code, ErrorCode::kUnauthenticated);
  EXPECT_THAT(service.requests(), SizeIs(0));

  AssumeRoleCredentialsProvider refused(Client(service), service.clock(),
                                        std::make_shared<StaticCredentialsProvider>(Base()), role);
  std::vector<SourceReport> reports;
  const auto answer = refused.GetCredentials({nullptr, &reports});
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, ErrorCode::kPermissionDenied);
  EXPECT_EQ(answer.error().message, "role R: STS refused AssumeRole: not you (AccessDenied)");
  ASSERT_THAT(reports, SizeIs(1));
  EXPECT_EQ(reports.front().outcome, SourceReport::Outcome::kFailed);
  EXPECT_THAT(answer.error().message, Not(HasSubstr("base secret")));
}

}  // namespace
}  // namespace sumac::aws
