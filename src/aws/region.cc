#include "aws/region.h"

#include <algorithm>

namespace sumac::aws {
namespace {

constexpr size_t kRegionLengthMax = 63;  // one label of a host name

bool IsRegion(const std::string& text) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  };
  return !text.empty() && text.size() <= kRegionLengthMax && text.front() != '-' &&
         text.back() != '-' && std::all_of(text.begin(), text.end(), allowed);
}

}  // namespace

Result<std::string> ResolveRegion(const std::string& parameter,
                                  const std::map<std::string, std::string>& environment) {
  std::string region = parameter;
  std::string source = "dynamodb_aws_region";
  for (const char* variable : {"AWS_REGION", "AWS_DEFAULT_REGION"}) {
    if (!region.empty()) break;
    const auto found = environment.find(variable);
    if (found == environment.end()) continue;
    region = found->second;
    source = variable;
  }
  if (region.empty()) {
    return Fail(ErrorCode::kInvalidArgument,
                "no AWS region is set; set the parameter dynamodb_aws_region, or AWS_REGION or "
                "AWS_DEFAULT_REGION in the environment");
  }
  if (!IsRegion(region)) {
    return Fail(ErrorCode::kInvalidArgument,
                "'" + region + "' (" + source + ") is no AWS region; one looks like us-west-2");
  }
  return region;
}

}  // namespace sumac::aws
