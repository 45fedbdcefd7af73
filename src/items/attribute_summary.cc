#include "items/attribute_summary.h"

namespace sumac::items {
namespace {

bool SummarizeValue(AttributeValue& attribute, const TimeLayout* layout, TypeSummary& summary,
                    int depth);

bool SummarizeList(AttributeValue& attribute, const TimeLayout* layout, TypeSummary& summary,
                   int depth) {
  summary.AddKind(TypeSummary::kList);
  return attribute.ForEachElement([&](AttributeValue& element) {
    return SummarizeValue(element, layout, summary.Element(), depth + 1);
  });
}

bool SummarizeMap(AttributeValue& attribute, const TimeLayout* layout, TypeSummary& summary,
                  int depth) {
  summary.AddKind(TypeSummary::kMap);
  return attribute.ForEachField([&](std::string_view name, AttributeValue& field) {
    return SummarizeValue(field, layout, summary.Field(name), depth + 1);
  });
}

bool SummarizeString(AttributeValue& attribute, const TimeLayout* layout, TypeSummary& summary) {
  summary.AddKind(TypeSummary::kString);
  if (layout == nullptr) return true;
  std::string_view text;
  if (!attribute.ReadText(text)) return false;
  summary.AddString(text, *layout);
  return true;
}

bool SummarizeValue(AttributeValue& attribute, const TimeLayout* layout, TypeSummary& summary,
                    int depth) {
  if (depth > kNestingDepthMax) return false;
  switch (attribute.tag()) {
    case AttributeTag::kString:
      return SummarizeString(attribute, layout, summary);
    case AttributeTag::kNumber: {
      std::string_view text;
      if (!attribute.ReadText(text)) return false;
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
    case AttributeTag::kMap:
      return SummarizeMap(attribute, layout, summary, depth);
  }
  return false;
}

}  // namespace

bool SummarizeAttribute(AttributeValue& attribute, const TimeLayout* layout, TypeSummary& summary) {
  return SummarizeValue(attribute, layout, summary, 1);
}

bool SummarizeItem(JsonCursor& item, const TimeLayout* layout, TypeSummary& items) {
  return ForEachAttribute(item, [&](std::string_view name, AttributeValue& attribute) {
    return SummarizeValue(attribute, layout, items.Field(name), 1);
  });
}

}  // namespace sumac::items
