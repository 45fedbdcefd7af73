#include "planning/key_choice.h"

#include <algorithm>
#include <string_view>

#include "base/json_text.h"
#include "planning/key_sets.h"

namespace sumac::planning {
namespace {

using dynamodb::Comparison;
using dynamodb::Condition;
using dynamodb::KeyAttribute;

// What JSON writes around a literal: {"S":""}.
constexpr size_t kLiteralBytes = 8;

std::string_view StartOf(dynamodb::KeyType type) {
  switch (type) {
    case dynamodb::KeyType::kString:
      return "{\"S\"";
    case dynamodb::KeyType::kNumber:
      return "{\"N\"";
    case dynamodb::KeyType::kBinary:
      return "{\"B\"";
  }
  return "";
}

// Of a string or number literal; of a binary one more than it has.
size_t BytesOf(const std::string& literal) {
  size_t bytes = 0;
  for (size_t i = 0; i < literal.size(); ++i, ++bytes) {
    if (literal[i] == '\\') i += i + 1 < literal.size() && literal[i + 1] == 'u' ? 5 : 1;
  }
  return bytes - std::min(bytes, kLiteralBytes);
}

}  // namespace

bool CanBeKey(const std::string& value, const KeyAttribute& key, size_t bytes_max) {
  if (!value.starts_with(StartOf(key.type))) return false;
  const size_t bytes = BytesOf(value);
  // Base64 has four letters for three bytes.
  const bool binary = key.type == dynamodb::KeyType::kBinary;
  return bytes > 0 && (binary ? bytes / 4 * 3 <= bytes_max + 2 : bytes <= bytes_max);
}

namespace {

std::optional<std::vector<std::string>> PossibleValues(const std::vector<Condition>& conditions,
                                                       const KeyAttribute& key, size_t bytes_max) {
  auto values = ValuesOf(conditions, key.name);
  if (!values) return std::nullopt;
  values->erase(std::remove_if(values->begin(), values->end(),
                               [&](const auto& value) { return !CanBeKey(value, key, bytes_max); }),
                values->end());
  return values;
}

// Makes of each choice as many as there are values.
void Multiply(const std::string& name, const std::vector<std::string>& values,
              std::vector<KeyChoice>& choices) {
  std::vector<KeyChoice> product;
  product.reserve(choices.size() * values.size());
  for (const auto& choice : choices) {
    for (const auto& value : values) {
      product.push_back(choice);
      product.back().parts.push_back(Condition::Compare({name}, Comparison::kEqual, value));
    }
  }
  choices = std::move(product);
}

// Between the least and the greatest of them; they are in order.
Condition RangeOfValues(const std::string& name, const std::vector<std::string>& values) {
  if (values.size() == 1) return Condition::Compare({name}, Comparison::kEqual, values[0]);
  return Condition::Between({name}, values.front(), values.back());
}

// Adds what is known of one sort key; true when it is equality, after which the next may be known.
bool AddSortKey(const std::vector<Condition>& conditions, const KeyAttribute& key,
                const KeyChoiceOptions& options, KeyChoices& keys) {
  if (const auto values = PossibleValues(conditions, key, dynamodb::kSortKeyBytesMax)) {
    const bool few =
        values->size() <= 1 ||
        (!options.ranges_only &&
         values->size() <= options.choices_max / std::max<size_t>(1, keys.choices.size()));
    if (few) {
      Multiply(key.name, *values, keys.choices);
      keys.known += 2;
      return true;
    }
    for (auto& choice : keys.choices) choice.parts.push_back(RangeOfValues(key.name, *values));
    keys.known += 1;
    keys.exact = false;
    return false;
  }
  const auto bounds = BoundsOf(conditions, key.name);
  if (bounds.contradiction) keys.choices.clear();
  if (!bounds.condition) return false;
  const auto& values = bounds.condition->values;
  if (!std::all_of(values.begin(), values.end(), [&](const auto& value) {
        return CanBeKey(value, key, dynamodb::kSortKeyBytesMax);
      })) {
    return false;
  }
  for (auto& choice : keys.choices) choice.parts.push_back(*bounds.condition);
  keys.known += 1;
  return false;
}

}  // namespace

std::optional<KeyChoices> ChooseKeys(const std::vector<Condition>& conditions,
                                     const std::vector<KeyAttribute>& partition_keys,
                                     const std::vector<KeyAttribute>& sort_keys,
                                     const KeyChoiceOptions& options) {
  if (partition_keys.empty()) return std::nullopt;
  KeyChoices keys;
  keys.choices.emplace_back();
  for (const auto& key : partition_keys) {
    auto values = PossibleValues(conditions, key, dynamodb::kPartitionKeyBytesMax);
    const bool whole = std::find(options.whole_numbers.begin(), options.whole_numbers.end(),
                                 key.name) != options.whole_numbers.end();
    if (!values && whole) values = WholeNumbersOf(conditions, key.name, options.choices_max);
    if (!values) return std::nullopt;
    if (values->size() > options.choices_max / std::max<size_t>(1, keys.choices.size())) {
      return std::nullopt;
    }
    Multiply(key.name, *values, keys.choices);
    keys.known += 2;
  }
  keys.whole = true;
  for (const auto& key : sort_keys) {
    keys.whole = keys.whole && AddSortKey(conditions, key, options, keys);
    if (!keys.whole) break;
  }
  return keys;
}

namespace {

// Of two choices that are whole.
int OrderOf(const KeyChoice& a, const KeyChoice& b) {
  for (size_t i = 0; i < a.parts.size(); ++i) {
    const auto& value_a = a.parts[i].values[0];
    const auto& value_b = b.parts[i].values[0];
    const int order = CompareLiterals(value_a, value_b).value_or(value_a.compare(value_b));
    if (order != 0) return order;
  }
  return 0;
}

// Of the parts of an OR together; nothing unless each names whole keys.
std::optional<std::vector<KeyChoice>> KeysOfParts(const Condition& any,
                                                  const std::vector<KeyAttribute>& partition_keys,
                                                  const std::vector<KeyAttribute>& sort_keys,
                                                  const KeyChoiceOptions& options) {
  std::vector<KeyChoice> choices;
  for (const auto& part : any.parts) {
    const auto keys =
        ChooseKeys(part.kind == Condition::Kind::kAll ? part.parts : std::vector{part},
                   partition_keys, sort_keys, options);
    if (!keys || !keys->whole) return std::nullopt;
    choices.insert(choices.end(), keys->choices.begin(), keys->choices.end());
    if (choices.size() > options.choices_max) return std::nullopt;
  }
  return choices;
}

}  // namespace

std::optional<KeyChoices> ChooseNamedKeys(const std::vector<Condition>& conditions,
                                          const std::vector<KeyAttribute>& partition_keys,
                                          const std::vector<KeyAttribute>& sort_keys,
                                          const KeyChoiceOptions& options) {
  for (const auto& condition : conditions) {
    if (condition.kind != Condition::Kind::kAny) continue;
    auto choices = KeysOfParts(condition, partition_keys, sort_keys, options);
    if (!choices) continue;
    // The service refuses a key that is there twice, however it is written.
    std::sort(choices->begin(), choices->end(),
              [](const auto& a, const auto& b) { return OrderOf(a, b) < 0; });
    choices->erase(std::unique(choices->begin(), choices->end(),
                               [](const auto& a, const auto& b) { return OrderOf(a, b) == 0; }),
                   choices->end());
    KeyChoices keys;
    keys.choices = *std::move(choices);
    keys.whole = true;
    // What else the parts say is left to filter.
    keys.exact = false;
    keys.known = 2 * static_cast<int>(partition_keys.size() + sort_keys.size());
    return keys;
  }
  return std::nullopt;
}

std::string WholeKey(const KeyChoice& choice) {
  std::string key = "{";
  for (const auto& part : choice.parts) {
    if (key.size() > 1) key += ",";
    AppendJsonString(part.path[0].name, key);
    key += ":" + part.values[0];
  }
  return key + "}";
}

}  // namespace sumac::planning
