#include "items/scalar_value.h"

#include "items/time_layout.h"

namespace sumac::items {

ReadOutcome ReadNumber(AttributeValue& attribute, bool from_text, std::string_view& text) {
  const bool string = attribute.tag() == AttributeTag::kString;
  if (attribute.tag() != AttributeTag::kNumber && !(from_text && string))
    return ReadOutcome::kOther;
  if (!attribute.ReadText(text)) return ReadOutcome::kCorrupt;
  return string && !IsJsonNumber(text) ? ReadOutcome::kOther : ReadOutcome::kRead;
}

ReadOutcome ReadBoolean(AttributeValue& attribute, bool from_text, bool& value) {
  if (attribute.tag() == AttributeTag::kBoolean) {
    return attribute.ReadBoolean(value) ? ReadOutcome::kRead : ReadOutcome::kCorrupt;
  }
  if (!from_text || attribute.tag() != AttributeTag::kString) return ReadOutcome::kOther;
  std::string_view text;
  if (!attribute.ReadText(text)) return ReadOutcome::kCorrupt;
  value = text == "true";
  return value || text == "false" ? ReadOutcome::kRead : ReadOutcome::kOther;
}

std::optional<int64_t> ParseTimestamp(
    std::string_view text, const std::vector<std::shared_ptr<const TimeLayout>>& layouts) {
  for (const auto& layout : layouts) {
    if (const auto microseconds = layout->ParseMicroseconds(text)) return microseconds;
  }
  return std::nullopt;
}

std::optional<int32_t> ParseDate(std::string_view text,
                                 const std::vector<std::shared_ptr<const TimeLayout>>& layouts) {
  if (layouts.empty()) return ParseIsoDate(text);
  constexpr int64_t kDayMicroseconds = 86'400'000'000;
  const auto microseconds = ParseTimestamp(text, layouts);
  if (!microseconds) return std::nullopt;
  // The layout has no time of day, so this is midnight.
  return static_cast<int32_t>(*microseconds / kDayMicroseconds);
}

bool FitsInteger(std::string_view text, const duckdb::LogicalType& type) {
  using duckdb::LogicalTypeId;
  switch (type.id()) {
    case LogicalTypeId::TINYINT:
      return NumberToInteger<int8_t>(text).has_value();
    case LogicalTypeId::SMALLINT:
      return NumberToInteger<int16_t>(text).has_value();
    case LogicalTypeId::INTEGER:
      return NumberToInteger<int32_t>(text).has_value();
    case LogicalTypeId::UTINYINT:
      return NumberToInteger<uint8_t>(text).has_value();
    case LogicalTypeId::USMALLINT:
      return NumberToInteger<uint16_t>(text).has_value();
    case LogicalTypeId::UINTEGER:
      return NumberToInteger<uint32_t>(text).has_value();
    case LogicalTypeId::UBIGINT:
      return NumberToInteger<uint64_t>(text).has_value();
    case LogicalTypeId::HUGEINT:
      return NumberToInteger<duckdb::hugeint_t>(text).has_value();
    default:
      return NumberToInteger<int64_t>(text).has_value();
  }
}

}  // namespace sumac::items
