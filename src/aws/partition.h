// The groups of regions that AWS keeps apart, and the host names of services in them. Source: the
// partition table that the AWS SDKs share (partitions.json). Every partition has FIPS and
// dual-stack names today, so there is no column for it.
#pragma once

#include <string>
#include <string_view>

namespace sumac::aws {

struct Partition {
  std::string_view name;           // "aws-cn"
  std::string_view region_prefix;  // "cn-"
  std::string_view dns_suffix;
  std::string_view dualstack_dns_suffix;  // of hosts that have IPv4 and IPv6 addresses
};

// The partition of a region, by the region's prefix; "aws" when no other has it, so that a region
// that is newer than this table works.
const Partition& PartitionOf(std::string_view region);

// Whether `text` can be one part of a host name: lower-case letters, digits and inner dashes, at
// most 63. What is put into a host name is checked, so that it never leads to another host.
bool IsHostLabel(std::string_view text);

// "https://SERVICE.REGION.SUFFIX", or with use_fips "https://SERVICE-fips.REGION.SUFFIX", where
// `service` is the first part of the host name ("sts", "portal.sso"). All of us-gov is FIPS, and
// its IPv4 names do not say so. `region` must be a host label.
std::string RegionalUrl(std::string_view service, std::string_view region, bool use_fips,
                        bool use_dualstack);

}  // namespace sumac::aws
