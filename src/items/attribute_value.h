// One DynamoDB attribute value in a page's JSON: {"S": "text"}, read forward with simdjson
// On-Demand. Internal to items/.
// Source: DynamoDB developer guide, "DynamoDB low-level API: data type descriptors".
#pragma once

#include <string_view>

#include <simdjson.h>

namespace sumac::items {

using JsonValue = simdjson::ondemand::value;
using JsonObject = simdjson::ondemand::object;
using JsonArray = simdjson::ondemand::array;

enum class AttributeTag {
  kString,
  kNumber,
  kBoolean,
  kBinary,
  kNull,
  kList,
  kMap,
  kStringSet,
  kNumberSet,
  kBinarySet,
};

// The tag and what stands under it. For an element of a set, `json` is the element's string itself
// and the tag is that of a scalar.
struct AttributeValue {
  AttributeTag tag = AttributeTag::kNull;
  JsonValue json;
};

// The tag of a set's elements; REQUIRES: a set tag.
AttributeTag SetElementTag(AttributeTag set);
bool IsSet(AttributeTag tag);
// Lists, maps and sets.
bool IsNested(AttributeTag tag);

// Opens {"S": ...}. False when `value` is no attribute value.
bool OpenAttributeValue(JsonValue value, AttributeValue& attribute);

// Reads a JSON string; false when it is none. The text lives as long as the parser's document.
bool ReadString(JsonValue& json, std::string_view& text);

// How deep attribute values may nest in each other; the service's own bound is 32 levels.
inline constexpr int kNestingDepthMax = 64;

}  // namespace sumac::items
