#include "aws/credentials/container_credentials_provider.h"

#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "aws/scripted_service.h"

namespace sumac::aws {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

constexpr char kRelative[] = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI";
constexpr char kFull[] = "AWS_CONTAINER_CREDENTIALS_FULL_URI";
constexpr char kToken[] = "AWS_CONTAINER_AUTHORIZATION_TOKEN";
constexpr char kTokenFile[] = "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE";
constexpr char kDocument[] =
    R"({"AccessKeyId":"ASIA","SecretAccessKey":"secret","Token":"token",)"
    R"("Expiration":"2026-11-24T18:49:44Z","RoleArn":"arn:aws:iam::111122223333:role/r"})";

TEST(ContainerAddressTest, OnlyThisMachineAndTheContainerServices) {
  for (const char* allowed :
       {"127.0.0.1", "127.255.255.255", "127.0.0.53", "169.254.170.2", "169.254.170.23", "::1",
        "0:0:0:0:0:0:0:1", "fd00:ec2::23", "FD00:0EC2:0:0:0:0:0:0023"}) {
    EXPECT_TRUE(IsContainerAddress(allowed)) << allowed;
  }
  for (const char* refused :
       {"", "0.0.0.0", "128.0.0.1", "126.255.255.255", "10.0.0.1", "169.254.169.254",
        "169.254.170.1", "169.254.170.3", "169.254.170.22", "169.254.170.24", "169.255.170.2",
        "::", "::2", "fd00:ec2::22", "fd00:ec2::24", "fd00:ec2::254", "fe80::1",
        // Mapped and compatible forms reach IPv4, and are no way around the list.
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1",
        // Only what is an address as it stands; the rest is a resolver's business.
        "localhost", "127.1", "2130706433", "0177.0.0.1", "0x7f.0.0.1", "127.0.0.1 ", " 127.0.0.1",
        "127.0.0.1%lo", "::1%lo", "[::1]", "127.0.0.1:80"}) {
    EXPECT_FALSE(IsContainerAddress(refused)) << refused;
  }
}

// A provider over a service and a table of hosts.
class ContainerTest : public testing::Test {
 protected:
  Result<Credentials> Ask(Environment environment) {
    const auto resolve = [this](const std::string& host) -> Result<std::vector<std::string>> {
      resolved_.push_back(host);
      const auto found = hosts_.find(host);
      // Text that is an address resolves to itself.
      if (found == hosts_.end()) return std::vector<std::string>{host};
      return found->second;
    };
    ContainerCredentialsProvider provider(service_.fetch(), std::move(environment), resolve);
    return provider.GetCredentials({});
  }

