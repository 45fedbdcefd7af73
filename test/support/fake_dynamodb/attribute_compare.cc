#include "fake_dynamodb/attribute_compare.h"

#include <algorithm>

#include "fake_dynamodb/decimal.h"

namespace sumac::fake_dynamodb {
namespace {

bool IsSet(std::string_view type) {
  return type == "SS" || type == "NS" || type == "BS";
}

bool HasElement(const AttributeValue& collection, const AttributeValue& sought) {
  return std::any_of(collection.elements.begin(), collection.elements.end(),
                     [&](const AttributeValue& element) { return EqualValues(element, sought); });
}

bool EqualNumbers(std::string_view a, std::string_view b) {
  const auto a_number = Decimal::Parse(a);
  const auto b_number = Decimal::Parse(b);
  return a_number && b_number && Compare(*a_number, *b_number) == 0;
}

bool EqualMaps(const AttributeMap& a, const AttributeMap& b) {
  return a.size() == b.size() && std::all_of(a.begin(), a.end(), [&](const auto& field) {
           const auto* other = FindAttribute(b, field.name);
           return other != nullptr && EqualValues(field.value, *other);
         });
}

// Bytes that begin a character, and those of four bytes once more for their second surrogate.
size_t Utf16Units(std::string_view text) {
  size_t units = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte & 0xc0) != 0x80) units += byte >= 0xf0 ? 2 : 1;
  }
  return units;
}

}  // namespace

bool EqualValues(const AttributeValue& a, const AttributeValue& b) {
  if (a.type != b.type) return false;
  if (a.type == "N") return EqualNumbers(a.text, b.text);
  if (a.type == "M") return EqualMaps(a.fields, b.fields);
  if (a.type == "L") {
    return std::equal(a.elements.begin(), a.elements.end(), b.elements.begin(), b.elements.end(),
                      EqualValues);
  }
  if (IsSet(a.type)) {
    return a.elements.size() == b.elements.size() &&
           std::all_of(a.elements.begin(), a.elements.end(),
                       [&](const AttributeValue& element) { return HasElement(b, element); });
  }
  return a.text == b.text && a.boolean == b.boolean;
}

std::optional<int> CompareValues(const AttributeValue& a, const AttributeValue& b) {
  if (a.type != b.type) return std::nullopt;
  if (a.type == "N") {
    const auto a_number = Decimal::Parse(a.text);
    const auto b_number = Decimal::Parse(b.text);
    if (!a_number || !b_number) return std::nullopt;
    return Compare(*a_number, *b_number);
  }
  // std::string compares as unsigned char.
  if (a.type == "S" || a.type == "B") return a.text.compare(b.text);
  return std::nullopt;
}

bool ContainsValue(const AttributeValue& whole, const AttributeValue& part) {
  if (whole.type == "L" || IsSet(whole.type)) return HasElement(whole, part);
  return whole.type == part.type && (whole.type == "S" || whole.type == "B") &&
         whole.text.find(part.text) != std::string::npos;
}

bool BeginsWith(const AttributeValue& whole, const AttributeValue& prefix) {
  return whole.type == prefix.type && (whole.type == "S" || whole.type == "B") &&
         whole.text.compare(0, prefix.text.size(), prefix.text) == 0;
}

std::optional<size_t> SizeOfValue(const AttributeValue& value) {
  if (value.type == "S") return Utf16Units(value.text);
  if (value.type == "B") return value.text.size();
  if (value.type == "M") return value.fields.size();
  if (value.type == "L" || IsSet(value.type)) return value.elements.size();
  return std::nullopt;
}

}  // namespace sumac::fake_dynamodb
