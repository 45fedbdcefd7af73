#include "fake_dynamodb/condition.h"

#include <algorithm>
#include <array>

#include "fake_dynamodb/attribute_compare.h"

namespace sumac::fake_dynamodb {
namespace {

// What an operand is for one item: found in it, or made of it. Empty when it is missing.
class Resolved {
 public:
  Resolved(const Operand& operand, const AttributeMap& item) {
    value_ = operand.path.empty() ? &operand.value : Find(operand.path, item);
    if (!operand.is_size || value_ == nullptr) return;
    const auto size = SizeOfValue(*value_);
    value_ = nullptr;
    if (!size) return;
    made_.type = "N";
    made_.text = std::to_string(*size);
    value_ = &made_;
  }
  Resolved(const Resolved&) = delete;
  Resolved& operator=(const Resolved&) = delete;

  const AttributeValue* get() const { return value_; }

 private:
  static const AttributeValue* Find(const DocumentPath& path, const AttributeMap& item) {
    const auto* value = FindAttribute(item, path[0].name);
    for (size_t i = 1; i < path.size() && value != nullptr; ++i) {
      const auto& step = path[i];
      if (!step.index) {
        // Only a map has fields.
        value = FindAttribute(value->fields, step.name);
      } else if (value->type == "L" && *step.index < value->elements.size()) {
        value = &value->elements[*step.index];
      } else {
        value = nullptr;
      }
    }
    return value;
  }

  AttributeValue made_;
  const AttributeValue* value_ = nullptr;
};

bool Compares(ConditionKind kind, const AttributeValue* a, const AttributeValue* b) {
  const bool both = a != nullptr && b != nullptr;
  if (kind == ConditionKind::kEqual) return both && EqualValues(*a, *b);
  if (kind == ConditionKind::kNotEqual) return !both || !EqualValues(*a, *b);
  if (!both) return false;
  const auto order = CompareValues(*a, *b);
  if (!order) return false;
  switch (kind) {
    case ConditionKind::kLess:
      return *order < 0;
    case ConditionKind::kLessOrEqual:
      return *order <= 0;
    case ConditionKind::kGreater:
      return *order > 0;
    default:
      return *order >= 0;
  }
}

bool MatchesOperands(const Condition& condition, const AttributeMap& item) {
  const Resolved first(condition.operands[0], item);
  if (condition.kind == ConditionKind::kIn) {
    return std::any_of(condition.operands.begin() + 1, condition.operands.end(),
                       [&](const Operand& operand) {
                         const Resolved other(operand, item);
                         return Compares(ConditionKind::kEqual, first.get(), other.get());
                       });
  }
  if (condition.kind == ConditionKind::kAttributeExists) return first.get() != nullptr;
  if (condition.kind == ConditionKind::kAttributeNotExists) return first.get() == nullptr;
  const Resolved second(condition.operands[1], item);
  if (condition.kind == ConditionKind::kBetween) {
    const Resolved third(condition.operands[2], item);
    return Compares(ConditionKind::kGreaterOrEqual, first.get(), second.get()) &&
           Compares(ConditionKind::kLessOrEqual, first.get(), third.get());
  }
  const bool is_function = condition.kind == ConditionKind::kAttributeType ||
                           condition.kind == ConditionKind::kBeginsWith ||
                           condition.kind == ConditionKind::kContains;
  if (!is_function) return Compares(condition.kind, first.get(), second.get());
  if (first.get() == nullptr || second.get() == nullptr) return false;
  if (condition.kind == ConditionKind::kAttributeType)
    return first.get()->type == second.get()->text;
  if (condition.kind == ConditionKind::kBeginsWith) return BeginsWith(*first.get(), *second.get());
  return ContainsValue(*first.get(), *second.get());
}

}  // namespace

std::string_view NameOf(ConditionKind kind) {
  static constexpr std::array<std::string_view, 16> kNames = {"AND",
                                                              "OR",
                                                              "NOT",
                                                              "=",
                                                              "<>",
                                                              "<",
                                                              "<=",
                                                              ">",
                                                              ">=",
                                                              "BETWEEN",
                                                              "IN",
                                                              "attribute_exists",
                                                              "attribute_not_exists",
                                                              "attribute_type",
                                                              "begins_with",
                                                              "contains"};
  return kNames.at(static_cast<size_t>(kind));
}

bool Matches(const Condition& condition, const AttributeMap& item) {
  const auto matches = [&item](const Condition& child) { return Matches(child, item); };
  const auto& children = condition.children;
  switch (condition.kind) {
    case ConditionKind::kAnd:
      return std::all_of(children.begin(), children.end(), matches);
    case ConditionKind::kOr:
      return std::any_of(children.begin(), children.end(), matches);
    case ConditionKind::kNot:
      return !matches(children[0]);
    default:
      return MatchesOperands(condition, item);
  }
}

void AddAttributeNames(const Condition& condition, std::set<std::string>& names) {
  for (const auto& child : condition.children) AddAttributeNames(child, names);
  for (const auto& operand : condition.operands) {
    if (!operand.path.empty()) names.insert(operand.path[0].name);
  }
}

}  // namespace sumac::fake_dynamodb