  ScriptedService service_{{Respond(200, kDocument)}};
  std::map<std::string, std::vector<std::string>> hosts_;
  std::vector<std::string> resolved_;
};

TEST_F(ContainerTest, WithoutVariablesItIsNotConfigured) {
  const auto credentials = Ask({{kRelative, ""}, {kFull, ""}, {kToken, "t"}});
  ASSERT_FALSE(credentials);
  EXPECT_EQ(credentials.error().code, ErrorCode::kNotFound);
  EXPECT_THAT(credentials.error().message, AllOf(HasSubstr(kRelative), HasSubstr(kFull)));
}

TEST_F(ContainerTest, AsksTheRelativeUri) {
  const auto credentials = Ask({{kRelative, "/v2/creds?id=1"}, {kFull, "http://evil.example/"}});
  ASSERT_TRUE(credentials) << credentials.error().message;
  EXPECT_EQ(credentials->access_key_id, "ASIA");
  EXPECT_EQ(credentials->session_token.Reveal(), "token");
  EXPECT_EQ(credentials->account_id, "111122223333");
  EXPECT_EQ(credentials->expires_at, WallTime(std::chrono::seconds(1'795'546'184)));
  EXPECT_EQ(credentials->source, "container credentials");
  const auto request = service_.requests().front();
  EXPECT_EQ(request.method, "GET");
  EXPECT_EQ(request.url, "http://169.254.170.2/v2/creds?id=1");
  EXPECT_EQ(HeaderOf(request, "Accept"), "application/json");
  EXPECT_EQ(HeaderOf(request, "Authorization"), "");
  EXPECT_TRUE(request.bypass_proxy);
  EXPECT_EQ(request.connect_timeout_ms, 2'000);
  EXPECT_EQ(request.timeout_ms, 5'000);
}

// Else "169.254.170.2" + ".evil.example/" or + "@evil.example/" is another host.
TEST_F(ContainerTest, TheRelativeUriIsAPath) {
  for (const char* uri : {"v2/creds", ".evil.example/", "@evil.example/", ":80@evil.example/",
                          "\\evil", "http://evil.example/"}) {
    const auto credentials = Ask({{kRelative, uri}});
    ASSERT_FALSE(credentials) << uri;
    EXPECT_EQ(credentials.error().code, ErrorCode::kInvalidArgument) << uri;
  }
  EXPECT_THAT(service_.requests(), SizeIs(0));
}

TEST_F(ContainerTest, TheFullUriIsHttpsOrHttpToAnAllowedAddress) {
  hosts_ = {
      {"localhost", {"127.0.0.1", "::1"}},       {"pods.local", {"169.254.170.23", "fd00:ec2::23"}},
      {"half.local", {"127.0.0.1", "10.0.0.1"}}, {"other.half.local", {"10.0.0.1", "127.0.0.1"}},
      {"mapped.local", {"::ffff:127.0.0.1"}},    {"nowhere.local", {}},
      {"evil.example", {"203.0.113.1"}}};
  for (const char* uri :
       {"http://127.0.0.1/x", "http://127.0.0.1:8080/x", "http://127.8.8.8", "http://[::1]/x",
        "http://[::1]:8080/x", "http://localhost:80/x?a=b", "http://169.254.170.2/x",
        "http://169.254.170.23/v1/credentials", "http://[fd00:ec2::23]/v1/credentials",
        "http://pods.local/", "https://evil.example/x", "https://10.0.0.1:8443/x"}) {
    const auto credentials = Ask({{kFull, uri}});
    EXPECT_TRUE(credentials) << uri << " " << credentials.error().message;
    EXPECT_EQ(service_.requests().back().url, uri);
    EXPECT_EQ(service_.requests().back().bypass_proxy, std::string(uri).starts_with("http:"));
  }
  const size_t asked = service_.requests().size();
  for (const char* uri :
       {"http://evil.example/x", "http://10.0.0.1/", "http://169.254.169.254/", "http://[fe80::1]/",
        "http://half.local/", "http://other.half.local/", "http://mapped.local/",
        "http://nowhere.local/", "http://[::ffff:127.0.0.1]/",
        // The host is behind the last @ and before the first /, ? or #.
        "http://127.0.0.1@evil.example/", "http://127.0.0.1:80@evil.example/",
        "http://a@127.0.0.1@evil.example/", "http://evil.example/@127.0.0.1/",
        "http://evil.example?@127.0.0.1/", "http://evil.example#@127.0.0.1/",
        "http://127.0.0.1\\@evil.example/", "http://127.0.0.1.evil.example/",
        // A user would stand in messages.
        "http://user:password@127.0.0.1/", "https://user:password@host.example/",
        "http://evil.example:80", "http:///127.0.0.1/", "http://", "http://:80/",
        // No scheme that is spoken.
        "x", "://", "ftp://127.0.0.1/", "HTTP://127.0.0.1/", "127.0.0.1/", "//127.0.0.1/",
        "file:///etc/x"}) {
    const auto credentials = Ask({{kFull, uri}});
    ASSERT_FALSE(credentials) << uri;
    EXPECT_EQ(credentials.error().code, ErrorCode::kInvalidArgument) << uri;
    EXPECT_THAT(credentials.error().message, HasSubstr(kFull)) << uri;
    EXPECT_THAT(credentials.error().message, testing::Not(HasSubstr("password"))) << uri;
  }
  EXPECT_EQ(service_.requests().size(), asked);
}

// Numbers that curl and the system's resolver both take for an address go through the same list.
TEST(ContainerResolverTest, TheSystemReadsNumbersAsAddresses) {
  struct Case {
    std::string host;
    bool allowed;
  };
  for (const auto& [host, allowed] :
       {Case{"127.0.0.1", true}, Case{"2130706433", true}, Case{"0x7f.1", true},
        Case{"0177.0.0.1", true}, Case{"::1", true}, Case{"167772161", false},
        Case{"012.0.0.1", false}, Case{"::ffff:127.0.0.1", false}}) {
    const auto addresses = ResolveWithSystem(host);
    ASSERT_TRUE(addresses) << host;
    ASSERT_FALSE(addresses->empty()) << host;
    for (const auto& address : *addresses) EXPECT_EQ(IsContainerAddress(address), allowed) << host;
  }
}

TEST_F(ContainerTest, TheTokenFileWinsAndIsReadEachTime) {
  const auto path = fs::path(testing::TempDir()) / ("token-" + std::to_string(getpid()));
  const Environment environment = {{kRelative, "/x"}, {kToken, "variable"}, {kTokenFile, path}};
  for (const char* text : {"first", "second\n", "third \r\n"}) {
    std::ofstream(path, std::ios::trunc) << text;
    ASSERT_TRUE(Ask(environment));
    const std::string expected =
        std::string(text).substr(0, std::string(text).find_first_of(" \r\n"));
    EXPECT_EQ(HeaderOf(service_.requests().back(), "Authorization"), expected);
  }
  struct Bad {
    std::string text;
    std::string message;
  };
  for (const auto& [text, message] :
       {Bad{"", "is empty"}, Bad{"\n\n", "is empty"}, Bad{"a\nX-Evil: 1", "more than one line"},
        Bad{"a\rb", "more than one line"}}) {
    std::ofstream(path, std::ios::trunc | std::ios::binary) << text;
    const auto credentials = Ask(environment);
    ASSERT_FALSE(credentials);
    EXPECT_EQ(credentials.error().code, ErrorCode::kUnauthenticated);
    EXPECT_THAT(credentials.error().message, AllOf(HasSubstr(message), Not(HasSubstr("Evil"))));
  }
  fs::remove(path);
  const auto gone = Ask(environment);
  ASSERT_FALSE(gone);
  EXPECT_EQ(gone.error().code, ErrorCode::kUnauthenticated);
  EXPECT_THAT(gone.error().message, HasSubstr(path.string()));
  EXPECT_THAT(service_.requests(), SizeIs(3));
}

TEST_F(ContainerTest, TheTokenOfTheEnvironmentIsOneLine) {
  ASSERT_TRUE(Ask({{kRelative, "/x"}, {kToken, "Bearer abc"}}));
  EXPECT_EQ(HeaderOf(service_.requests().back(), "Authorization"), "Bearer abc");
  for (const char* token : {"hunter2\n", "hunter2\r\nX-Evil: 1"}) {
    const auto credentials = Ask({{kRelative, "/x"}, {kToken, token}});
    ASSERT_FALSE(credentials);
    EXPECT_THAT(credentials.error().message, Not(HasSubstr("hunter2")));
  }
  EXPECT_THAT(service_.requests(), SizeIs(1));
}

TEST_F(ContainerTest, SaysWhatTheEndpointAnswered) {
  struct Case {
    int status;
    std::string body;
    ErrorCode code;
    std::string message;
    size_t requests;
  };
  const Case cases[] = {
      {404, R"({"code":"X","message":"no such task"})", ErrorCode::kUnauthenticated,
       "the container's endpoint refused (HTTP status 404, no such task)", 1},
      {403, R"({"Message":"not\nyou"})", ErrorCode::kUnauthenticated, "403, not\\nyou", 1},
      {400, "<html>", ErrorCode::kUnauthenticated, "(HTTP status 400)", 1},
      {302, "", ErrorCode::kUnauthenticated, "(HTTP status 302)", 1},
      {500, R"({"message":"later"})", ErrorCode::kUnavailable, "(HTTP status 500, later)", 3},
      {429, "", ErrorCode::kUnavailable, "(HTTP status 429)", 3},
      {200, "", ErrorCode::kDataCorrupt, "no JSON object", 1},
      {200, R"({"AccessKeyId":"A"})", ErrorCode::kDataCorrupt, "no SecretAccessKey", 1},
      {200, R"({"SecretAccessKey":"hunter2"})", ErrorCode::kDataCorrupt, "no AccessKeyId", 1},
      {200, R"({"AccessKeyId":"A","SecretAccessKey":"hunter2","Expiration":"hunter3"})",
       ErrorCode::kDataCorrupt, "Expiration is no timestamp", 1},
  };
  for (const auto& [status, body, code, message, requests] : cases) {
    ScriptedService service({Respond(status, body)});
    ContainerCredentialsProvider provider(service.fetch(), {{kRelative, "/x"}});
    const auto credentials = provider.GetCredentials({});
    ASSERT_FALSE(credentials) << body;
    EXPECT_EQ(credentials.error().code, code) << status << body;
    EXPECT_EQ(credentials.error().blame, Blame::kService);
    EXPECT_THAT(credentials.error().message, AllOf(HasSubstr(message), Not(HasSubstr("hunter"))));
    EXPECT_THAT(service.requests(), SizeIs(requests));
  }
}

TEST_F(ContainerTest, ABriefFailurePasses) {
  service_.AnswerWith({RefuseConnection(), Respond(500, ""), Respond(200, kDocument)});
  EXPECT_TRUE(Ask({{kRelative, "/x"}}));
  service_.AnswerWith({RefuseConnection()});
  const auto credentials = Ask({{kRelative, "/x"}});
  ASSERT_FALSE(credentials);
  EXPECT_EQ(credentials.error().code, ErrorCode::kUnavailable);
  EXPECT_THAT(service_.requests(), SizeIs(6));
}

}  // namespace
}  // namespace sumac::aws
