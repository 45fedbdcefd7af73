#include "dynamodb/expression_writer.h"

#include "base/json_text.h"
#include "dynamodb/condition_text.h"

namespace sumac::dynamodb {

size_t ExpressionPlaceholders::Texts::PlaceOf(const std::string& text) {
  const auto [entry, is_new] = places.emplace(text, in_order.size());
  if (is_new) in_order.push_back(text);
  return entry->second;
}

std::string ExpressionPlaceholders::Path(const AttributePath& path) {
  std::string text;
  for (const auto& step : path) {
    if (step.element) {
      text += '[' + std::to_string(*step.element) + ']';
    } else {
      text += (text.empty() ? "#n" : ".#n") + std::to_string(names_.PlaceOf(step.name));
    }
  }
  return text;
}

std::string ExpressionPlaceholders::Value(const std::string& json) {
  return ":v" + std::to_string(values_.PlaceOf(json));
}

void ExpressionPlaceholders::AppendMembers(std::string& out) const {
  const char* separator = ",\"ExpressionAttributeNames\":{";
  for (size_t i = 0; i < names_.in_order.size(); ++i) {
    out += separator + ("\"#n" + std::to_string(i)) + "\":";
    AppendJsonString(names_.in_order[i], out);
    separator = ",";
  }
  if (!names_.in_order.empty()) out += '}';
  separator = ",\"ExpressionAttributeValues\":{";
  for (size_t i = 0; i < values_.in_order.size(); ++i) {
    out += separator + ("\":v" + std::to_string(i)) + "\":" + values_.in_order[i];
    separator = ",";
  }
  if (!values_.in_order.empty()) out += '}';
}

std::string ExpressionText(const Condition& condition, ExpressionPlaceholders& placeholders) {
  const auto path = [&placeholders](const AttributePath& names) {
    return placeholders.Path(names);
  };
  return WriteCondition(condition, path, [&placeholders](const std::string& json) {
    return placeholders.Value(json);
  });
}

std::string ProjectionMember(const std::vector<AttributePath>& paths,
                             ExpressionPlaceholders& placeholders) {
  if (paths.empty()) return "";
  // What is left out must not leave names behind: the service refuses those that are not used.
  auto with_paths = placeholders;
  std::string expression;
  for (const auto& path : paths) {
    if (!expression.empty()) expression += ',';
    expression += with_paths.Path(path);
    if (expression.size() > kExpressionBytesMax) return "";
  }
  placeholders = std::move(with_paths);
  return ",\"ProjectionExpression\":\"" + expression + '"';
}

}  // namespace sumac::dynamodb
