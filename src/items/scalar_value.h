// Reads scalars out of attribute values, by the rules that writers and the judge of `_overflow`
// share. Internal to items/.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <type_traits>
#include <vector>

#include <duckdb.hpp>

#include "items/attribute_value.h"
#include "items/decimal.h"
#include "items/number_text.h"

namespace sumac::items {

class TimeLayout;

enum class ReadOutcome {
  kRead,
  kOther,    // it is something else
  kCorrupt,  // the bytes are no attribute value
};

// The digits of N; with `from_text` also of S that is a number as JSON writes it.
ReadOutcome ReadNumber(AttributeValue& attribute, bool from_text, std::string_view& text);

// BOOL; with `from_text` also S that is "true" or "false".
ReadOutcome ReadBoolean(AttributeValue& attribute, bool from_text, bool& value);

// Microseconds by the first layout that reads `text`.
std::optional<int64_t> ParseTimestamp(
    std::string_view text, const std::vector<std::shared_ptr<const TimeLayout>>& layouts);

// Days since 1970-01-01 of a date: by the first layout that reads `text`, or YYYY-MM-DD when there
// is none.
std::optional<int32_t> ParseDate(std::string_view text,
                                 const std::vector<std::shared_ptr<const TimeLayout>>& layouts);

// The integer, when `text` is one in the range of T.
template <typename T>
std::optional<T> NumberToInteger(std::string_view text) {
  if constexpr (std::is_same_v<T, duckdb::hugeint_t>) {
    return NumberToDecimal(text, 38, 0);
  } else if constexpr (std::is_same_v<T, int64_t>) {
    return NumberToInt64(text);
  } else {
    const auto wide = NumberToDecimal(text, 38, 0);
    T value{};
    if (!wide || !duckdb::Hugeint::TryCast<T>(*wide, value)) return std::nullopt;
    return value;
  }
}

// Whether `text` is an integer in the range of `type`, an integer type.
bool FitsInteger(std::string_view text, const duckdb::LogicalType& type);

}  // namespace sumac::items
