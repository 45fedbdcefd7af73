#include "items/plain_json.h"

#include "base/json_text.h"
#include "items/number_text.h"

namespace sumac::items {
namespace {

bool AppendScalar(AttributeValue& attribute, std::string& out) {
  std::string_view text;
  if (!attribute.ReadText(text)) return false;
  if (attribute.tag() == AttributeTag::kNumber && IsJsonNumber(text)) {
    out += text;
  } else {
    AppendJsonString(text, out);
  }
  return true;
}

bool AppendBoolean(AttributeValue& attribute, std::string& out) {
  bool value = false;
  if (!attribute.ReadBoolean(value)) return false;
  out += value ? "true" : "false";
  return true;
}

bool AppendArray(AttributeValue& attribute, std::string& out, int depth) {
  out += '[';
  bool first = true;
  const bool read = attribute.ForEachElement([&](AttributeValue& element) {
    if (!first) out += ',';
    first = false;
    return AppendPlainJson(element, out, depth + 1);
  });
  out += ']';
  return read;
}

bool AppendObject(AttributeValue& attribute, std::string& out, int depth) {
  out += '{';
  bool first = true;
  const bool read = attribute.ForEachField([&](std::string_view name, AttributeValue& field) {
    if (!first) out += ',';
    first = false;
    AppendJsonString(name, out);
    out += ':';
    return AppendPlainJson(field, out, depth + 1);
  });
  out += '}';
  return read;
}

}  // namespace

bool AppendPlainJson(AttributeValue& attribute, std::string& out, int depth) {
  if (depth > kNestingDepthMax) return false;
  switch (attribute.tag()) {
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
