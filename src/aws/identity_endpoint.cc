#include "aws/identity_endpoint.h"

#include "aws/partition.h"
#include "base/printable_text.h"

namespace sumac::aws {
namespace {

struct ServiceNames {
  const char* for_a_person;
  const char* in_a_host;
};

ServiceNames NamesOf(IdentityService service) {
  switch (service) {
    case IdentityService::kSts:
      return {"AWS STS", "sts"};
    case IdentityService::kSsoPortal:
      return {"AWS IAM Identity Center", "portal.sso"};
    case IdentityService::kSsoOidc:
      break;
  }
  return {"AWS IAM Identity Center", "oidc"};
}

}  // namespace

Result<std::string> IdentityEndpoint(IdentityService service,
                                     const IdentityEndpointRequest& request) {
  const ServiceNames names = NamesOf(service);
  if (request.region == "local" || !IsHostLabel(request.region)) {
    constexpr size_t kShownBytesMax = 64;
    return Fail(ErrorCode::kInvalidArgument, std::string(names.for_a_person) +
                                                 " is not in the region '" +
                                                 PrintableText(request.region, kShownBytesMax) +
                                                 "'; set an AWS region, such as us-west-2");
  }
  return RegionalUrl(names.in_a_host, request.region, request.use_fips, request.use_dualstack);
}

}  // namespace sumac::aws
