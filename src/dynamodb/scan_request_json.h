// ScanRequest as the body of the HTTP request. Pure.
#pragma once

#include <string>

#include "dynamodb/client.h"

namespace sumac::dynamodb {

// Asks for ReturnConsumedCapacity always. A ProjectionExpression that would be too long is left
// out.
std::string ScanRequestJson(const ScanRequest& request);

}  // namespace sumac::dynamodb
