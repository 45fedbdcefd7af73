// Condition expressions as DynamoDB reads them: FilterExpression and KeyConditionExpression.
#pragma once

#include <string>
#include <string_view>

#include "fake_dynamodb/condition.h"
#include "fake_dynamodb/expression_scope.h"
#include "fake_dynamodb/service_error.h"

namespace sumac::fake_dynamodb {

// `member` names the expression in refusals. Refuses what the service refuses, in its words: bad
// syntax, more than 4,096 bytes, 300 operators or 100 operands of IN, reserved words, placeholders
// that are not defined, and operands of the wrong number or type. What it leaves unused in `scope`
// is for the caller to refuse.
Answer<Condition> ParseCondition(std::string_view expression, std::string_view member,
                                 ExpressionScope& scope);

}  // namespace sumac::fake_dynamodb
