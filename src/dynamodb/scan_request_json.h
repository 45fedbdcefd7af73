// ScanRequest as the body of the HTTP request. Pure.
#pragma once

#include <string>

#include "dynamodb/client.h"

namespace sumac::dynamodb {

// A ProjectionExpression may have 4,096 bytes. One that would be longer is left out: the service
// then sends whole items, which is more bytes for the same price and the same answer. Source:
// developer guide, "Service quotas: expression parameters".
inline constexpr size_t kExpressionBytesMax = 4'096;

// Asks for ReturnConsumedCapacity always. Every attribute name is a generated placeholder (#n0,
// ...), so any name can be asked for.
std::string ScanRequestJson(const ScanRequest& request);

}  // namespace sumac::dynamodb
