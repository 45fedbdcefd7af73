#include "planning/key_sets.h"

#include <algorithm>
#include <charconv>
#include <string_view>

#include <duckdb.hpp>
#include <duckdb/common/types/blob.hpp>

#include "items/number_text.h"

namespace sumac::planning {
namespace {

using dynamodb::Comparison;
using dynamodb::Condition;
using Kind = Condition::Kind;

constexpr std::string_view kStringStart = "{\"S\":\"";
constexpr std::string_view kBinaryStart = "{\"B\":\"";
constexpr std::string_view kNumberStart = "{\"N\":\"";
constexpr std::string_view kEnd = "\"}";

std::optional<std::string_view> TextOf(std::string_view literal, std::string_view start) {
  if (!literal.starts_with(start) || !literal.ends_with(kEnd)) return std::nullopt;
  literal.remove_prefix(start.size());
  literal.remove_suffix(kEnd.size());
  return literal;
}

// What AppendJsonString wrote.
std::string Unescaped(std::string_view text) {
  if (text.find('\\') == text.npos) return std::string(text);
  std::string bytes;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 == text.size()) {
      bytes += text[i];
      continue;
    }
    switch (text[++i]) {
      case 'b':
        bytes += '\b';
        break;
      case 'f':
        bytes += '\f';
        break;
      case 'n':
        bytes += '\n';
        break;
      case 'r':
        bytes += '\r';
        break;
      case 't':
        bytes += '\t';
        break;
      case 'u': {
        // A control character.
        unsigned code = 0;
        std::from_chars(text.data() + i + 1, text.data() + std::min(i + 5, text.size()), code, 16);
        bytes += static_cast<char>(code);
        i += 4;
        break;
      }
      default:
        bytes += text[i];
    }
  }
  return bytes;
}

std::string FromBase64(std::string_view text) {
  return duckdb::Blob::FromBase64(
      duckdb::string_t(text.data(), static_cast<uint32_t>(text.size())));
}

int CompareNumbers(const items::NumberText& a, const items::NumberText& b) {
  const auto sign = [](const items::NumberText& n) {
    return n.digit_count == 0 ? 0 : (n.negative ? -1 : 1);
  };
  if (sign(a) != sign(b)) return sign(a) - sign(b);
  if (sign(a) == 0) return 0;
  const int magnitude_a = a.exponent + a.digit_count;
  const int magnitude_b = b.exponent + b.digit_count;
  if (magnitude_a != magnitude_b) return (magnitude_a > magnitude_b ? 1 : -1) * sign(a);
  // Without zeros at the end, so the shorter of two that begin alike is less.
  const std::string_view digits_a(a.digits.data(), static_cast<size_t>(a.digit_count));
  const std::string_view digits_b(b.digits.data(), static_cast<size_t>(b.digit_count));
  return digits_a.compare(digits_b) * sign(a);
}

// The values of a condition that is equality with one of them.
std::optional<std::vector<std::string>> EqualityOf(const Condition& condition,
                                                   const std::string& attribute) {
  if (condition.kind == Kind::kAny) {
    std::vector<std::string> values;
    for (const auto& part : condition.parts) {
      const auto more = EqualityOf(part, attribute);
      if (!more) return std::nullopt;
      values.insert(values.end(), more->begin(), more->end());
    }
    return values;
  }
  if (!IsOf(condition, attribute)) return std::nullopt;
  const bool equal = condition.kind == Kind::kCompare && condition.comparison == Comparison::kEqual;
  if (!equal && condition.kind != Kind::kIn) return std::nullopt;
  return condition.values;
}

bool Less(const std::string& a, const std::string& b) {
  return CompareLiterals(a, b).value_or(a.compare(b)) < 0;
}

bool Same(const std::string& a, const std::string& b) {
  return CompareLiterals(a, b).value_or(a.compare(b)) == 0;
}

// Lower and upper bound, merged as conditions come; whether the bound itself is out.
struct Range {
  std::optional<std::string> lower;
  std::optional<std::string> upper;
  bool above_lower = false;
  bool below_upper = false;

