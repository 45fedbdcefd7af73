#include "fake_dynamodb/key_condition.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "fake_dynamodb/attribute_compare.h"

namespace sumac::fake_dynamodb {
namespace {

bool IsComparison(ConditionKind kind) {
  return kind == ConditionKind::kEqual || kind == ConditionKind::kLess ||
         kind == ConditionKind::kLessOrEqual || kind == ConditionKind::kGreater ||
         kind == ConditionKind::kGreaterOrEqual;
}

// The comparison with its operands exchanged.
ConditionKind Reversed(ConditionKind kind) {
  switch (kind) {
    case ConditionKind::kLess:
      return ConditionKind::kGreater;
    case ConditionKind::kLessOrEqual:
      return ConditionKind::kGreaterOrEqual;
    case ConditionKind::kGreater:
      return ConditionKind::kLess;
    case ConditionKind::kGreaterOrEqual:
      return ConditionKind::kLessOrEqual;
    default:
      return kind;
  }
}

Answer<KeyTest> TestOf(const Condition& condition) {
  const auto kind = condition.kind;
  const auto invalid = [](std::string_view why) {
    return Refuse(
        ValidationError(fmt::format("Invalid condition in KeyConditionExpression: {}", why)));
  };
  const bool takes_path_first =
      kind == ConditionKind::kBetween || kind == ConditionKind::kBeginsWith;
  if (!IsComparison(kind) && !takes_path_first) {
    return Refuse(ValidationError(
        fmt::format("Invalid operator used in KeyConditionExpression: {}", NameOf(kind))));
  }
  KeyTest test;
  test.kind = kind;
  for (size_t i = 0; i < condition.operands.size(); ++i) {
    const auto& operand = condition.operands[i];
    if (operand.is_size) {
      return Refuse(ValidationError("KeyConditionExpressions cannot contain nested operations"));
    }
    if (i == 0 && takes_path_first && !operand.is_path()) {
      return invalid(fmt::format("{} operator must have the key attribute as its first operand",
                                 NameOf(kind)));
    }
    if (!operand.is_path()) {
      test.values.push_back(operand.value);
      continue;
    }
    if (!test.attribute.empty()) return invalid("Multiple attribute names used in one condition");
    if (operand.path.size() > 1) {
      return Refuse(
          ValidationError("KeyConditionExpressions cannot have conditions on nested attributes"));
    }
    test.attribute = operand.path[0].name;
    if (i > 0) test.kind = Reversed(kind);
  }
  if (test.attribute.empty()) return invalid("No key attribute specified");
  return test;
}

std::optional<ServiceError> AddTests(const Condition& condition, std::vector<KeyTest>& tests) {
  if (condition.kind == ConditionKind::kAnd) {
    for (const auto& child : condition.children) {
      if (auto refusal = AddTests(child, tests)) return refusal;
    }
    return std::nullopt;
  }
  auto test = TestOf(condition);
  if (!test) return test.error();
  const bool twice = std::any_of(tests.begin(), tests.end(), [&](const KeyTest& other) {
    return other.attribute == test->attribute;
  });
  if (twice) {
    return ValidationError("KeyConditionExpressions must only contain one condition per key");
  }
  tests.push_back(std::move(*test));
  return std::nullopt;
}

std::optional<ServiceError> CheckValues(const KeyTest& test, const KeyAttribute& key) {
  for (const auto& value : test.values) {
    if (value.type != std::string_view(&key.type, 1)) {
      return ValidationError(
          "One or more parameter values were invalid: Condition parameter type does not match "
          "schema type");
    }
    if (value.type != "N" && value.text.empty() && test.kind == ConditionKind::kEqual) {
      return ValidationError(
          fmt::format("One or more parameter values are not valid. The AttributeValue for a key "
                      "attribute cannot contain an empty {} value. Key: {}",
                      value.type == "S" ? "string" : "binary", key.name));
    }
  }
  return std::nullopt;
}

bool Meets(const AttributeValue& value, const KeyTest& test) {
  if (test.kind == ConditionKind::kBeginsWith) return BeginsWith(value, test.values[0]);
  const int order = CompareValues(value, test.values[0]).value_or(0);
  switch (test.kind) {
    case ConditionKind::kEqual:
      return order == 0;
    case ConditionKind::kLess:
      return order < 0;
    case ConditionKind::kLessOrEqual:
      return order <= 0;
    case ConditionKind::kGreater:
      return order > 0;
    case ConditionKind::kBetween:
      return order >= 0 && CompareValues(value, test.values[1]).value_or(0) <= 0;
    default:
      return order >= 0;
  }
}

}  // namespace

Answer<std::vector<KeyTest>> KeyTestsOf(const Condition& condition) {
  std::vector<KeyTest> tests;
  if (auto refusal = AddTests(condition, tests)) return Refuse(*refusal);
  return tests;
}

bool KeyRange::Contains(const KeyPosition& position) const {
  if (position.partition_value != partition.partition_value) return false;
  for (size_t i = 0; i < sort_tests.size(); ++i) {
    if (!Meets(position.sort_values[i], sort_tests[i])) return false;
  }
  return true;
}

Answer<KeyRange> MakeKeyRange(const std::vector<KeyTest>& tests, const KeySchema& schema) {
  const auto unsupported = ValidationError("Query key condition not supported");
  KeyRange range;
  std::vector<AttributeValue> partition;
  size_t used = 0;
  bool sort_ended = false;
  for (size_t i = 0; i < schema.partition_count + schema.sort_count; ++i) {
    const auto& key = schema.attributes[i];
    const auto test = std::find_if(tests.begin(), tests.end(), [&](const KeyTest& candidate) {
      return candidate.attribute == key.name;
    });
    const bool makes_partition = i < schema.partition_count;
    if (test == tests.end()) {
      // Of a key that is not the schema's, the service says which one it misses instead.
      if (makes_partition || (used < tests.size() && schema.sort_count == 1)) {
        return Refuse(ValidationError(
            fmt::format("Query condition missed key schema element: {}", key.name)));
      }
      sort_ended = true;
      continue;
    }
    ++used;
    if (auto refusal = CheckValues(*test, key)) return Refuse(*refusal);
    if (makes_partition) {
      if (test->kind != ConditionKind::kEqual) return Refuse(unsupported);
      partition.push_back(test->values[0]);
      continue;
    }
    if (sort_ended) return Refuse(unsupported);
    sort_ended = test->kind != ConditionKind::kEqual;
    range.sort_tests.push_back(*test);
  }
  if (used < tests.size()) return Refuse(unsupported);
  SetPartition(partition, range.partition);
  return range;
}

}  // namespace sumac::fake_dynamodb
