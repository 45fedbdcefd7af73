// Which AWS region a dataset is in.
#pragma once

#include <map>
#include <string>

#include "base/result.h"

namespace sumac::aws {

// `parameter` if it is set, else AWS_REGION, else AWS_DEFAULT_REGION. Errors: kInvalidArgument when
// none is set (saying what to set) or when it cannot be a region: lower-case letters, digits and
// dashes, so that it can never become part of another host's name.
Result<std::string> ResolveRegion(const std::string& parameter,
                                  const std::map<std::string, std::string>& environment);

}  // namespace sumac::aws
