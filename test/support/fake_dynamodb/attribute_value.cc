#include "fake_dynamodb/attribute_value.h"

#include "fake_dynamodb/decimal.h"

namespace sumac::fake_dynamodb {
namespace {

namespace dom = simdjson::dom;

constexpr int kDepthMax = 32;

std::optional<std::string> DecodeBase64(std::string_view text) {
  static constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  if (text.size() % 4 != 0) return std::nullopt;
  size_t padding = 0;
  while (padding < 2 && !text.empty() && text.back() == '=') {
    text.remove_suffix(1);
    ++padding;
  }
  std::string bytes;
  uint32_t bits = 0;
  int bit_count = 0;
  for (const char c : text) {
    const auto digit = kAlphabet.find(c);
    if (digit == std::string_view::npos) return std::nullopt;
    bits = (bits << 6 | static_cast<uint32_t>(digit)) & 0xffffff;
    bit_count += 6;
    if (bit_count < 8) continue;
    bit_count -= 8;
    bytes += static_cast<char>(bits >> bit_count & 0xff);
  }
  return bytes;
}

std::optional<AttributeValue> ReadScalar(std::string_view type, dom::element json) {
  std::string_view text;
  if (json.get(text)) return std::nullopt;
  AttributeValue value;
  value.type = type;
  value.text = text;
  if (type == "N" && !Decimal::Parse(text)) return std::nullopt;
  if (type == "B") {
    auto bytes = DecodeBase64(text);
    if (!bytes) return std::nullopt;
    value.text = std::move(*bytes);
  }
  return value;
}

std::optional<AttributeValue> Read(dom::element json, int depth);

std::optional<AttributeMap> ReadFields(dom::object json, int depth) {
  AttributeMap fields;
  for (const auto [name, field] : json) {
    auto value = Read(field, depth);
    if (!value) return std::nullopt;
    fields.push_back({std::string(name), std::move(*value)});
  }
  return fields;
}

// M, L and the sets.
std::optional<AttributeValue> ReadContainer(std::string_view type, dom::element json, int depth) {
  AttributeValue value;
  value.type = type;
  if (type == "M") {
    dom::object object;
    if (json.get(object)) return std::nullopt;
    auto fields = ReadFields(object, depth + 1);
    if (!fields) return std::nullopt;
    value.fields = std::move(*fields);
    return value;
  }
  const bool is_list = type == "L";
  if (!is_list && type != "SS" && type != "NS" && type != "BS") return std::nullopt;
  dom::array elements;
  if (json.get(elements)) return std::nullopt;
  for (const auto element : elements) {
    auto read = is_list ? Read(element, depth + 1) : ReadScalar(type.substr(0, 1), element);
    if (!read) return std::nullopt;
    value.elements.push_back(std::move(*read));
  }
  return value;
}

std::optional<AttributeValue> Read(dom::element json, int depth) {
  dom::object object;
  if (depth > kDepthMax || json.get(object) || object.size() != 1) return std::nullopt;
  const auto [type, content] = *object.begin();
  if (type == "S" || type == "N" || type == "B") return ReadScalar(type, content);
  if (type != "BOOL" && type != "NULL") return ReadContainer(type, content, depth);
  AttributeValue value;
  value.type = type;
  if (content.get(value.boolean) || (type == "NULL" && !value.boolean)) return std::nullopt;
  return value;
}

}  // namespace

std::optional<AttributeValue> ReadAttributeValue(dom::element json) {
  return Read(json, 0);
}

std::optional<AttributeMap> ReadAttributeMap(dom::object json) {
  return ReadFields(json, 0);
}

std::optional<AttributeMap> ReadAttributeMap(std::string_view json) {
  dom::parser parser;
  dom::object object;
  if (parser.parse(std::string(json)).get(object)) return std::nullopt;
  return ReadAttributeMap(object);
}

const AttributeValue* FindAttribute(const AttributeMap& attributes, std::string_view name) {
  for (const auto& [attribute, value] : attributes) {
    if (attribute == name) return &value;
  }
  return nullptr;
}

}  // namespace sumac::fake_dynamodb
