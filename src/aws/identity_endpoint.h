// Where the services are that hand out credentials: STS, and the two halves of IAM Identity Center
// (formerly SSO). Pure. Source: the endpoint rules of the three service models.
#pragma once

#include <string>

#include "base/result.h"

namespace sumac::aws {

enum class IdentityService {
  kSts,        // AssumeRole, AssumeRoleWithWebIdentity
  kSsoPortal,  // GetRoleCredentials
  kSsoOidc,    // CreateToken
};

struct IdentityEndpointRequest {
  std::string region;
  bool use_fips = false;
  bool use_dualstack = false;
};

// The URL of the service in a region, without a path: "https://sts.eu-west-1.amazonaws.com". Error
// kInvalidArgument: `region` is none, or is `local`, which has DynamoDB only.
Result<std::string> IdentityEndpoint(IdentityService service,
                                     const IdentityEndpointRequest& request);

}  // namespace sumac::aws
