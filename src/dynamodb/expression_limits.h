// Bounds of the service on what a request says.
// Source: DynamoDB developer guide, "Service quotas: expression parameters".
#pragma once

#include <cstddef>

namespace sumac::dynamodb {

// Of one expression's text.
inline constexpr size_t kExpressionBytesMax = 4'096;
// Of one IN.
inline constexpr size_t kInOperandsMax = 100;
// Of one BatchGetItem.
inline constexpr size_t kBatchGetKeysMax = 100;

}  // namespace sumac::dynamodb
