#include "items/shape_fit.h"

#include <algorithm>

#include "items/decimal38.h"
#include "items/number_text.h"

namespace sumac::items {
namespace {

bool NumberFits(std::string_view text, const Shape& shape) {
  switch (shape.encoding) {
    case Encoding::kBigint:
      return NumberToInt64(text).has_value();
    case Encoding::kDouble:
      return NumberToDoubleExactly(text).has_value();
    case Encoding::kDecimal:
      return NumberToDecimal38(text, duckdb::DecimalType::GetScale(shape.type)).has_value();
    default:
      return shape.encoding == Encoding::kText;
  }
}

Fit ListFits(AttributeValue& attribute, const Shape& shape) {
  if (shape.encoding != Encoding::kList) return Fit::kNotWhole;
  JsonArray array;
  if (attribute.json.get_array().get(array) != simdjson::SUCCESS) return Fit::kCorrupt;
  for (auto entry : array) {
    JsonValue value;
    if (entry.get(value) != simdjson::SUCCESS) return Fit::kCorrupt;
    AttributeValue item;
    if (IsSet(attribute.tag)) {
      item = {SetElementTag(attribute.tag), value};
    } else if (!OpenAttributeValue(value, item)) {
      return Fit::kCorrupt;
    }
    const Fit fit = FitsShape(item, shape.element[0]);
    if (fit != Fit::kWhole) return fit;
  }
  return Fit::kWhole;
}

Fit MapFits(AttributeValue& attribute, const Shape& shape) {
  if (shape.encoding != Encoding::kStruct) return Fit::kNotWhole;
  JsonObject object;
  if (attribute.json.get_object().get(object) != simdjson::SUCCESS) return Fit::kCorrupt;
  for (auto entry : object) {
    simdjson::ondemand::field field;
    std::string_view name;
    if (std::move(entry).get(field) != simdjson::SUCCESS) return Fit::kCorrupt;
    if (field.unescaped_key().get(name) != simdjson::SUCCESS) return Fit::kCorrupt;
    const auto found = std::find_if(shape.fields.begin(), shape.fields.end(),
                                    [&](const Field& f) { return f.attribute_name == name; });
    if (found == shape.fields.end()) return Fit::kNotWhole;
    AttributeValue child;
    if (!OpenAttributeValue(field.value(), child)) return Fit::kCorrupt;
    const Fit fit = FitsShape(child, found->shape);
    if (fit != Fit::kWhole) return fit;
  }
  return Fit::kWhole;
}

}  // namespace

Fit FitsShape(AttributeValue& attribute, const Shape& shape) {
  const auto when = [](bool fits) { return fits ? Fit::kWhole : Fit::kNotWhole; };
  if (attribute.tag == AttributeTag::kNull || shape.encoding == Encoding::kJson) return Fit::kWhole;
  switch (attribute.tag) {
    case AttributeTag::kString:
      return when(shape.encoding == Encoding::kText);
    case AttributeTag::kNumber: {
      std::string_view text;
      if (!ReadString(attribute.json, text)) return Fit::kCorrupt;
      return when(NumberFits(text, shape));
    }
    case AttributeTag::kBoolean:
      return when(shape.encoding == Encoding::kBoolean || shape.encoding == Encoding::kText);
    case AttributeTag::kBinary:
      return when(shape.encoding == Encoding::kBinary || shape.encoding == Encoding::kText);
    case AttributeTag::kMap:
      return MapFits(attribute, shape);
    default:
      return ListFits(attribute, shape);
  }
}

}  // namespace sumac::items
