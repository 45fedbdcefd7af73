#include "items/page_summary.h"

#include "items/attribute_value.h"
#include "net/transport.h"

namespace sumac::items {
namespace {

bool SummarizeValue(AttributeValue& attribute, TypeSummary& summary, int depth);

bool SummarizeList(AttributeValue& attribute, TypeSummary& summary, int depth) {
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
    if (!SummarizeValue(item, summary.Element(), depth + 1)) return false;
  }
  return true;
}

bool SummarizeFields(JsonObject& object, TypeSummary& summary, int depth) {
  for (auto entry : object) {
    simdjson::ondemand::field field;
    std::string_view name;
    if (std::move(entry).get(field) != simdjson::SUCCESS) return false;
    if (field.unescaped_key().get(name) != simdjson::SUCCESS) return false;
    TypeSummary& child = summary.Field(name);
    AttributeValue item;
    if (!OpenAttributeValue(field.value(), item)) return false;
    if (!SummarizeValue(item, child, depth + 1)) return false;
  }
  return true;
}

bool SummarizeValue(AttributeValue& attribute, TypeSummary& summary, int depth) {
  if (depth > kNestingDepthMax) return false;
  switch (attribute.tag) {
    case AttributeTag::kString:
      summary.AddKind(TypeSummary::kString);
      return true;
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
      return SummarizeList(attribute, summary, depth);
    case AttributeTag::kMap: {
      JsonObject object;
      if (attribute.json.get_object().get(object) != simdjson::SUCCESS) return false;
      summary.AddKind(TypeSummary::kMap);
      return SummarizeFields(object, summary, depth);
    }
  }
  return false;
}

}  // namespace

Result<uint64_t> SummarizePage(std::string_view body, const SchemaOptions&, TypeSummary& items) {
  const Error corrupt{ErrorCode::kDataCorrupt,
                      Blame::kService,
                      "the response is no page of DynamoDB items",
                      true,
                      {},
                      {}};
  simdjson::ondemand::parser parser;
  simdjson::ondemand::document document;
  JsonArray array;
  const simdjson::padded_string_view padded(body, body.size() + net::kBodyPaddingBytes);
  if (parser.iterate(padded).get(document) != simdjson::SUCCESS ||
      document["Items"].get_array().get(array) != simdjson::SUCCESS) {
    return Fail(corrupt);
  }
  items.AddKind(TypeSummary::kMap);
  uint64_t count = 0;
  for (auto element : array) {
    JsonObject item;
    if (element.get_object().get(item) != simdjson::SUCCESS) return Fail(corrupt);
    if (!SummarizeFields(item, items, 0)) return Fail(corrupt);
    ++count;
  }
  return count;
}

}  // namespace sumac::items
