#include "aws/endpoint.h"

#include <algorithm>
#include <charconv>

#include "aws/partition.h"
#include "aws/table_arn.h"
#include "base/printable_text.h"

namespace sumac::aws {
namespace {

constexpr std::string_view kService = "dynamodb";
constexpr size_t kShownBytesMax = 64;

// How to undo the two switches, for messages.
constexpr const char* kUnsetFips =
    "unset AWS_USE_FIPS_ENDPOINT (use_fips_endpoint in the AWS profile)";
constexpr const char* kUnsetDualstack =
    "unset AWS_USE_DUALSTACK_ENDPOINT (use_dualstack_endpoint in the AWS profile)";
constexpr const char* kUnsetRequired =
    "set AWS_ACCOUNT_ID_ENDPOINT_MODE (account_id_endpoint_mode in the AWS profile) to preferred";

tl::unexpected<Error> Refuse(std::string message) {
  return Fail(ErrorCode::kInvalidArgument, std::move(message));
}

bool IsHost(std::string_view host) {
  // An IPv6 address stands in brackets.
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
    return host.find_first_not_of("0123456789abcdefABCDEF:.", 1) == host.size() - 1;
  }
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_';
  };
  return !host.empty() && std::all_of(host.begin(), host.end(), allowed);
}

bool IsPort(std::string_view text) {
  int port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  return error == std::errc() && end == text.data() + text.size() && port > 0 && port <= 65'535;
}

bool IsAuthority(std::string_view authority) {
  const size_t bracket = authority.rfind(']');
  const size_t colon = authority.rfind(':');
  const bool has_port =
      colon != std::string_view::npos && (bracket == std::string_view::npos || colon > bracket);
  if (!has_port) return IsHost(authority);
  return IsHost(authority.substr(0, colon)) && IsPort(authority.substr(colon + 1));
}

Result<std::string> CustomUrl(const EndpointRequest& request) {
  std::string_view url = request.endpoint_url;
  while (url.ends_with('/')) url.remove_suffix(1);
  if (!IsServerUrl(url)) {
    // Not quoted: what was written there may hold a password.
    return Refuse(
        "endpoint_url takes http:// or https://, a host and perhaps a port, and nothing more: "
        "http://localhost:8000");
  }
  if (request.use_fips) {
    return Refuse(std::string("endpoint_url names one server, so FIPS cannot be asked for; ") +
                  kUnsetFips + " or endpoint_url");
  }
  if (request.use_dualstack) {
    return Refuse(
        std::string("endpoint_url names one server, so dual-stack cannot be asked for; ") +
        kUnsetDualstack + " or endpoint_url");
  }
  if (!request.region.empty() && url == RegionalUrl(kService, request.region, false, true)) {
    return Refuse(
        "endpoint_url is the region's dual-stack name; leave it out and set "
        "AWS_USE_DUALSTACK_ENDPOINT=true (use_dualstack_endpoint in the AWS profile)");
  }
  return std::string(url);
}

Result<Endpoint> LocalEndpoint(const EndpointRequest& request) {
  if (request.use_fips || request.use_dualstack) {
    return Refuse(std::string("the region local is a DynamoDB on this machine, which has no ") +
                  (request.use_fips ? "FIPS" : "dual-stack") + " name; " +
                  (request.use_fips ? kUnsetFips : kUnsetDualstack) + " or set an AWS region");
  }
  return Endpoint{"http://localhost:8000", "us-east-1"};
}

// The account whose host name the request goes to; nothing when it is not known.
Result<std::optional<std::string>> FindAccountId(const EndpointRequest& request) {
  for (const auto& text : request.resource_arns) {
    const auto arn = ParseArn(text);
    if (!arn || arn->service != kService || arn->region != request.region) continue;
    if (IsHostLabel(arn->account_id)) return std::string(arn->account_id);
  }
  if (request.account_id && !IsHostLabel(*request.account_id)) {
    return Refuse("'" + PrintableText(*request.account_id, kShownBytesMax) +
                  "', the account id of the credentials, is none; set AWS_ACCOUNT_ID "
                  "(aws_account_id in the AWS profile) to 12 digits or leave it out");
  }
  return request.account_id;
}

Result<std::string> RegionUrl(const EndpointRequest& request) {
  const auto mode = request.account_id_endpoint_mode;
  const bool required = mode == AccountIdEndpointMode::kRequired;
  const Partition& partition = PartitionOf(request.region);
  if (required && request.use_fips) {
    return Refuse(std::string("an account's own endpoint is required, and has no FIPS name; ") +
                  kUnsetFips + " or " + kUnsetRequired);
  }
  const bool exists = partition.name == "aws" && !request.use_fips;
  if (required && !exists) {
    return Refuse("an account's own endpoint is required, and the region " + request.region +
                  " has none; " + kUnsetRequired);
  }
  if (exists && mode != AccountIdEndpointMode::kDisabled) {
    SUMAC_ASSIGN_OR_RETURN(const auto account_id, FindAccountId(request));
    if (account_id) {
      return RegionalUrl(*account_id + ".ddb", request.region, false, request.use_dualstack);
    }
    if (required) {
      return Refuse(
          std::string("an account's own endpoint is required, and the account is not known; set "
                      "AWS_ACCOUNT_ID (aws_account_id in the AWS profile), or ") +
          kUnsetRequired);
    }
  }
  return RegionalUrl(kService, request.region, request.use_fips, request.use_dualstack);
}

}  // namespace

bool IsServerUrl(std::string_view url) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (url.starts_with(scheme)) return IsAuthority(url.substr(scheme.size()));
  }
  return false;
}

Result<AccountIdEndpointMode> ParseAccountIdEndpointMode(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  if (lower == "preferred") return AccountIdEndpointMode::kPreferred;
  if (lower == "disabled") return AccountIdEndpointMode::kDisabled;
  if (lower == "required") return AccountIdEndpointMode::kRequired;
  return Refuse(
      "AWS_ACCOUNT_ID_ENDPOINT_MODE (account_id_endpoint_mode in the AWS profile) takes "
      "preferred, disabled or required, not '" +
      PrintableText(text, kShownBytesMax) + "'");
}

Result<Endpoint> ResolveEndpoint(const EndpointRequest& request) {
  if (request.region.empty() && request.endpoint_url.empty()) {
    return Refuse("there is no region to find DynamoDB in; set AWS_REGION");
  }
  if (!request.region.empty() && !IsHostLabel(request.region)) {
    return Refuse("'" + PrintableText(request.region, kShownBytesMax) +
                  "' is no AWS region; one looks like us-west-2");
  }
  Endpoint endpoint;
  endpoint.signing_region = request.region;
  if (!request.endpoint_url.empty()) {
    SUMAC_ASSIGN_OR_RETURN(endpoint.url, CustomUrl(request));
    return endpoint;
  }
  if (request.region == "local") return LocalEndpoint(request);
  SUMAC_ASSIGN_OR_RETURN(endpoint.url, RegionUrl(request));
  return endpoint;
}

}  // namespace sumac::aws
