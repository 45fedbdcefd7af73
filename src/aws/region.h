// Names of AWS regions.
#pragma once

#include <string>

#include "base/result.h"

namespace sumac::aws {

// `region` itself. Error kInvalidArgument, naming `source`, when it cannot be one: lower-case
// letters, digits and dashes, so that it can never become part of another host's name.
Result<std::string> CheckRegion(std::string region, const std::string& source);

}  // namespace sumac::aws
