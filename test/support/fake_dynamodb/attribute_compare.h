// How DynamoDB compares attribute values in conditions.
#pragma once

#include <optional>

#include "fake_dynamodb/attribute_value.h"

namespace sumac::fake_dynamodb {

// Of the same type and value: numbers by value, sets in any order, lists and maps deeply.
bool EqualValues(const AttributeValue& a, const AttributeValue& b);

// Below zero, zero or above it; nothing unless both are S, both are N or both are B. Text is
// ordered by its UTF-8 bytes, binary by unsigned bytes, numbers by value.
std::optional<int> CompareValues(const AttributeValue& a, const AttributeValue& b);

// The function contains: a part of a string or binary, a member of a set or an element of a list.
bool ContainsValue(const AttributeValue& whole, const AttributeValue& part);

// The function begins_with: both S or both B.
bool BeginsWith(const AttributeValue& whole, const AttributeValue& prefix);

// The function size; nothing for N, BOOL and NULL. A string's is in UTF-16 code units: the
// developer guide says only "length", and that is what the service was seen to count.
std::optional<size_t> SizeOfValue(const AttributeValue& value);

}  // namespace sumac::fake_dynamodb
