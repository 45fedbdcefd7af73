#include "items/attribute_value.h"

namespace sumac::items {
namespace {

bool TagOf(std::string_view name, AttributeTag& tag) {
  static constexpr struct {
    std::string_view name;
    AttributeTag tag;
  } kTags[] = {
      {"S", AttributeTag::kString},     {"N", AttributeTag::kNumber},
      {"BOOL", AttributeTag::kBoolean}, {"B", AttributeTag::kBinary},
      {"NULL", AttributeTag::kNull},    {"L", AttributeTag::kList},
      {"M", AttributeTag::kMap},        {"SS", AttributeTag::kStringSet},
      {"NS", AttributeTag::kNumberSet}, {"BS", AttributeTag::kBinarySet},
  };
  for (const auto& known : kTags) {
    if (known.name == name) {
      tag = known.tag;
      return true;
    }
  }
  return false;
}

// The tag that one letter is; kNull, which has four, for any other.
AttributeTag TagOfLetter(char letter) {
  switch (letter) {
    case 'S':
      return AttributeTag::kString;
    case 'N':
      return AttributeTag::kNumber;
    case 'B':
      return AttributeTag::kBinary;
    case 'L':
      return AttributeTag::kList;
    case 'M':
      return AttributeTag::kMap;
    default:
      return AttributeTag::kNull;
  }
}

}  // namespace

AttributeTag SetElementTag(AttributeTag set) {
  switch (set) {
    case AttributeTag::kNumberSet:
      return AttributeTag::kNumber;
    case AttributeTag::kBinarySet:
      return AttributeTag::kBinary;
    default:
      return AttributeTag::kString;
  }
}

bool AttributeValue::OpenAtTag(JsonCursor& json, AttributeValue& value) {
  const char* tag_start = json.position();
  constexpr size_t kLetterBytes = 3;  // S":
  constexpr size_t kWordBytes = 6;    // BOOL":
  AttributeTag tag{};
  if (json.BytesLeft() > kWordBytes) [[likely]] {
    if (tag_start[1] == '"' && tag_start[2] == ':') {
      tag = TagOfLetter(tag_start[0]);
      if (tag == AttributeTag::kNull) return false;
      json.Pass(kLetterBytes);
      value = AttributeValue(tag, json, tag_start - 2);
      return true;
    }
    const bool boolean = std::memcmp(tag_start, "BOOL\":", kWordBytes) == 0;
    if (boolean || std::memcmp(tag_start, "NULL\":", kWordBytes) == 0) {
      json.Pass(kWordBytes);
      tag = boolean ? AttributeTag::kBoolean : AttributeTag::kNull;
      value = AttributeValue(tag, json, tag_start - 2);
      return true;
    }
  }
  // Sets, escapes, whitespace.
  json.MoveTo(tag_start - 1);
  std::string_view name;
  if (!json.ReadString(name) || !TagOf(name, tag) || !json.Take(':')) return false;
  value = AttributeValue(tag, json, tag_start - 2);
  return true;
}

bool AttributeValue::Open(JsonCursor& json, AttributeValue& value) {
  if (!json.Take('{')) return false;
  const char* start = json.position() - 1;
  std::string_view name;
  AttributeTag tag{};
  if (json.BytesLeft() > 1 && *json.position() == '"') [[likely]] {
    json.Pass(1);
    return OpenAtTag(json, value);
  }
  if (!json.ReadString(name) || !TagOf(name, tag) || !json.Take(':')) return false;
  value = AttributeValue(tag, json, start);
  return true;
}

}  // namespace sumac::items
