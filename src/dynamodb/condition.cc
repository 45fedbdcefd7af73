#include "dynamodb/condition.h"

#include <utility>

#include "dynamodb/condition_text.h"
#include "dynamodb/expression_writer.h"

namespace sumac::dynamodb {
namespace {

Condition Of(Condition::Kind kind, AttributePath path, std::vector<std::string> values = {}) {
  Condition condition;
  condition.kind = kind;
  condition.path = std::move(path);
  condition.values = std::move(values);
  return condition;
}

Condition Joined(Condition::Kind kind, std::vector<Condition> parts) {
  Condition condition;
  condition.kind = kind;
  for (auto& part : parts) {
    if (part.kind == kind) {
      for (auto& inner : part.parts) condition.parts.push_back(std::move(inner));
    } else {
      condition.parts.push_back(std::move(part));
    }
  }
  if (condition.parts.size() != 1) return condition;
  Condition only = std::move(condition.parts[0]);
  return only;
}

}  // namespace

const char* SymbolOf(Comparison comparison) {
  switch (comparison) {
    case Comparison::kEqual:
      return "=";
    case Comparison::kNotEqual:
      return "<>";
    case Comparison::kLess:
      return "<";
    case Comparison::kLessOrEqual:
      return "<=";
    case Comparison::kGreater:
      return ">";
    case Comparison::kGreaterOrEqual:
      return ">=";
  }
  return "";
}

Condition Condition::Compare(AttributePath path, Comparison comparison, std::string value) {
  auto condition = Of(Kind::kCompare, std::move(path), {std::move(value)});
  condition.comparison = comparison;
  return condition;
}

Condition Condition::Between(AttributePath path, std::string lower, std::string upper) {
  return Of(Kind::kBetween, std::move(path), {std::move(lower), std::move(upper)});
}

Condition Condition::CompareSize(AttributePath path, Comparison comparison, std::string value) {
  auto condition = Compare(std::move(path), comparison, std::move(value));
  condition.of_size = true;
  return condition;
}

Condition Condition::In(AttributePath path, std::vector<std::string> values) {
  return Of(Kind::kIn, std::move(path), std::move(values));
}

Condition Condition::Exists(AttributePath path) {
  return Of(Kind::kExists, std::move(path));
}

Condition Condition::NotExists(AttributePath path) {
  return Of(Kind::kNotExists, std::move(path));
}

Condition Condition::HasType(AttributePath path, const char* type) {
  return Of(Kind::kHasType, std::move(path), {std::string("{\"S\":\"") + type + "\"}"});
}

Condition Condition::BeginsWith(AttributePath path, std::string value) {
  return Of(Kind::kBeginsWith, std::move(path), {std::move(value)});
}

Condition Condition::Contains(AttributePath path, std::string value) {
  return Of(Kind::kContains, std::move(path), {std::move(value)});
}

Condition Condition::All(std::vector<Condition> parts) {
  return Joined(Kind::kAll, std::move(parts));
}

Condition Condition::Any(std::vector<Condition> parts) {
  return Joined(Kind::kAny, std::move(parts));
}

Condition Condition::Not(Condition part) {
  Condition condition;
  condition.kind = Kind::kNot;
  condition.parts.push_back(std::move(part));
  return condition;
}

size_t ExpressionBytes(const Condition& condition) {
  ExpressionPlaceholders placeholders;
  return ExpressionText(condition, placeholders).size();
}

std::string ConditionText(const Condition& condition) {
  const auto path = [](const AttributePath& steps) {
    std::string text;
    for (const auto& step : steps) {
      if (step.element) {
        text += '[' + std::to_string(*step.element) + ']';
      } else {
        text += (text.empty() ? "\"" : ".\"") + step.name + '"';
      }
    }
    return text;
  };
  return WriteCondition(condition, path, [](const std::string& json) { return json; });
}

}  // namespace sumac::dynamodb
