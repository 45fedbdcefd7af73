// Which items meet a condition, by the judgement of the fake service.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "base/result.h"
#include "dynamodb/condition.h"
#include "fake_dynamodb/attribute_value.h"

namespace sumac::filter_equivalence {

std::vector<fake_dynamodb::AttributeMap> ReadItems(const std::vector<std::string>& items);

// The numbers of those that do. Error kInvalidArgument: the service refuses the condition as the
// text of a FilterExpression.
Result<std::set<size_t>> ItemsThatMeet(const std::vector<fake_dynamodb::AttributeMap>& items,
                                       const dynamodb::Condition& condition);

// That an item has this key, {"id":{"S":"x"}}.
dynamodb::Condition KeyCondition(const std::string& key);

}  // namespace sumac::filter_equivalence
