#include "fake_dynamodb/expression_scope.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace sumac::fake_dynamodb {
namespace {

namespace dom = simdjson::dom;

// A few of the service's 573 reserved words: enough to catch a client that writes names itself.
constexpr std::array<std::string_view, 14> kReservedWords = {
    "count", "data",   "date", "name",      "order", "region", "select",
    "size",  "status", "time", "timestamp", "value", "values", "year"};

std::optional<ServiceError> CheckPlaceholder(std::string_view member, std::string_view placeholder,
                                             char sigil) {
  const bool is_word = placeholder.size() > 1 && placeholder[0] == sigil &&
                       std::all_of(placeholder.begin() + 1, placeholder.end(), [](unsigned char c) {
                         return std::isalnum(c) != 0 || c == '_';
                       });
  if (is_word) return std::nullopt;
  return ValidationError(
      fmt::format("{} contains invalid key: Syntax error; key: \"{}\"", member, placeholder));
}

// Says whether the request has `member`; a refusal when it has it without need, or empty.
Answer<bool> Has(dom::object request, std::string_view member, dom::object& pairs,
                 const std::string& refusal_without_need) {
  dom::element element;
  if (request[member].get(element)) return false;
  if (element.get(pairs)) return Refuse(CoralError("SerializationException", ""));
  if (!refusal_without_need.empty()) return Refuse(ValidationError(refusal_without_need));
  if (pairs.size() == 0)
    return Refuse(ValidationError(fmt::format("{} must not be empty", member)));
  return true;
}

}  // namespace

bool IsReservedWord(std::string_view name) {
  std::string lower(name);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return std::find(kReservedWords.begin(), kReservedWords.end(), lower) != kReservedWords.end();
}

Answer<ExpressionScope> ExpressionScope::Read(dom::object request,
                                              const std::vector<std::string_view>& expressions) {
  std::vector<std::string_view> with_values(expressions.begin() + 1, expressions.end());
  const auto absent = [&](std::string_view expression) {
    return request[expression].error() != simdjson::SUCCESS;
  };
  std::string no_names;
  std::string no_values;
  if (std::all_of(expressions.begin(), expressions.end(), absent)) {
    no_names = "ExpressionAttributeNames can only be specified when using expressions";
  }
  if (std::all_of(with_values.begin(), with_values.end(), absent)) {
    no_values = fmt::format(
        "ExpressionAttributeValues can only be specified when using expressions: {} {} null",
        fmt::join(with_values, " and "), with_values.size() > 1 ? "are" : "is");
  }
  ExpressionScope scope;
  dom::object names;
  auto has = Has(request, "ExpressionAttributeNames", names, no_names);
  if (!has) return Refuse(has.error());
  if (*has) {
    for (const auto [placeholder, value] : names) {
      auto refusal = CheckPlaceholder("ExpressionAttributeNames", placeholder, '#');
      if (refusal) return Refuse(*refusal);
      std::string_view name;
      if (value.get(name)) return Refuse(CoralError("SerializationException", ""));
      scope.names_.emplace(placeholder, name);
    }
  }
  dom::object values;
  has = Has(request, "ExpressionAttributeValues", values, no_values);
  if (!has) return Refuse(has.error());
  if (*has) {
    for (const auto [placeholder, value] : values) {
      auto refusal = CheckPlaceholder("ExpressionAttributeValues", placeholder, ':');
      if (refusal) return Refuse(*refusal);
      auto read = ReadAttributeValue(value);
      if (!read) {
        return Refuse(ValidationError(
            fmt::format("ExpressionAttributeValues contains invalid value: Supplied AttributeValue "
                        "is empty, must contain exactly one of the supported datatypes for key {}",
                        placeholder)));
      }
      scope.values_.emplace(placeholder, std::move(*read));
    }
  }
  return scope;
}

const std::string* ExpressionScope::UseName(std::string_view placeholder) {
  const auto found = names_.find(placeholder);
  if (found == names_.end()) return nullptr;
  used_.emplace(placeholder);
  return &found->second;
}

const AttributeValue* ExpressionScope::UseValue(std::string_view placeholder) {
  const auto found = values_.find(placeholder);
  if (found == values_.end()) return nullptr;
  used_.emplace(placeholder);
  return &found->second;
}

std::optional<ServiceError> ExpressionScope::RefuseUnused() const {
  const auto unused_of = [this](const auto& defined, std::string_view member) {
    std::vector<std::string_view> unused;
    for (const auto& [placeholder, meaning] : defined) {
      if (used_.count(placeholder) == 0) unused.push_back(placeholder);
    }
    if (unused.empty()) return std::string();
    return fmt::format("Value provided in {} unused in expressions: keys: {{{}}}", member,
                       fmt::join(unused, ", "));
  };
  auto message = unused_of(names_, "ExpressionAttributeNames");
  if (message.empty()) message = unused_of(values_, "ExpressionAttributeValues");
  if (message.empty()) return std::nullopt;
  return ValidationError(std::move(message));
}

}  // namespace sumac::fake_dynamodb
