#include "items/attribute_value.h"

namespace sumac::items {
namespace {

constexpr struct {
  std::string_view name;
  AttributeTag tag;
} kTags[] = {
    {"S", AttributeTag::kString},     {"N", AttributeTag::kNumber},
    {"BOOL", AttributeTag::kBoolean}, {"B", AttributeTag::kBinary},
    {"NULL", AttributeTag::kNull},    {"L", AttributeTag::kList},
    {"M", AttributeTag::kMap},        {"SS", AttributeTag::kStringSet},
    {"NS", AttributeTag::kNumberSet}, {"BS", AttributeTag::kBinarySet},
};

bool TagOf(std::string_view name, AttributeTag& tag) {
  for (const auto& known : kTags) {
    if (known.name == name) {
      tag = known.tag;
      return true;
    }
  }
  return false;
}

}  // namespace

std::string_view NameOf(AttributeTag tag) {
  for (const auto& known : kTags) {
    if (known.tag == tag) return known.name;
  }
  return {};
}

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

bool AttributeValue::OpenAtLongTag(JsonCursor& json, AttributeValue& value) {
  constexpr size_t kWordBytes = 6;  // BOOL":
  constexpr size_t kSetBytes = 4;   // SS":
  const char* tag_start = json.position();
  AttributeTag tag{};
  if (json.BytesLeft() > kWordBytes) [[likely]] {
    const bool boolean = std::memcmp(tag_start, "BOOL\":", kWordBytes) == 0;
    if (boolean || std::memcmp(tag_start, "NULL\":", kWordBytes) == 0) {
      json.Pass(kWordBytes);
      tag = boolean ? AttributeTag::kBoolean : AttributeTag::kNull;
      value = AttributeValue(tag, json, tag_start - 2);
      return true;
    }
    if (tag_start[1] == 'S' && tag_start[2] == '"' && tag_start[3] == ':') {
      switch (tag_start[0]) {
        case 'S':
          tag = AttributeTag::kStringSet;
          break;
        case 'N':
          tag = AttributeTag::kNumberSet;
          break;
        case 'B':
          tag = AttributeTag::kBinarySet;
          break;
        default:
          return false;
      }
      json.Pass(kSetBytes);
      value = AttributeValue(tag, json, tag_start - 2);
      return true;
    }
  }
  // Escapes, whitespace.
  json.MoveTo(tag_start - 1);
  std::string_view name;
  if (!json.ReadString(name) || !TagOf(name, tag) || !json.Take(':')) return false;
  value = AttributeValue(tag, json, tag_start - 2);
  return true;
}

bool AttributeValue::OpenAfterSpace(JsonCursor& json, AttributeValue& value) {
  if (!json.Take('{')) return false;
  const char* start = json.position() - 1;
  std::string_view name;
  AttributeTag tag{};
  if (!json.ReadString(name) || !TagOf(name, tag) || !json.Take(':')) return false;
  value = AttributeValue(tag, json, start);
  return true;
}

}  // namespace sumac::items
