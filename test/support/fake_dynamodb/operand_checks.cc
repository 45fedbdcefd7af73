#include "fake_dynamodb/operand_checks.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "fake_dynamodb/attribute_compare.h"

namespace sumac::fake_dynamodb {
namespace {

constexpr size_t kInOperandsMax = 100;
constexpr std::array<std::string_view, 10> kTypes = {"B",  "NULL", "SS", "BOOL", "L",
                                                     "BS", "N",    "NS", "S",    "M"};

void Refuse(Complaints& complaints, std::string_view operation, std::string_view type) {
  complaints.emplace(
      Complaint::kOperandType,
      fmt::format("Incorrect operand type for operator or function; operator or function: {}, "
                  "operand type: {}",
                  operation, type));
}

bool IsOrdered(std::string_view type) {
  return type.empty() || type == "S" || type == "N" || type == "B";
}

void CheckDistinct(const Condition& condition, Complaints& complaints) {
  const auto& first = condition.operands[0];
  const auto& second = condition.operands[1];
  if (!first.is_path() || !second.is_path() || !(first.path == second.path)) return;
  std::string path;
  for (const auto& step : first.path) {
    if (!path.empty()) path += ", ";
    path += step.index ? fmt::format("[{}]", *step.index) : step.name;
  }
  complaints.emplace(Complaint::kNotDistinct,
                     fmt::format("The first operand must be distinct from the remaining operands "
                                 "for this operator or function; operator: {}, first operand: [{}]",
                                 NameOf(condition.kind), path));
}

void CheckBounds(const Operand& lower, const Operand& upper, Complaints& complaints) {
  const bool both_given = lower.path.empty() && upper.path.empty() && !lower.is_size &&
                          !upper.is_size && !lower.value.type.empty() && !upper.value.type.empty();
  if (!both_given) return;
  std::string why;
  if (lower.value.type != upper.value.type) {
    why = "same data type for lower and upper bounds";
  } else if (CompareValues(lower.value, upper.value).value_or(0) > 0) {
    why = "upper bound to be greater than or equal to lower bound";
  } else {
    return;
  }
  const auto text_of = [](const AttributeValue& value) {
    return fmt::format("AttributeValue: {{{}:{}}}", value.type, value.text);
  };
  complaints.emplace(Complaint::kOperandType,
                     fmt::format("The BETWEEN operator requires {}; lower bound operand: {}, upper "
                                 "bound operand: {}",
                                 why, text_of(lower.value), text_of(upper.value)));
}

void CheckAttributeType(const Operand& operand, Complaints& complaints) {
  const auto type = TypeOf(operand);
  if (!operand.path.empty()) {
    Refuse(complaints, "attribute_type", "{NS,SS,L,BS,N,M,B,BOOL,NULL,S}");
  } else if (!type.empty() && type != "S") {
    Refuse(complaints, "attribute_type", type);
  } else if (!type.empty() &&
             std::find(kTypes.begin(), kTypes.end(), operand.value.text) == kTypes.end()) {
    complaints.emplace(
        Complaint::kOperandType,
        fmt::format("Invalid attribute type name found; type: {}, valid types: {{{}}}",
                    operand.value.text, fmt::join(kTypes, ",")));
  }
}

}  // namespace

std::string TypeOf(const Operand& operand) {
  if (operand.is_size) return "N";
  return operand.path.empty() ? operand.value.type : std::string();
}

void CheckSizeOperand(const Operand& operand, Complaints& complaints) {
  const auto type = TypeOf(operand);
  if (type == "N" || type == "BOOL" || type == "NULL") Refuse(complaints, "size", type);
}

void CheckOperands(const Condition& condition, Complaints& complaints) {
  const auto& operands = condition.operands;
  if (operands.size() == 2 && condition.kind != ConditionKind::kIn) {
    CheckDistinct(condition, complaints);
  }
  const auto name = NameOf(condition.kind);
  switch (condition.kind) {
    case ConditionKind::kLess:
    case ConditionKind::kLessOrEqual:
    case ConditionKind::kGreater:
    case ConditionKind::kGreaterOrEqual:
    case ConditionKind::kBetween:
      for (const auto& operand : operands) {
        if (!IsOrdered(TypeOf(operand))) Refuse(complaints, name, TypeOf(operand));
      }
      if (condition.kind == ConditionKind::kBetween) {
        CheckBounds(operands[1], operands[2], complaints);
      }
      return;
    case ConditionKind::kIn:
      if (operands.size() - 1 > kInOperandsMax) {
        complaints.emplace(Complaint::kTooMany,
                           fmt::format("The IN operator is provided with too many operands; number "
                                       "of operands: {}",
                                       operands.size() - 1));
      }
      return;
    case ConditionKind::kAttributeExists:
    case ConditionKind::kAttributeNotExists:
      if (!operands[0].is_path()) {
        complaints.emplace(
            Complaint::kOperandType,
            fmt::format("Operator or function requires a document path; operator or function: {}",
                        name));
      }
      return;
    case ConditionKind::kAttributeType:
      CheckAttributeType(operands[1], complaints);
      return;
    case ConditionKind::kBeginsWith:
      for (const auto& operand : operands) {
        const auto type = TypeOf(operand);
        if (!type.empty() && type != "S" && type != "B") Refuse(complaints, name, type);
      }
      return;
    case ConditionKind::kContains: {
      // Only text, binary, sets and lists contain anything.
      const auto type = TypeOf(operands[0]);
      if (type == "N" || type == "BOOL" || type == "NULL" || type == "M") {
        Refuse(complaints, name, type);
      }
      return;
    }
    default:
      return;
  }
}

}  // namespace sumac::fake_dynamodb
