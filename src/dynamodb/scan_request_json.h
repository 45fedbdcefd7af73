// ScanRequest as the body of the HTTP request. Pure.
#pragma once

#include <string>

#include "dynamodb/client.h"

namespace sumac::dynamodb {

// Asks for ReturnConsumedCapacity always. A ProjectionExpression that would be too long is left
// out: the service then sends whole items, which is more bytes for the same price and the same
// answer.
std::string ScanRequestJson(const ScanRequest& request);

}  // namespace sumac::dynamodb