  void Raise(const std::string& value, bool above) {
    if (lower && Less(value, *lower)) return;
    above_lower = above || (lower && above_lower && Same(*lower, value));
    lower = value;
  }
  void Reduce(const std::string& value, bool below) {
    if (upper && Less(*upper, value)) return;
    below_upper = below || (upper && below_upper && Same(*upper, value));
    upper = value;
  }
};

// Of what compares the attribute with values.
Range RangeOf(const std::vector<Condition>& conditions, const std::string& attribute) {
  Range range;
  for (const auto& condition : conditions) {
    if (!IsOf(condition, attribute)) continue;
    const auto comparison = condition.comparison;
    if (condition.kind == Kind::kBetween) {
      range.Raise(condition.values[0], false);
      range.Reduce(condition.values[1], false);
    }
    if (condition.kind != Kind::kCompare) continue;
    if (comparison == Comparison::kGreater || comparison == Comparison::kGreaterOrEqual) {
      range.Raise(condition.values[0], comparison == Comparison::kGreater);
    } else if (comparison == Comparison::kLess || comparison == Comparison::kLessOrEqual) {
      range.Reduce(condition.values[0], comparison == Comparison::kLess);
    }
  }
  return range;
}

// Of a number literal that is one, of 17 digits at most.
std::optional<int64_t> WholeNumberOf(const std::string& literal) {
  constexpr int64_t kMax = 100'000'000'000'000'000;
  const auto text = TextOf(literal, kNumberStart);
  const auto number = text ? items::NumberToInt64(*text) : std::nullopt;
  return number && *number > -kMax && *number < kMax ? number : std::nullopt;
}

}  // namespace

bool IsOf(const Condition& condition, const std::string& attribute) {
  return condition.path.size() == 1 && condition.path[0] == attribute && !condition.of_size;
}

std::optional<int> CompareLiterals(const std::string& a, const std::string& b) {
  const auto compare_bytes = [&](std::string_view start, auto bytes_of) -> std::optional<int> {
    const auto text_a = TextOf(a, start);
    const auto text_b = TextOf(b, start);
    if (!text_a || !text_b) return std::nullopt;
    return bytes_of(*text_a).compare(bytes_of(*text_b));
  };
  // Both are in the order of their bytes.
  if (const auto order = compare_bytes(kStringStart, Unescaped)) return order;
  if (const auto order = compare_bytes(kBinaryStart, FromBase64)) return order;
  const auto text_a = TextOf(a, kNumberStart);
  const auto text_b = TextOf(b, kNumberStart);
  if (!text_a || !text_b) return a == b ? std::optional(0) : std::nullopt;
  const auto number_a = items::ParseNumberText(*text_a);
  const auto number_b = items::ParseNumberText(*text_b);
  if (!number_a || !number_b) return std::nullopt;
  return CompareNumbers(*number_a, *number_b);
}

namespace {

// Of an OR whose parts each have values of the attribute, beside other things.
std::optional<std::vector<std::string>> ValuesOfParts(const Condition& condition,
                                                      const std::string& attribute) {
  if (condition.kind != Kind::kAny) return std::nullopt;
  std::vector<std::string> values;
  for (const auto& part : condition.parts) {
    const auto more =
        part.kind == Kind::kAll ? ValuesOf(part.parts, attribute) : ValuesOf({part}, attribute);
    if (!more) return std::nullopt;
    values.insert(values.end(), more->begin(), more->end());
  }
  return values;
}

}  // namespace

std::optional<std::vector<std::string>> ValuesOf(const std::vector<Condition>& conditions,
                                                 const std::string& attribute) {
  std::optional<std::vector<std::string>> values;
  for (const auto& condition : conditions) {
    auto more = EqualityOf(condition, attribute);
    if (!more) more = ValuesOfParts(condition, attribute);
    if (!more) continue;
    std::sort(more->begin(), more->end(), Less);
    more->erase(std::unique(more->begin(), more->end(), Same), more->end());
    if (!values) {
      values = std::move(more);
      continue;
    }
    std::vector<std::string> both;
    std::set_intersection(values->begin(), values->end(), more->begin(), more->end(),
                          std::back_inserter(both), Less);
    values = std::move(both);
  }
  return values;
}

