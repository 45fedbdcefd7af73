#include "items/attribute_value.h"

namespace sumac::items {
namespace {

bool ReadTag(std::string_view name, AttributeTag& tag) {
  if (name.size() == 1) {
    switch (name[0]) {
      case 'S':
        tag = AttributeTag::kString;
        return true;
      case 'N':
        tag = AttributeTag::kNumber;
        return true;
      case 'B':
        tag = AttributeTag::kBinary;
        return true;
      case 'L':
        tag = AttributeTag::kList;
        return true;
      case 'M':
        tag = AttributeTag::kMap;
        return true;
      default:
        return false;
    }
  }
  if (name == "BOOL") {
    tag = AttributeTag::kBoolean;
  } else if (name == "NULL") {
    tag = AttributeTag::kNull;
  } else if (name == "SS") {
    tag = AttributeTag::kStringSet;
  } else if (name == "NS") {
    tag = AttributeTag::kNumberSet;
  } else if (name == "BS") {
    tag = AttributeTag::kBinarySet;
  } else {
    return false;
  }
  return true;
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

bool IsSet(AttributeTag tag) {
  return tag == AttributeTag::kStringSet || tag == AttributeTag::kNumberSet ||
         tag == AttributeTag::kBinarySet;
}

bool IsNested(AttributeTag tag) {
  return tag == AttributeTag::kList || tag == AttributeTag::kMap || IsSet(tag);
}

bool OpenAttributeValue(JsonValue value, AttributeValue& attribute) {
  JsonObject object;
  if (value.get_object().get(object) != simdjson::SUCCESS) return false;
  simdjson::ondemand::object_iterator begin;
  simdjson::ondemand::object_iterator end;
  if (object.begin().get(begin) != simdjson::SUCCESS ||
      object.end().get(end) != simdjson::SUCCESS) {
    return false;
  }
  if (!(begin != end)) return false;
  simdjson::ondemand::field field;
  std::string_view name;
  if ((*begin).get(field) != simdjson::SUCCESS) return false;
  if (field.unescaped_key().get(name) != simdjson::SUCCESS || !ReadTag(name, attribute.tag)) {
    return false;
  }
  attribute.json = field.value();
  return true;
}

bool ReadString(JsonValue& json, std::string_view& text) {
  return json.get_string().get(text) == simdjson::SUCCESS;
}

}  // namespace sumac::items
