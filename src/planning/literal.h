// SQL constants as DynamoDB JSON. Internal to planning/.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <duckdb.hpp>

namespace sumac::planning {

// {"S":"x"}.
std::string StringLiteral(std::string_view text);

// {"N":"1.5"}; nothing for what the service takes for no number: NULL, infinities, more than 38
// digits, beyond its range. A double is the decimal of its shortest form.
std::optional<std::string> NumberLiteral(const duckdb::Value& value);

// {"N":"1.5"} when `text` is a number of the service, as JSON writes it; equal ones are one
// literal.
std::optional<std::string> NumberLiteralOfText(std::string_view text);

// {"B":"eA=="} of bytes.
std::string BinaryLiteral(std::string_view bytes);

// {"B":text} when `text` is the base64 of some bytes.
std::optional<std::string> BinaryLiteralOfBase64(std::string_view text);

// {"BOOL":true}.
std::string BooleanLiteral(bool value);

}  // namespace sumac::planning
