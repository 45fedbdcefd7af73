// The one writer of conditions, for requests and for people. Internal to dynamodb/.
#pragma once

#include <string>

#include "dynamodb/condition.h"

namespace sumac::dynamodb {

// `path_text` is std::string(const AttributePath&), `value_text` std::string(const std::string&).
template <typename PathText, typename ValueText>
std::string WriteCondition(const Condition& condition, PathText& path_text,
                           ValueText&& value_text) {
  using Kind = Condition::Kind;
  const auto call = [&](const char* function) {
    std::string text = function + ("(" + path_text(condition.path));
    if (!condition.of_size) {
      for (const auto& value : condition.values) text += ", " + value_text(value);
    }
    return text + ")";
  };
  const auto joined = [&](const char* word) {
    std::string text;
    for (const auto& part : condition.parts) {
      if (!text.empty()) text += word;
      // The service refuses parentheses that are not needed.
      const bool in_brackets = part.kind == Kind::kAny || part.kind == Kind::kAll;
      auto inner = WriteCondition(part, path_text, value_text);
      text += in_brackets ? "(" + std::move(inner) + ")" : std::move(inner);
    }
    return text;
  };
  switch (condition.kind) {
    case Kind::kCompare:
      return (condition.of_size ? call("size") : path_text(condition.path)) + " " +
             SymbolOf(condition.comparison) + " " + value_text(condition.values[0]);
    case Kind::kBetween:
      return path_text(condition.path) + " BETWEEN " + value_text(condition.values[0]) + " AND " +
             value_text(condition.values[1]);
    case Kind::kIn: {
      std::string text = path_text(condition.path) + " IN (";
      for (size_t i = 0; i < condition.values.size(); ++i) {
        text += (i > 0 ? "," : "") + value_text(condition.values[i]);
      }
      return text + ")";
    }
    case Kind::kExists:
      return call("attribute_exists");
    case Kind::kNotExists:
      return call("attribute_not_exists");
    case Kind::kHasType:
      return call("attribute_type");
    case Kind::kBeginsWith:
      return call("begins_with");
    case Kind::kContains:
      return call("contains");
    case Kind::kAll:
      return joined(" AND ");
    case Kind::kAny:
      return joined(" OR ");
    case Kind::kNot:
      return "NOT (" + WriteCondition(condition.parts[0], path_text, value_text) + ")";
  }
  return "";
}

}  // namespace sumac::dynamodb
