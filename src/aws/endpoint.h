// Where the service is.
#pragma once

#include <string>

#include "base/result.h"

namespace sumac::aws {

// The URL to send DynamoDB requests to: scheme, host and port, without a path. `endpoint_url` wins
// when it is not empty; else it is the region's own. Error kInvalidArgument: `endpoint_url` is no
// http or https URL of a host, or has credentials, a path, a query or a fragment.
Result<std::string> ResolveEndpoint(const std::string& region, const std::string& endpoint_url);

}  // namespace sumac::aws
