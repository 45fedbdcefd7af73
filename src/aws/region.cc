#include "aws/region.h"

#include <algorithm>

#include "base/printable_text.h"

namespace sumac::aws {
namespace {

constexpr size_t kShownBytesMax = 80;
constexpr size_t kRegionLengthMax = 63;  // one label of a host name

bool IsRegion(const std::string& text) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  };
  return !text.empty() && text.size() <= kRegionLengthMax && text.front() != '-' &&
         text.back() != '-' && std::all_of(text.begin(), text.end(), allowed);
}

}  // namespace

Result<std::string> CheckRegion(std::string region, const std::string& source) {
  if (IsRegion(region)) return region;
  return Fail(ErrorCode::kInvalidArgument, "'" + PrintableText(region, kShownBytesMax) + "' (" +
                                               source +
                                               ") is no AWS region; one looks like us-west-2");
}

}  // namespace sumac::aws
