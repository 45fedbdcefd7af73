// What the service can be asked to judge of an item: the tree behind a FilterExpression or a
// KeyConditionExpression.
// Source: DynamoDB developer guide, "Condition and filter expressions, operators, and functions".
#pragma once

#include <string>
#include <vector>

#include "dynamodb/attribute_path.h"

namespace sumac::dynamodb {

enum class Comparison { kEqual, kNotEqual, kLess, kLessOrEqual, kGreater, kGreaterOrEqual };

// "<=".
const char* SymbolOf(Comparison comparison);

// Values are DynamoDB JSON: {"S":"x"}.
struct Condition {
  enum class Kind {
    kCompare,     // path comparison values[0]
    kBetween,     // path BETWEEN values[0] AND values[1]
    kIn,          // path IN (values)
    kExists,      // attribute_exists(path)
    kNotExists,   // attribute_not_exists(path)
    kHasType,     // attribute_type(path, values[0])
    kBeginsWith,  // begins_with(path, values[0])
    kContains,    // contains(path, values[0])
    kAll,         // all of `parts`
    kAny,         // one of `parts`
    kNot,         // not parts[0]
  };

  Kind kind = Kind::kAll;
  Comparison comparison = Comparison::kEqual;  // of kCompare
  bool of_size = false;                        // of kCompare: size(path), not its value
  AttributePath path;
  std::vector<std::string> values;
  std::vector<Condition> parts;

  static Condition Compare(AttributePath path, Comparison comparison, std::string value);
  static Condition Between(AttributePath path, std::string lower, std::string upper);
  static Condition CompareSize(AttributePath path, Comparison comparison, std::string value);
  static Condition In(AttributePath path, std::vector<std::string> values);
  static Condition Exists(AttributePath path);
  static Condition NotExists(AttributePath path);
  // `type` as the service names it: "N".
  static Condition HasType(AttributePath path, const char* type);
  static Condition BeginsWith(AttributePath path, std::string value);
  static Condition Contains(AttributePath path, std::string value);
  // One part stands for itself; parts of the same kind are taken in.
  static Condition All(std::vector<Condition> parts);
  static Condition Any(std::vector<Condition> parts);
  static Condition Not(Condition part);

  friend bool operator==(const Condition&, const Condition&) = default;
};

// How long its text is in a request of its own.
size_t ExpressionBytes(const Condition& condition);

// For people: names in quotes, values as they are.
std::string ConditionText(const Condition& condition);

}  // namespace sumac::dynamodb
