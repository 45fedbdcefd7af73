#include "items/attribute_summary.h"

namespace sumac::items {
namespace {

bool SummarizeValue(AttributeValue& attribute, const TimeLayout* layout, TypeSummary& summary,
                    int depth);

bool SummarizeList(AttributeValue& attribute, const TimeLayout* layout, TypeSummary& summary,
                   int depth) {
  JsonArray array;
  if (attribute.json.get_array().get(array) != simdjson::SUCCESS) return false;
  summary.AddKind(TypeSummary::kList);
  for (auto element : array) {
    JsonValue value;
    if (element.get(value) != simdjson::SUCCESS) return false;
    AttributeValue item;
    if (IsSet(attribute.tag)) {
      item = {SetElementTag(attribute.tag), value};
    } else if (!OpenAttributeValue(value, item)) {
      return false;
    }
    if (!SummarizeValue(item, layout, summary.Element(), depth + 1)) return false;
  }
  return true;
}

bool SummarizeObject(JsonObject& object, const TimeLayout* layout, TypeSummary& summary,
                     int depth) {
  for (auto entry : object) {
    simdjson::ondemand::field field;
    std::string_view name;
    if (std::move(entry).get(field) != simdjson::SUCCESS) return false;
    if (field.unescaped_key().get(name) != simdjson::SUCCESS) return false;
    TypeSummary& child = summary.Field(name);
    AttributeValue item;
    if (!OpenAttributeValue(field.value(), item)) return false;
    if (!SummarizeValue(item, layout, child, depth + 1)) return false;
  }
  return true;
}

bool SummarizeString(AttributeValue& attribute, const TimeLayout* layout, TypeSummary& summary) {
  summary.AddKind(TypeSummary::kString);
  if (layout == nullptr) return true;
  std::string_view text;
  if (!ReadString(attribute.json, text)) return false;
  summary.AddString(text, *layout);
  return true;
}

bool SummarizeValue(AttributeValue& attribute, const TimeLayout* layout, TypeSummary& summary,
                    int depth) {
  if (depth > kNestingDepthMax) return false;
  switch (attribute.tag) {
    case AttributeTag::kString:
      return SummarizeString(attribute, layout, summary);
    case AttributeTag::kNumber: {
      std::string_view text;
      if (!ReadString(attribute.json, text)) return false;
      summary.AddNumber(text);
      return true;
    }
    case AttributeTag::kBoolean:
      summary.AddKind(TypeSummary::kBoolean);
      return true;
    case AttributeTag::kBinary:
      summary.AddKind(TypeSummary::kBinary);
      return true;
    case AttributeTag::kNull:
      return true;
    case AttributeTag::kList:
    case AttributeTag::kStringSet:
    case AttributeTag::kNumberSet:
    case AttributeTag::kBinarySet:
      return SummarizeList(attribute, layout, summary, depth);
    case AttributeTag::kMap: {
      JsonObject object;
      if (attribute.json.get_object().get(object) != simdjson::SUCCESS) return false;
      summary.AddKind(TypeSummary::kMap);
      return SummarizeObject(object, layout, summary, depth);
    }
  }
  return false;
}

}  // namespace

bool SummarizeAttribute(AttributeValue& attribute, const TimeLayout* layout, TypeSummary& summary) {
  return SummarizeValue(attribute, layout, summary, 1);
}

bool SummarizeItem(JsonObject& item, const TimeLayout* layout, TypeSummary& items) {
  return SummarizeObject(item, layout, items, 0);
}

}  // namespace sumac::items
