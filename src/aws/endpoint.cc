#include "aws/endpoint.h"

#include <algorithm>
#include <charconv>
#include <string_view>

namespace sumac::aws {
namespace {

struct Partition {
  std::string_view region_prefix;
  std::string_view dns_suffix;
};

// Source: the endpoint rules of the DynamoDB service model. The first prefix that matches decides.
constexpr Partition kPartitions[] = {
    {"cn-", "amazonaws.com.cn"},    {"us-isob-", "sc2s.sgov.gov"}, {"us-isof-", "csp.hci.ic.gov"},
    {"eu-isoe-", "cloud.adc-e.uk"}, {"us-iso-", "c2s.ic.gov"},     {"eusc-", "amazonaws.eu"},
    {"", "amazonaws.com"},
};

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

}  // namespace

Result<std::string> ResolveEndpoint(const std::string& region, const std::string& endpoint_url) {
  if (!endpoint_url.empty()) {
    std::string_view url = endpoint_url;
    while (url.ends_with('/')) url.remove_suffix(1);
    for (const std::string_view scheme : {"http://", "https://"}) {
      if (url.starts_with(scheme) && IsAuthority(url.substr(scheme.size()))) {
        return std::string(url);
      }
    }
    // Not quoted: what was written there may hold a password.
    return Fail(ErrorCode::kInvalidArgument,
                "endpoint_url takes http:// or https://, a host and perhaps a port, and nothing "
                "more: http://localhost:8000");
  }
  // The SDKs' name for a DynamoDB on this machine.
  if (region == "local") return "http://localhost:8000";
  for (const auto& partition : kPartitions) {
    if (region.starts_with(partition.region_prefix)) {
      return "https://dynamodb." + region + "." + std::string(partition.dns_suffix);
    }
  }
  return Fail(InternalError("no partition for region " + region));
}

}  // namespace sumac::aws
