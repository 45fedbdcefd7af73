// What a condition's operators and functions do not take. Internal to the parser of conditions.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "fake_dynamodb/condition.h"

namespace sumac::fake_dynamodb {

// In the order in which the service reports them when there are several.
enum class Complaint {
  kParentheses,
  kUnknownFunction,
  kMisusedFunction,
  kReservedWord,
  kPlaceholder,
  kOperandCount,
  kNotDistinct,
  kOperandType,
  kTooMany,
};

// The first of each kind.
using Complaints = std::map<Complaint, std::string>;

// The type of an operand before any item is known: empty for a path, and for a value that is not
// defined.
std::string TypeOf(const Operand& operand);

// `condition` has as many operands as its kind wants.
void CheckOperands(const Condition& condition, Complaints& complaints);

// The operand of size().
void CheckSizeOperand(const Operand& operand, Complaints& complaints);

}  // namespace sumac::fake_dynamodb
