#include "items/dynamodb_json.h"

#include <simdjson.h>

#include "base/json_text.h"
#include "base/printable_text.h"
#include "items/number_text.h"
#include "items/plain_json.h"

namespace sumac::items {
namespace {

constexpr size_t kTextShownBytes = 60;

bool AppendItem(JsonCursor& json, std::string& out) {
  out += '{';
  bool first = true;
  const bool read = ForEachAttribute(json, [&](std::string_view name, AttributeValue& attribute) {
    if (!first) out += ',';
    first = false;
    AppendJsonString(name, out);
    out += ':';
    return AppendPlainJson(attribute, out);
  });
  out += '}';
  return read;
}

bool AppendValue(JsonCursor& json, std::string& out) {
  AttributeValue attribute;
  return AttributeValue::Open(json, attribute) && AppendPlainJson(attribute, out);
}

// Strict where the decoder of pages need not be: a value has one tag, and nothing stands behind it.
bool IsAttributeValue(simdjson::dom::element element, int depth);

bool AreAttributeValues(simdjson::dom::object fields, int depth) {
  for (const auto& field : fields) {
    if (!IsAttributeValue(field.value, depth)) return false;
  }
  return true;
}

bool IsNumber(simdjson::dom::element element) {
  std::string_view text;
  return element.get(text) == simdjson::SUCCESS && ParseNumberText(text).has_value();
}

bool AreStrings(simdjson::dom::element element, bool numbers) {
  simdjson::dom::array array;
  if (element.get(array) != simdjson::SUCCESS) return false;
  for (const auto item : array) {
    if (!item.is_string() || (numbers && !IsNumber(item))) return false;
  }
  return true;
}

bool IsAttributeValue(simdjson::dom::element element, int depth) {
  simdjson::dom::object object;
  if (depth > kNestingDepthMax || element.get(object) != simdjson::SUCCESS || object.size() != 1) {
    return false;
  }
  const auto field = *object.begin();
  const std::string_view tag = field.key;
  bool truth = false;
  if (tag == "S" || tag == "B") return field.value.is_string();
  if (tag == "N") return IsNumber(field.value);
  if (tag == "BOOL") return field.value.is_bool();
  if (tag == "NULL") return field.value.get(truth) == simdjson::SUCCESS && truth;
  if (tag == "SS" || tag == "NS" || tag == "BS") return AreStrings(field.value, tag == "NS");
  simdjson::dom::array list;
  simdjson::dom::object map;
  if (tag == "M" && field.value.get(map) == simdjson::SUCCESS) {
    return AreAttributeValues(map, depth + 1);
  }
  if (tag != "L" || field.value.get(list) != simdjson::SUCCESS) return false;
  for (const auto item : list) {
    if (!IsAttributeValue(item, depth + 1)) return false;
  }
  return true;
}

enum class Kind { kItem, kValue, kNeither };

Kind KindOf(const simdjson::padded_string& text) {
  simdjson::dom::parser parser;
  simdjson::dom::element element;
  simdjson::dom::object object;
  if (parser.parse(text).get(element) != simdjson::SUCCESS) return Kind::kNeither;
  if (element.get(object) == simdjson::SUCCESS && AreAttributeValues(object, 0)) return Kind::kItem;
  return IsAttributeValue(element, 0) ? Kind::kValue : Kind::kNeither;
}

}  // namespace

Result<std::string> DynamoDbJsonToPlainJson(std::string_view text) {
  const simdjson::padded_string padded(text);
  const Kind kind = KindOf(padded);
  JsonCursor json(padded);
  std::string plain;
  if (kind != Kind::kNeither &&
      (kind == Kind::kItem ? AppendItem(json, plain) : AppendValue(json, plain))) {
    return plain;
  }
  return Fail(ErrorCode::kInvalidArgument,
              "'" + PrintableText(text, kTextShownBytes) +
                  "' is no DynamoDB JSON; it reads items such as {\"id\":{\"S\":\"a\"}} and values "
                  "such as {\"N\":\"1\"}");
}

}  // namespace sumac::items
