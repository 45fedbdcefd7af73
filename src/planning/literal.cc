#include "planning/literal.h"

#include <cmath>

#include <duckdb/common/types/blob.hpp>
#include <fmt/format.h>

#include "base/json_text.h"
#include "items/number_text.h"

namespace sumac::planning {
namespace {

// Source: DynamoDB developer guide, "Data types: Number".
constexpr int kDigitsMax = 38;
constexpr int kExponentMin = -130;
constexpr int kExponentMax = 125;

// As the service writes it: without zeros that say nothing, and without an exponent.
std::string PlainText(const items::NumberText& number) {
  if (number.digit_count == 0) return "0";
  std::string digits(number.digits.data(), static_cast<size_t>(number.digit_count));
  if (number.exponent >= 0) {
    digits.append(static_cast<size_t>(number.exponent), '0');
  } else {
    const auto fraction = static_cast<size_t>(-number.exponent);
    if (digits.size() <= fraction) digits.insert(0, fraction + 1 - digits.size(), '0');
    digits.insert(digits.size() - fraction, 1, '.');
  }
  return (number.negative ? "-" : "") + digits;
}

}  // namespace

std::string StringLiteral(std::string_view text) {
  std::string json = "{\"S\":";
  AppendJsonString(text, json);
  return json + "}";
}

std::optional<std::string> NumberLiteralOfText(std::string_view text) {
  if (!items::IsJsonNumber(text)) return std::nullopt;
  const auto number = items::ParseNumberText(text);
  if (!number || number->digit_count > kDigitsMax) return std::nullopt;
  // Of the first digit.
  const int magnitude = number->exponent + number->digit_count - 1;
  if (number->digit_count > 0 && (magnitude > kExponentMax || magnitude < kExponentMin)) {
    return std::nullopt;
  }
  return "{\"N\":\"" + PlainText(*number) + "\"}";
}

std::optional<std::string> NumberLiteral(const duckdb::Value& value) {
  if (value.IsNull()) return std::nullopt;
  switch (value.type().id()) {
    case duckdb::LogicalTypeId::FLOAT:
    case duckdb::LogicalTypeId::DOUBLE: {
      const double number = value.GetValue<double>();
      if (!std::isfinite(number)) return std::nullopt;
      return NumberLiteralOfText(fmt::format("{}", number));
    }
    default:
      return value.type().IsNumeric() ? NumberLiteralOfText(value.ToString()) : std::nullopt;
  }
}

std::string BinaryLiteral(std::string_view bytes) {
  const duckdb::string_t blob(bytes.data(), static_cast<uint32_t>(bytes.size()));
  return "{\"B\":\"" + duckdb::Blob::ToBase64(blob) + "\"}";
}

std::optional<std::string> BinaryLiteralOfBase64(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  size_t padding = 0;
  while (padding < 2 && padding < text.size() && text[text.size() - 1 - padding] == '=') ++padding;
  for (const char c : text.substr(0, text.size() - padding)) {
    const bool letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    if (!letter && !(c >= '0' && c <= '9') && c != '+' && c != '/') return std::nullopt;
  }
  // Of the last letter, bits that stand for no byte are zero.
  constexpr std::string_view kLastOfPadding[] = {"", "AEIMQUYcgkosw048", "AQgw"};
  if (padding > 0 &&
      kLastOfPadding[padding].find(text[text.size() - 1 - padding]) == std::string_view::npos) {
    return std::nullopt;
  }
  return "{\"B\":\"" + std::string(text) + "\"}";
}

std::string BooleanLiteral(bool value) {
  return value ? "{\"BOOL\":true}" : "{\"BOOL\":false}";
}

}  // namespace sumac::planning
