// Conditions and paths as the text of expressions. Internal to dynamodb/.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "dynamodb/condition.h"
#include "dynamodb/expression_limits.h"

namespace sumac::dynamodb {

// The placeholders of one request: every name and value in its expressions is one (#n0, :v0), so
// that any name can be asked for.
class ExpressionPlaceholders {
 public:
  std::string Path(const AttributePath& path);
  std::string Value(const std::string& json);

  // `,"ExpressionAttributeNames":{...},"ExpressionAttributeValues":{...}`, those that are not
  // empty.
  void AppendMembers(std::string& out) const;

 private:
  // In the order of their numbers, and where each is.
  struct Texts {
    std::vector<std::string> in_order;
    std::map<std::string, size_t> places;
    size_t PlaceOf(const std::string& text);
  };
  Texts names_;
  Texts values_;
};

std::string ExpressionText(const Condition& condition, ExpressionPlaceholders& placeholders);

// `,"ProjectionExpression":"..."`, or nothing when it would be too long: the service then sends
// whole items, which is more bytes for the same price and the same answer.
std::string ProjectionMember(const std::vector<AttributePath>& paths,
                             ExpressionPlaceholders& placeholders);

}  // namespace sumac::dynamodb
