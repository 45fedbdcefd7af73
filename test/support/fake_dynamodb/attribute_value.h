// An attribute value of DynamoDB, as the evaluator of expressions works with it. On purpose nothing
// of src/items: the fake is the judge of what the program does.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <simdjson.h>

namespace sumac::fake_dynamodb {

struct AttributeField;

// The attributes of an item, or the fields of an M.
using AttributeMap = std::vector<AttributeField>;

struct AttributeValue {
  std::string type;  // "S", "N", "B", "BOOL", "NULL", "M", "L", "SS", "NS" or "BS"
  std::string text;  // of S, N (as it was written) and B (its bytes)
  bool boolean = false;
  std::vector<AttributeValue> elements;  // of L and the sets
  AttributeMap fields;                   // of M
};

struct AttributeField {
  std::string name;
  AttributeValue value;
};

// Nothing when it is not DynamoDB JSON: of another shape, a B that is not base64, an N that is no
// number, or more than 32 levels deep, which the service allows.
std::optional<AttributeValue> ReadAttributeValue(simdjson::dom::element json);
std::optional<AttributeMap> ReadAttributeMap(simdjson::dom::object json);
std::optional<AttributeMap> ReadAttributeMap(std::string_view json);

const AttributeValue* FindAttribute(const AttributeMap& attributes, std::string_view name);

}  // namespace sumac::fake_dynamodb
