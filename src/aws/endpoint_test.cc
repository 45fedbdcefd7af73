#include "aws/endpoint.h"

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sumac::aws {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr char kArn[] = "arn:aws:dynamodb:us-east-1:222222222222:table/users";
constexpr char kArnElsewhere[] = "arn:aws:dynamodb:us-west-2:333333333333:table/users";
constexpr char kStreamArn[] =
    "arn:aws:dynamodb:us-east-1:444444444444:table/users/stream/2024-01-01T00:00:00.000";
constexpr char kOtherService[] = "arn:aws:s3:us-east-1:555555555555:x/y";

// A request in few letters: "us-east-1 fips dual required account=1 arn=... url=...".
EndpointRequest Request(const std::string& text) {
  EndpointRequest request;
  std::istringstream words(text);
  for (std::string word; words >> word;) {
    const size_t equals = word.find('=');
    const std::string name = word.substr(0, equals);
    const std::string value = equals == std::string::npos ? "" : word.substr(equals + 1);
    if (name == "fips") {
      request.use_fips = true;
    } else if (name == "dual") {
      request.use_dualstack = true;
    } else if (name == "disabled" || name == "required") {
      request.account_id_endpoint_mode = ParseAccountIdEndpointMode(name).value();
    } else if (name == "account") {
      request.account_id = value;
    } else if (name == "arn") {
      request.resource_arns.push_back(value);
    } else if (name == "url") {
      request.endpoint_url = value;
    } else {
      request.region = word;
    }
  }
  return request;
}

struct Case {
  std::string request;
  const char* url;
};

void ExpectUrls(const std::vector<Case>& cases) {
  for (const auto& [request, url] : cases) {
    const auto endpoint = ResolveEndpoint(Request(request));
    ASSERT_TRUE(endpoint) << request << ": " << endpoint.error().message;
    EXPECT_EQ(endpoint->url, url) << request;
    EXPECT_EQ(endpoint->signing_service, "dynamodb");
  }
}

TEST(EndpointTest, IsTheRegionsOwn) {
  ExpectUrls({
      {"us-west-2", "https://dynamodb.us-west-2.amazonaws.com"},
      {"us-west-2 fips", "https://dynamodb-fips.us-west-2.amazonaws.com"},
      {"us-west-2 dual", "https://dynamodb.us-west-2.api.aws"},
      {"us-west-2 fips dual", "https://dynamodb-fips.us-west-2.api.aws"},
      {"eu-central-1", "https://dynamodb.eu-central-1.amazonaws.com"},
      {"xx-new-9", "https://dynamodb.xx-new-9.amazonaws.com"},
      {"cn-north-1", "https://dynamodb.cn-north-1.amazonaws.com.cn"},
      {"cn-north-1 fips", "https://dynamodb-fips.cn-north-1.amazonaws.com.cn"},
      {"cn-north-1 dual", "https://dynamodb.cn-north-1.api.amazonwebservices.com.cn"},
      {"cn-north-1 fips dual", "https://dynamodb-fips.cn-north-1.api.amazonwebservices.com.cn"},
      {"us-gov-west-1", "https://dynamodb.us-gov-west-1.amazonaws.com"},
      {"us-gov-west-1 fips", "https://dynamodb.us-gov-west-1.amazonaws.com"},
      {"us-gov-west-1 dual", "https://dynamodb.us-gov-west-1.api.aws"},
      {"us-gov-west-1 fips dual", "https://dynamodb-fips.us-gov-west-1.api.aws"},
      {"us-iso-east-1", "https://dynamodb.us-iso-east-1.c2s.ic.gov"},
      {"us-iso-east-1 fips", "https://dynamodb-fips.us-iso-east-1.c2s.ic.gov"},
      {"us-iso-east-1 dual", "https://dynamodb.us-iso-east-1.api.aws.ic.gov"},
      {"us-iso-east-1 fips dual", "https://dynamodb-fips.us-iso-east-1.api.aws.ic.gov"},
      {"us-isob-east-1", "https://dynamodb.us-isob-east-1.sc2s.sgov.gov"},
      {"us-isob-east-1 fips", "https://dynamodb-fips.us-isob-east-1.sc2s.sgov.gov"},
      {"us-isob-east-1 dual", "https://dynamodb.us-isob-east-1.api.aws.scloud"},
      {"eu-isoe-west-1", "https://dynamodb.eu-isoe-west-1.cloud.adc-e.uk"},
      {"eu-isoe-west-1 dual", "https://dynamodb.eu-isoe-west-1.api.cloud-aws.adc-e.uk"},
      {"us-isof-south-1", "https://dynamodb.us-isof-south-1.csp.hci.ic.gov"},
      {"us-isof-south-1 dual", "https://dynamodb.us-isof-south-1.api.aws.hci.ic.gov"},
      {"eusc-de-east-1", "https://dynamodb.eusc-de-east-1.amazonaws.eu"},
      {"eusc-de-east-1 dual", "https://dynamodb.eusc-de-east-1.api.amazonwebservices.eu"},
  });
}

TEST(EndpointTest, IsTheAccountsOwn) {
  const std::string arn = std::string(" arn=") + kArn;
  const std::string arn_elsewhere = std::string(" arn=") + kArnElsewhere;
  const std::string stream_arn = std::string(" arn=") + kStreamArn;
  const std::string other_service = std::string(" arn=") + kOtherService;
  ExpectUrls({
      {"us-east-1 account=111", "https://111.ddb.us-east-1.amazonaws.com"},
      {"us-east-1 account=111 required", "https://111.ddb.us-east-1.amazonaws.com"},
      {"us-east-1 account=111 dual", "https://111.ddb.us-east-1.api.aws"},
      {"us-east-1 account=111 disabled", "https://dynamodb.us-east-1.amazonaws.com"},
      {"us-east-1 account=111 dual disabled", "https://dynamodb.us-east-1.api.aws"},
      {"us-east-1 account=111 fips", "https://dynamodb-fips.us-east-1.amazonaws.com"},
      {"us-east-1 account=111 fips dual", "https://dynamodb-fips.us-east-1.api.aws"},
      {"us-east-1", "https://dynamodb.us-east-1.amazonaws.com"},
      // Of a table's ARN, if that is of the region.
      {"us-east-1" + arn, "https://222222222222.ddb.us-east-1.amazonaws.com"},
      {"us-east-1 account=111" + arn, "https://222222222222.ddb.us-east-1.amazonaws.com"},
      {"us-east-1 required" + arn, "https://222222222222.ddb.us-east-1.amazonaws.com"},
      {"us-east-1 disabled" + arn, "https://dynamodb.us-east-1.amazonaws.com"},
      {"us-east-1 fips" + arn, "https://dynamodb-fips.us-east-1.amazonaws.com"},
      {"us-east-1" + stream_arn, "https://444444444444.ddb.us-east-1.amazonaws.com"},
      {"us-east-1" + arn_elsewhere, "https://dynamodb.us-east-1.amazonaws.com"},
      {"us-east-1 account=111" + arn_elsewhere, "https://111.ddb.us-east-1.amazonaws.com"},
      {"us-east-1" + other_service, "https://dynamodb.us-east-1.amazonaws.com"},
      {"us-east-1" + arn_elsewhere + arn, "https://222222222222.ddb.us-east-1.amazonaws.com"},
      {"us-east-1" + arn + stream_arn, "https://222222222222.ddb.us-east-1.amazonaws.com"},
      {"us-east-1 arn= arn=users arn=arn:aws:dynamodb:us-east-1::table/x",
       "https://dynamodb.us-east-1.amazonaws.com"},
      // In the partition aws alone.
      {"cn-north-1 account=111", "https://dynamodb.cn-north-1.amazonaws.com.cn"},
      {"us-gov-east-1 account=111", "https://dynamodb.us-gov-east-1.amazonaws.com"},
      {"us-iso-east-1 account=111 dual", "https://dynamodb.us-iso-east-1.api.aws.ic.gov"},
      {"eusc-de-east-1 account=", "https://dynamodb.eusc-de-east-1.amazonaws.eu"},
      // An account id that cannot be used does no harm where none is.
      {"us-east-1 account=a.b disabled", "https://dynamodb.us-east-1.amazonaws.com"},
  });
}

TEST(EndpointTest, AGivenOneWins) {
  ExpectUrls({
      {"us-west-2 url=http://localhost:8000", "http://localhost:8000"},
      {"us-west-2 url=http://127.0.0.1:8000/", "http://127.0.0.1:8000"},
      {"us-west-2 url=https://dynamodb.example.com", "https://dynamodb.example.com"},
      {"us-west-2 url=http://[::1]:8000", "http://[::1]:8000"},
      {"us-west-2 url=http://my_host", "http://my_host"},
      {"url=http://localhost:8000", "http://localhost:8000"},
      {"local url=http://localhost:9000", "http://localhost:9000"},
      {"us-east-1 account=111 url=http://host", "http://host"},
      {"us-east-1 account=a.b required url=http://host", "http://host"},
      {"us-east-1 url=https://111.ddb.us-east-1.api.aws", "https://111.ddb.us-east-1.api.aws"},
      {"us-east-1 url=https://dynamodb.us-west-2.api.aws", "https://dynamodb.us-west-2.api.aws"},
      {"us-east-1 url=https://vpce-1.dynamodb.us-east-1.vpce.api.aws",
       "https://vpce-1.dynamodb.us-east-1.vpce.api.aws"},
  });
}

TEST(EndpointTest, LocalIsThisMachine) {
  ExpectUrls({
      {"local", "http://localhost:8000"},
      {"local account=111 required", "http://localhost:8000"},
      {std::string("local required arn=") + kArn, "http://localhost:8000"},
  });
}

TEST(EndpointTest, SaysWhatToSignFor) {
  const std::pair<const char*, const char*> cases[] = {
      {"us-west-2", "us-west-2"},
      {"us-west-2 url=http://localhost:8000", "us-west-2"},
      {"local", "us-east-1"},
      {"local url=http://localhost:9000", "local"},
      {"url=http://localhost:8000", ""},
  };
  for (const auto& [request, region] : cases) {
    EXPECT_EQ(ResolveEndpoint(Request(request))->signing_region, region) << request;
  }
}

TEST(EndpointTest, SaysWhatToChange) {
  const std::pair<const char*, const char*> cases[] = {
      {"", "set AWS_REGION"},
      {"us_west_2", "'us_west_2' is no AWS region"},
      {"evil.example.com/", "is no AWS region"},
      {"us-east-1 fips url=http://host", "unset AWS_USE_FIPS_ENDPOINT"},
      {"us-east-1 dual url=http://host", "unset AWS_USE_DUALSTACK_ENDPOINT"},
      {"us-east-1 fips dual url=http://host", "unset AWS_USE_FIPS_ENDPOINT"},
      {"us-east-1 url=https://dynamodb.us-east-1.api.aws", "set AWS_USE_DUALSTACK_ENDPOINT=true"},
      {"us-east-1 url=https://dynamodb.us-east-1.api.aws/", "set AWS_USE_DUALSTACK_ENDPOINT=true"},
      {"cn-north-1 url=https://dynamodb.cn-north-1.api.amazonwebservices.com.cn",
       "set AWS_USE_DUALSTACK_ENDPOINT=true"},
      {"local fips", "no FIPS name; unset AWS_USE_FIPS_ENDPOINT"},
      {"local dual", "no dual-stack name; unset AWS_USE_DUALSTACK_ENDPOINT"},
      {"local fips dual", "no FIPS name"},
      {"us-east-1 required", "set AWS_ACCOUNT_ID (aws_account_id in the AWS profile)"},
      {"us-east-1 required account=111 fips", "no FIPS name; unset AWS_USE_FIPS_ENDPOINT"},
      {"cn-north-1 required account=111", "the region cn-north-1 has none"},
      {"cn-north-1 required account=111 fips", "no FIPS name"},
      {"us-east-1 account=", "'', the account id of the credentials, is none"},
      {"us-east-1 required account=", "the account id of the credentials, is none"},
      {"us-east-1 account=evil.example.com/", "the account id of the credentials, is none"},
  };
  for (const auto& [request, message] : cases) {
    const auto endpoint = ResolveEndpoint(Request(request));
    ASSERT_FALSE(endpoint) << request << ": " << endpoint->url;
    EXPECT_EQ(endpoint.error().code, ErrorCode::kInvalidArgument);
    EXPECT_THAT(endpoint.error().message, HasSubstr(message)) << request;
  }
}

TEST(EndpointTest, RefusesWhatIsNoServer) {
  for (const char* given :
       {"localhost:8000", "ftp://localhost", "http://", "http://user:hunter2@host", "http://a b",
        "http://host/path", "http://host?x=hunter2", "http://host#x", "http://host:0",
        "http://host:65536", "http://host:x", "http://host:", "http://[::1", "http://[x]",
        "http://host\r\nX: y", "file:///etc/passwd"}) {
    const auto endpoint = ResolveEndpoint("us-west-2", given);
    ASSERT_FALSE(endpoint) << given;
    EXPECT_EQ(endpoint.error().code, ErrorCode::kInvalidArgument);
    EXPECT_THAT(endpoint.error().message, HasSubstr("endpoint_url takes"));
    EXPECT_THAT(endpoint.error().message, Not(HasSubstr("hunter2")));
  }
}

TEST(EndpointTest, TheUrlAlone) {
  EXPECT_EQ(ResolveEndpoint("us-west-2", "").value(), "https://dynamodb.us-west-2.amazonaws.com");
  EXPECT_EQ(ResolveEndpoint("us-west-2", "http://localhost:8000/").value(),
            "http://localhost:8000");
}

TEST(EndpointTest, ModesByName) {
  EXPECT_EQ(ParseAccountIdEndpointMode("preferred").value(), AccountIdEndpointMode::kPreferred);
  EXPECT_EQ(ParseAccountIdEndpointMode("Disabled").value(), AccountIdEndpointMode::kDisabled);
  EXPECT_EQ(ParseAccountIdEndpointMode("REQUIRED").value(), AccountIdEndpointMode::kRequired);
  for (const char* text : {"", "on", "preferred "}) {
    const auto mode = ParseAccountIdEndpointMode(text);
    ASSERT_FALSE(mode) << text;
    EXPECT_THAT(mode.error().message, HasSubstr("preferred, disabled or required"));
  }
}

// The value of a member that is an object, with its braces; empty when it is absent. Strings in the
// file have no escapes and no braces that do not match.
std::string ObjectMember(const std::string& json, const std::string& name) {
  const size_t at = json.find("\"" + name + "\": {");
  if (at == std::string::npos) return "";
  const size_t start = json.find('{', at);
  int depth = 0;
  for (size_t i = start; i < json.size(); ++i) {
    if (json[i] == '{') ++depth;
    if (json[i] == '}' && --depth == 0) return json.substr(start, i + 1 - start);
  }
  return "";
}

// A member that is a string (the first of its array, if it is one) or a word; nothing when absent.
std::optional<std::string> Member(const std::string& json, const std::string& name) {
  const std::string label = "\"" + name + "\": ";
  const size_t at = json.find(label);
  if (at == std::string::npos) return std::nullopt;
  const size_t start = json.find_first_not_of("[ \n", at + label.size());
  const bool quoted = json[start] == '"';
  const size_t end = json.find_first_of(quoted ? "\"" : ",}\n", start + 1);
  return json.substr(start + (quoted ? 1 : 0), end - start - (quoted ? 1 : 0));
}

EndpointRequest PublishedRequest(const std::string& params) {
  EndpointRequest request;
  request.region = Member(params, "Region").value_or("");
  request.use_fips = Member(params, "UseFIPS") == "true";
  request.use_dualstack = Member(params, "UseDualStack") == "true";
  request.endpoint_url = Member(params, "Endpoint").value_or("");
  request.account_id = Member(params, "AccountId");
  const auto mode = Member(params, "AccountIdEndpointMode");
  if (mode) request.account_id_endpoint_mode = ParseAccountIdEndpointMode(*mode).value();
  for (const char* name : {"ResourceArn", "ResourceArnList"}) {
    if (const auto arn = Member(params, name)) request.resource_arns.push_back(*arn);
  }
  return request;
}

// The cases of the service model are not part of this project; SUMAC_ENDPOINT_CASES names a file
// with them: an array of {"what": ..., "params": {...}, "expect": {"endpoint": {...}} or
// {"error": ...}}, indented by one space a level.
TEST(EndpointTest, PublishedCases) {
  const char* path = std::getenv("SUMAC_ENDPOINT_CASES");
  if (path == nullptr) GTEST_SKIP() << "SUMAC_ENDPOINT_CASES is not set";
  std::ifstream file(path, std::ios::binary);
  ASSERT_TRUE(file.is_open()) << path;
  const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  int urls = 0;
  int errors = 0;
  size_t next = 0;
  for (size_t at = text.find("\n {"); at != std::string::npos; at = next) {
    next = text.find("\n {", at + 1);
    const std::string one = text.substr(at, next - at);
    SCOPED_TRACE(Member(one, "what").value_or(one));
    const EndpointRequest request = PublishedRequest(ObjectMember(one, "params"));
    const std::string expected = ObjectMember(one, "expect");
    const auto endpoint = ResolveEndpoint(request);
    EXPECT_EQ(endpoint.has_value(), !Member(expected, "error").has_value());
    if (!endpoint) {
      ++errors;
      continue;
    }
    ++urls;
    EXPECT_EQ(endpoint->url, Member(expected, "url"));
    EXPECT_EQ(endpoint->signing_region, Member(expected, "signingRegion").value_or(request.region));
    EXPECT_EQ(endpoint->signing_service, Member(expected, "signingName").value_or("dynamodb"));
  }
  EXPECT_EQ(urls, 272);
  EXPECT_EQ(errors, 98);
}

}  // namespace
}  // namespace sumac::aws
