#include "items/plain_json.h"

#include "base/json_text.h"
#include "items/number_text.h"

namespace sumac::items {
namespace {

bool AppendScalar(AttributeValue& attribute, std::string& out) {
  std::string_view text;
  if (!ReadString(attribute.json, text)) return false;
  if (attribute.tag == AttributeTag::kNumber && IsJsonNumber(text)) {
    out += text;
  } else {
    AppendJsonString(text, out);
  }
  return true;
}

bool AppendBoolean(AttributeValue& attribute, std::string& out) {
  bool value = false;
  if (attribute.json.get_bool().get(value) != simdjson::SUCCESS) return false;
  out += value ? "true" : "false";
  return true;
}

bool AppendArray(AttributeValue& attribute, std::string& out, int depth) {
  JsonArray array;
  if (attribute.json.get_array().get(array) != simdjson::SUCCESS) return false;
  out += '[';
  bool first = true;
  for (auto element : array) {
    JsonValue value;
    if (element.get(value) != simdjson::SUCCESS) return false;
    if (!first) out += ',';
    first = false;
    AttributeValue item;
    if (IsSet(attribute.tag)) {
      item = {SetElementTag(attribute.tag), value};
    } else if (!OpenAttributeValue(value, item)) {
      return false;
    }
    if (!AppendPlainJson(item, out, depth + 1)) return false;
  }
  out += ']';
  return true;
}

bool AppendObject(AttributeValue& attribute, std::string& out, int depth) {
  JsonObject object;
  if (attribute.json.get_object().get(object) != simdjson::SUCCESS) return false;
  out += '{';
  bool first = true;
  for (auto entry : object) {
    simdjson::ondemand::field field;
    std::string_view name;
    if (std::move(entry).get(field) != simdjson::SUCCESS) return false;
    if (field.unescaped_key().get(name) != simdjson::SUCCESS) return false;
    if (!first) out += ',';
    first = false;
    AppendJsonString(name, out);
    out += ':';
    AttributeValue item;
    if (!OpenAttributeValue(field.value(), item)) return false;
    if (!AppendPlainJson(item, out, depth + 1)) return false;
  }
  out += '}';
  return true;
}

}  // namespace

bool AppendPlainJson(AttributeValue& attribute, std::string& out, int depth) {
  if (depth > kNestingDepthMax) return false;
  switch (attribute.tag) {
    case AttributeTag::kString:
    case AttributeTag::kNumber:
    case AttributeTag::kBinary:
      return AppendScalar(attribute, out);
    case AttributeTag::kBoolean:
      return AppendBoolean(attribute, out);
    case AttributeTag::kNull:
      out += "null";
      return true;
    case AttributeTag::kList:
    case AttributeTag::kStringSet:
    case AttributeTag::kNumberSet:
    case AttributeTag::kBinarySet:
      return AppendArray(attribute, out, depth);
    case AttributeTag::kMap:
      return AppendObject(attribute, out, depth);
  }
  return false;
}

}  // namespace sumac::items
