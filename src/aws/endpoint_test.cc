#include "aws/endpoint.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sumac::aws {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(EndpointTest, IsTheRegionsOwn) {
  const std::pair<const char*, const char*> cases[] = {
      {"us-west-2", "https://dynamodb.us-west-2.amazonaws.com"},
      {"eu-central-1", "https://dynamodb.eu-central-1.amazonaws.com"},
      {"us-gov-west-1", "https://dynamodb.us-gov-west-1.amazonaws.com"},
      {"cn-north-1", "https://dynamodb.cn-north-1.amazonaws.com.cn"},
      {"us-iso-east-1", "https://dynamodb.us-iso-east-1.c2s.ic.gov"},
      {"us-isob-east-1", "https://dynamodb.us-isob-east-1.sc2s.sgov.gov"},
      {"local", "http://localhost:8000"},
  };
  for (const auto& [region, endpoint] : cases) {
    EXPECT_EQ(ResolveEndpoint(region, "").value(), endpoint);
  }
}

TEST(EndpointTest, AGivenOneWins) {
  const std::pair<const char*, const char*> cases[] = {
      {"http://localhost:8000", "http://localhost:8000"},
      {"http://127.0.0.1:8000/", "http://127.0.0.1:8000"},
      {"https://dynamodb.example.com", "https://dynamodb.example.com"},
      {"http://[::1]:8000", "http://[::1]:8000"},
      {"http://my_host", "http://my_host"},
  };
  for (const auto& [given, endpoint] : cases) {
    EXPECT_EQ(ResolveEndpoint("us-west-2", given).value(), endpoint);
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

}  // namespace
}  // namespace sumac::aws
