// What the placeholders of a request's expressions stand for, and which of them were used.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <simdjson.h>

#include "fake_dynamodb/attribute_value.h"
#include "fake_dynamodb/service_error.h"

namespace sumac::fake_dynamodb {

// One for each request, or for each table of a BatchGetItem.
class ExpressionScope {
 public:
  // Reads ExpressionAttributeNames and ExpressionAttributeValues. `expressions` are the members
  // that may use them, ProjectionExpression first: either is refused without any of these.
  static Answer<ExpressionScope> Read(simdjson::dom::object request,
                                      const std::vector<std::string_view>& expressions);

  // What "#name" or ":value" stands for; null when it is not defined.
  const std::string* UseName(std::string_view placeholder);
  const AttributeValue* UseValue(std::string_view placeholder);

  // The refusal of what no expression has used.
  std::optional<ServiceError> RefuseUnused() const;

 private:
  std::map<std::string, std::string, std::less<>> names_;
  std::map<std::string, AttributeValue, std::less<>> values_;
  std::set<std::string, std::less<>> used_;
};

bool IsReservedWord(std::string_view name);

}  // namespace sumac::fake_dynamodb
