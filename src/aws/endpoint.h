// Where DynamoDB is: the endpoint rules of its service model as one pure function. What the
// settings are and where they come from (parameters, environment, profile) is decided before.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace sumac::aws {

// Whether to use the host name that belongs to one account (https://ACCOUNT.ddb.REGION...), which
// DynamoDB has in the partition aws, without FIPS. AWS_ACCOUNT_ID_ENDPOINT_MODE, or
// account_id_endpoint_mode in the profile.
enum class AccountIdEndpointMode {
  kPreferred,  // where there is one and the account is known
  kDisabled,
  kRequired,  // else it is an error
};

// "preferred", "disabled" or "required", in any case. Error kInvalidArgument for other text.
Result<AccountIdEndpointMode> ParseAccountIdEndpointMode(std::string_view text);

struct EndpointRequest {
  std::string region;  // may be empty with an endpoint_url; `local` is a DynamoDB on this machine
  bool use_fips = false;
  bool use_dualstack = false;
  // Wins over all that follows from the region when it is not empty.
  std::string endpoint_url;
  // The account of the credentials, if they say one.
  std::optional<std::string> account_id;
  AccountIdEndpointMode account_id_endpoint_mode = AccountIdEndpointMode::kPreferred;
  // Of the tables in the request that are named by ARN. The first that is DynamoDB's and of this
  // region gives the account, before account_id; others are passed over.
  std::vector<std::string> resource_arns;
};

struct Endpoint {
  std::string url;             // scheme, host and perhaps port, without a path
  std::string signing_region;  // us-east-1 for `local`; empty when no region was given
  std::string signing_service = "dynamodb";
};

// Error kInvalidArgument, saying what to change, when:
// - endpoint_url is no http or https URL of a host, or has credentials, a path, a query or a
//   fragment (requests go to the path /, as every DynamoDB answers there). It is never quoted, as
//   it may hold a password;
// - endpoint_url or `local` stands beside FIPS or dual-stack, or endpoint_url is the dual-stack
// name
//   of the region, which use_dualstack is for;
// - there is neither region nor endpoint_url, or region or account_id cannot be a part of a host
//   name;
// - the account's endpoint is required and there is none, or the account is not known.
Result<Endpoint> ResolveEndpoint(const EndpointRequest& request);

// Whether `url` is http:// or https://, a host and perhaps a port, and nothing more.
bool IsServerUrl(std::string_view url);

// The URL alone, for a region and perhaps an endpoint_url.
inline Result<std::string> ResolveEndpoint(const std::string& region,
                                           const std::string& endpoint_url) {
  EndpointRequest request;
  request.region = region;
  request.endpoint_url = endpoint_url;
  SUMAC_ASSIGN_OR_RETURN(auto endpoint, ResolveEndpoint(request));
  return std::move(endpoint.url);
}

}  // namespace sumac::aws
