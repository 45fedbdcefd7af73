#include "aws/identity_endpoint.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sumac::aws {
namespace {

using testing::HasSubstr;

TEST(IdentityEndpointTest, IsTheRegionsOwn) {
  struct Case {
    IdentityService service;
    IdentityEndpointRequest request;
    const char* url;
  };
  constexpr auto kSts = IdentityService::kSts;
  constexpr auto kPortal = IdentityService::kSsoPortal;
  constexpr auto kOidc = IdentityService::kSsoOidc;
  const Case cases[] = {
      {kSts, {"eu-west-1"}, "https://sts.eu-west-1.amazonaws.com"},
      {kSts, {"us-east-1", true}, "https://sts-fips.us-east-1.amazonaws.com"},
      {kSts, {"us-east-1", false, true}, "https://sts.us-east-1.api.aws"},
      {kSts, {"us-east-1", true, true}, "https://sts-fips.us-east-1.api.aws"},
      {kSts, {"cn-north-1"}, "https://sts.cn-north-1.amazonaws.com.cn"},
      {kSts, {"us-gov-west-1", true}, "https://sts.us-gov-west-1.amazonaws.com"},
      {kSts, {"us-iso-east-1"}, "https://sts.us-iso-east-1.c2s.ic.gov"},
      {kSts, {"eusc-de-east-1"}, "https://sts.eusc-de-east-1.amazonaws.eu"},
      {kPortal, {"us-east-1"}, "https://portal.sso.us-east-1.amazonaws.com"},
      {kPortal, {"us-east-1", true}, "https://portal.sso-fips.us-east-1.amazonaws.com"},
      {kPortal, {"us-gov-west-1", true}, "https://portal.sso.us-gov-west-1.amazonaws.com"},
      {kPortal,
       {"cn-north-1", false, true},
       "https://portal.sso.cn-north-1.api.amazonwebservices.com.cn"},
      {kOidc, {"us-east-1"}, "https://oidc.us-east-1.amazonaws.com"},
      {kOidc, {"us-east-1", true}, "https://oidc-fips.us-east-1.amazonaws.com"},
      {kOidc, {"us-gov-east-1", true}, "https://oidc.us-gov-east-1.amazonaws.com"},
      {kOidc, {"us-gov-east-1", true, true}, "https://oidc-fips.us-gov-east-1.api.aws"},
  };
  for (const auto& [service, request, url] : cases) {
    EXPECT_EQ(IdentityEndpoint(service, request).value(), url);
  }
}

TEST(IdentityEndpointTest, RefusesWhatCouldLeadElsewhere) {
  for (const char* region : {"", "local", "evil.example.com/", "a b", "-x", "US-EAST-1", "@evil"}) {
    const auto url = IdentityEndpoint(IdentityService::kSts, {region});
    ASSERT_FALSE(url) << region;
    EXPECT_EQ(url.error().code, ErrorCode::kInvalidArgument);
    EXPECT_THAT(url.error().message, HasSubstr("AWS STS is not in the region '"));
  }
}

}  // namespace
}  // namespace sumac::aws
