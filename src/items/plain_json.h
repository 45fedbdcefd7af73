// DynamoDB's typed JSON to plain JSON: numbers with every digit, binary as base64, sets as arrays.
// Internal to items/.
#pragma once

#include <string>

#include "items/attribute_value.h"

namespace sumac::items {

// Appends `attribute` as plain JSON. False when the bytes are no attribute value or nest deeper
// than kNestingDepthMax; `out` then ends in the middle. `attribute` is
// left for its opener to finish.
bool AppendPlainJson(AttributeValue& attribute, std::string& out, int depth = 0);

}  // namespace sumac::items
