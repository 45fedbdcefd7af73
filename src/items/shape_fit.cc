#include "items/shape_fit.h"

#include <algorithm>

#include "items/scalar_value.h"

namespace sumac::items {
namespace {

Fit When(bool fits) {
  return fits ? Fit::kWhole : Fit::kNotWhole;
}

// Whether a number survives in a column that holds numbers.
bool NumberFits(std::string_view text, const Shape& shape) {
  switch (shape.encoding) {
    case Encoding::kBigint:
    case Encoding::kInteger:
      return FitsInteger(text, shape.type);
    case Encoding::kDouble:
      return NumberToDoubleExactly(text).has_value();
    case Encoding::kNearestDouble:
      return shape.type.id() == duckdb::LogicalTypeId::FLOAT
                 ? NumberToFloatExactly(text).has_value()
                 : NumberToDoubleExactly(text).has_value();
    case Encoding::kDecimal:
      return NumberToDecimal(text, duckdb::DecimalType::GetWidth(shape.type),
                             duckdb::DecimalType::GetScale(shape.type))
          .has_value();
    default:
      return false;
  }
}

Fit ScalarFits(AttributeValue& attribute, const Shape& shape) {
  std::string_view text;
  switch (shape.encoding) {
    case Encoding::kJson:
    case Encoding::kTextOrJson:
      return Fit::kWhole;
    case Encoding::kText:
      return When(!IsNested(attribute.tag()));
    case Encoding::kString:
      if (attribute.tag() != AttributeTag::kString) return Fit::kNotWhole;
      if (!attribute.ReadText(text)) return Fit::kCorrupt;
      return When(!text.empty() && text.size() <= shape.key_bytes_max);
    case Encoding::kBoolean: {
      bool value = false;
      const auto read = ReadBoolean(attribute, shape.from_text, value);
      return read == ReadOutcome::kCorrupt ? Fit::kCorrupt : When(read == ReadOutcome::kRead);
    }
    case Encoding::kBinary:
      return When(attribute.tag() == AttributeTag::kBinary);
    case Encoding::kDate:
    case Encoding::kTimestamp:
      if (attribute.tag() != AttributeTag::kString) return Fit::kNotWhole;
      if (!attribute.ReadText(text)) return Fit::kCorrupt;
      return When(shape.encoding == Encoding::kDate
                      ? ParseDate(text, shape.layouts).has_value()
                      : ParseTimestamp(text, shape.layouts).has_value());
    default: {
      const auto read = ReadNumber(attribute, shape.from_text, text);
      if (read == ReadOutcome::kCorrupt) return Fit::kCorrupt;
      return When(read == ReadOutcome::kRead && NumberFits(text, shape));
    }
  }
}

Fit ListFits(AttributeValue& attribute, const Shape& shape) {
  if (attribute.tag() != AttributeTag::kList && !IsSet(attribute.tag())) return Fit::kNotWhole;
  Fit all = Fit::kWhole;
  const bool read = attribute.ForEachElement([&](AttributeValue& element) {
    if (all == Fit::kWhole) all = FitsShape(element, shape.element[0]);
    return all != Fit::kCorrupt;
  });
  return read ? all : Fit::kCorrupt;
}

// What a value under `name` must fit; null when there is no place for it.
const Shape* ChildShape(const Shape& shape, std::string_view name) {
  if (shape.encoding == Encoding::kMap) return &shape.element[0];
  if (shape.fields_in_order) {
    const auto place = std::lower_bound(
        shape.fields.begin(), shape.fields.end(), name,
        [](const Field& field, std::string_view wanted) { return field.attribute_name < wanted; });
    return place != shape.fields.end() && place->attribute_name == name ? &place->shape : nullptr;
  }
  const auto found = std::find_if(shape.fields.begin(), shape.fields.end(),
                                  [&](const Field& field) { return field.attribute_name == name; });
  return found == shape.fields.end() ? nullptr : &found->shape;
}

// For kStruct and kMap.
Fit MapFits(AttributeValue& attribute, const Shape& shape) {
  if (attribute.tag() != AttributeTag::kMap) return Fit::kNotWhole;
  Fit all = Fit::kWhole;
  const bool read = attribute.ForEachField([&](std::string_view name, AttributeValue& child) {
    if (all != Fit::kWhole) return true;
    const Shape* child_shape = ChildShape(shape, name);
    all = child_shape == nullptr ? Fit::kNotWhole : FitsShape(child, *child_shape);
    return all != Fit::kCorrupt;
  });
  return read ? all : Fit::kCorrupt;
}

}  // namespace

Fit FitsShape(AttributeValue& attribute, const Shape& shape) {
  if (attribute.tag() == AttributeTag::kNull) return Fit::kWhole;
  switch (shape.encoding) {
    case Encoding::kList:
      return ListFits(attribute, shape);
    case Encoding::kStruct:
    case Encoding::kMap:
      return MapFits(attribute, shape);
    default:
      return ScalarFits(attribute, shape);
  }
}

}  // namespace sumac::items
