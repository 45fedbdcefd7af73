// What conditions say of a key attribute. Internal to planning/.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "dynamodb/condition.h"

namespace sumac::planning {

// Of literals of one key type; negative, zero, positive. Nothing when they are not comparable here.
std::optional<int> CompareLiterals(const std::string& a, const std::string& b);

// The values that `attribute` may have, each once, in order; nothing when no condition bounds them.
std::optional<std::vector<std::string>> ValuesOf(const std::vector<dynamodb::Condition>& conditions,
                                                 const std::string& attribute);

// The same of an attribute that is a whole number: every one within its bounds. Nothing when there
// are more than `values_max`, or a bound is no whole number of 17
// digits.
std::optional<std::vector<std::string>> WholeNumbersOf(
    const std::vector<dynamodb::Condition>& conditions, const std::string& attribute,
    size_t values_max);

// What a sort key has to be.
struct SortKeyBounds {
  // One condition, the tightest that the conditions allow; absent when they say nothing.
  std::optional<dynamodb::Condition> condition;
  bool contradiction = false;
  // Whether it says all that the conditions say that are of the attribute alone.
  bool exact = true;
};
SortKeyBounds BoundsOf(const std::vector<dynamodb::Condition>& conditions,
                       const std::string& attribute);

// Whether a condition is of the attribute alone, and no tree of conditions.
bool IsOf(const dynamodb::Condition& condition, const std::string& attribute);

// Whether reading by the values and bounds that `conditions` give the keys (partition key first)
// finds no item for which `condition`, one of them, does not hold.
bool KeysSayAll(const dynamodb::Condition& condition,
                const std::vector<dynamodb::Condition>& conditions,
                const std::vector<std::string>& keys);

// Whether a condition is of one of these attributes, or of something in it.
bool Concerns(const dynamodb::Condition& condition, const std::vector<std::string>& attributes);

}  // namespace sumac::planning
