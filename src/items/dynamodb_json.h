// DynamoDB JSON as text, as `_item`, exports and the AWS CLI have it:
// {"id":{"S":"a"},"n":{"N":"1"}}.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace sumac::items {

// Turns an item, or a single attribute value ({"L":[...]}), into plain JSON: numbers with every
// digit, binary as base64, sets as arrays. A text that could be both is read as an item. Error
// kInvalidArgument: `text` is neither, or nests deeper than kNestingDepthMax.
Result<std::string> DynamoDbJsonToPlainJson(std::string_view text);

}  // namespace sumac::items
