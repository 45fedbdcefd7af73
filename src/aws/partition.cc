#include "aws/partition.h"

#include <algorithm>

#include <fmt/format.h>

namespace sumac::aws {
namespace {

// The first prefix that matches decides; the last matches all.
constexpr Partition kPartitions[] = {
    {"aws-cn", "cn-", "amazonaws.com.cn", "api.amazonwebservices.com.cn"},
    {"aws-us-gov", "us-gov-", "amazonaws.com", "api.aws"},
    {"aws-iso", "us-iso-", "c2s.ic.gov", "api.aws.ic.gov"},
    {"aws-iso-b", "us-isob-", "sc2s.sgov.gov", "api.aws.scloud"},
    {"aws-iso-e", "eu-isoe-", "cloud.adc-e.uk", "api.cloud-aws.adc-e.uk"},
    {"aws-iso-f", "us-isof-", "csp.hci.ic.gov", "api.aws.hci.ic.gov"},
    {"aws-eusc", "eusc-", "amazonaws.eu", "api.amazonwebservices.eu"},
    {"aws", "", "amazonaws.com", "api.aws"},
};

}  // namespace

const Partition& PartitionOf(std::string_view region) {
  return *std::find_if(
      std::begin(kPartitions), std::end(kPartitions),
      [&](const Partition& partition) { return region.starts_with(partition.region_prefix); });
}

bool IsHostLabel(std::string_view text) {
  constexpr size_t kLengthMax = 63;
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  };
  return !text.empty() && text.size() <= kLengthMax && text.front() != '-' && text.back() != '-' &&
         std::all_of(text.begin(), text.end(), allowed);
}

std::string RegionalUrl(std::string_view service, std::string_view region, bool use_fips,
                        bool use_dualstack) {
  const Partition& partition = PartitionOf(region);
  const bool says_fips = use_fips && (use_dualstack || partition.name != "aws-us-gov");
  return fmt::format("https://{}{}.{}.{}", service, says_fips ? "-fips" : "", region,
                     use_dualstack ? partition.dualstack_dns_suffix : partition.dns_suffix);
}

}  // namespace sumac::aws
