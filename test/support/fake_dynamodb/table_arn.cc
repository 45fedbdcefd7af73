#include "fake_dynamodb/table_arn.h"

#include <array>
#include <string_view>

#include <fmt/format.h>

namespace sumac::fake_dynamodb {
namespace {

constexpr std::string_view kTablePrefix = "table/";

// "arn:partition:service:region:account:resource", split at the first five colons.
std::array<std::string_view, 6> SplitArn(std::string_view arn) {
  std::array<std::string_view, 6> parts;
  for (size_t i = 0; i < parts.size(); ++i) {
    const auto end = i + 1 < parts.size() ? arn.find(':') : std::string_view::npos;
    parts[i] = arn.substr(0, end);
    arn = end == std::string_view::npos ? std::string_view() : arn.substr(end + 1);
  }
  return parts;
}

}  // namespace

Answer<std::string> TableNameOf(const std::string& name_or_arn, const std::string& region) {
  if (name_or_arn.rfind("arn:", 0) != 0) return name_or_arn;
  const auto [scheme, partition, service, arn_region, account, resource] = SplitArn(name_or_arn);
  if (partition.rfind("aws", 0) != 0 || service != "dynamodb" || arn_region.empty() ||
      account.size() != 12 || resource.rfind(kTablePrefix, 0) != 0) {
    return Refuse(ValidationError(fmt::format("Invalid table ARN: {}", name_or_arn)));
  }
  if (!region.empty() && arn_region != region) {
    return Refuse(ValidationError(fmt::format(
        "Region in the ARN does not match the region of the request: {}", name_or_arn)));
  }
  return std::string(resource.substr(kTablePrefix.size()));
}

}  // namespace sumac::fake_dynamodb
