// A condition on an item, and whether the item meets it: what a FilterExpression says.
#pragma once

#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "fake_dynamodb/attribute_value.h"

namespace sumac::fake_dynamodb {

// One step of a document path: a field of a map, or an element of a list.
struct PathStep {
  std::string name;
  std::optional<size_t> index;

  friend bool operator==(const PathStep& a, const PathStep& b) {
    return a.name == b.name && a.index == b.index;
  }
};

// Begins with the name of an attribute.
using DocumentPath = std::vector<PathStep>;

// A path when that has steps, else a value; or the size of either.
struct Operand {
  DocumentPath path;
  AttributeValue value;
  bool is_size = false;

  bool is_path() const { return !path.empty() && !is_size; }
};

enum class ConditionKind {
  kAnd,
  kOr,
  kNot,
  kEqual,
  kNotEqual,
  kLess,
  kLessOrEqual,
  kGreater,
  kGreaterOrEqual,
  kBetween,
  kIn,
  kAttributeExists,
  kAttributeNotExists,
  kAttributeType,
  kBeginsWith,
  kContains,
};

// As it is written in an expression: "<=", "BETWEEN", "contains".
std::string_view NameOf(ConditionKind kind);

struct Condition {
  ConditionKind kind = ConditionKind::kAnd;
  std::vector<Condition> children;  // of kAnd, kOr (two each) and kNot
  std::vector<Operand> operands;    // of the others, in their order
};

// A comparison with an attribute that is missing is false, but for <>, which is true: so the
// service was seen to do, also when both sides are missing. Values of different types are unequal,
// and neither is less.
bool Matches(const Condition& condition, const AttributeMap& item);

// The attributes that its paths begin with.
void AddAttributeNames(const Condition& condition, std::set<std::string>& names);

}  // namespace sumac::fake_dynamodb