std::optional<std::vector<std::string>> WholeNumbersOf(const std::vector<Condition>& conditions,
                                                       const std::string& attribute,
                                                       size_t values_max) {
  const auto range = RangeOf(conditions, attribute);
  if (!range.lower || !range.upper) return std::nullopt;
  const auto first = WholeNumberOf(*range.lower);
  const auto last = WholeNumberOf(*range.upper);
  if (!first || !last) return std::nullopt;
  std::vector<std::string> values;
  if (*first > *last) return values;
  if (static_cast<uint64_t>(*last - *first) >= values_max) return std::nullopt;
  for (int64_t value = *first; value <= *last; ++value) {
    values.push_back(std::string(kNumberStart) + std::to_string(value) + std::string(kEnd));
  }
  return values;
}

SortKeyBounds BoundsOf(const std::vector<Condition>& conditions, const std::string& attribute) {
  Range range = RangeOf(conditions, attribute);
  std::optional<Condition> prefix;
  SortKeyBounds bounds;
  for (const auto& condition : conditions) {
    if (!IsOf(condition, attribute)) continue;
    switch (condition.kind) {
      case Kind::kBeginsWith:
        // Of two, one says all only if it begins with the other.
        bounds.exact = bounds.exact && (!prefix || *prefix == condition);
        if (!prefix || condition.values[0].size() > prefix->values[0].size()) prefix = condition;
        break;
      case Kind::kBetween:
        break;
      case Kind::kCompare:
        bounds.exact = bounds.exact && condition.comparison != Comparison::kEqual &&
                       condition.comparison != Comparison::kNotEqual;
        break;
      default:
        bounds.exact = false;
        break;
    }
  }
  if (range.lower && range.upper) {
    const auto order = CompareLiterals(*range.lower, *range.upper);
    bounds.contradiction = order && *order > 0;
    if (!order) {
      range.upper.reset();
      bounds.exact = false;
    }
  }
  if (prefix) {
    bounds.condition = std::move(prefix);
    bounds.exact = bounds.exact && !range.lower && !range.upper;
  } else if (range.lower && range.upper) {
    // A key condition has one BETWEEN or one comparison.
    bounds.condition = Condition::Between({attribute}, *range.lower, *range.upper);
    bounds.exact = bounds.exact && !range.above_lower && !range.below_upper;
  } else if (range.lower) {
    bounds.condition = Condition::Compare(
        {attribute}, range.above_lower ? Comparison::kGreater : Comparison::kGreaterOrEqual,
        *range.lower);
  } else if (range.upper) {
    bounds.condition = Condition::Compare(
        {attribute}, range.below_upper ? Comparison::kLess : Comparison::kLessOrEqual,
        *range.upper);
  }
  return bounds;
}

bool KeysSayAll(const Condition& condition, const std::vector<Condition>& conditions,
                const std::vector<std::string>& keys) {
  for (const auto& key : keys) {
    if (EqualityOf(condition, key)) return true;
  }
  if (keys.size() < 2 || !IsOf(condition, keys[1]) || ValuesOf(conditions, keys[1])) return false;
  const auto bounds = BoundsOf(conditions, keys[1]);
  // Bounds that no key can be are not asked for.
  constexpr size_t kLiteralBytesMax = 1'000;
  return bounds.exact && bounds.condition &&
         std::all_of(bounds.condition->values.begin(), bounds.condition->values.end(),
                     [](const std::string& value) {
                       return value.size() <= kLiteralBytesMax && value != "{\"S\":\"\"}" &&
                              value != "{\"B\":\"\"}";
                     });
}

bool Concerns(const Condition& condition, const std::vector<std::string>& attributes) {
  if (!condition.path.empty() &&
      std::find(attributes.begin(), attributes.end(), condition.path[0]) != attributes.end()) {
    return true;
  }
  return std::any_of(condition.parts.begin(), condition.parts.end(),
                     [&](const Condition& part) { return Concerns(part, attributes); });
}

}  // namespace sumac::planning
