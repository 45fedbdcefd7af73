// ProjectionExpressions: document paths of names, without elements of lists.
#pragma once

#include <string_view>
#include <vector>

#include "fake_dynamodb/expression_scope.h"
#include "fake_dynamodb/service_error.h"
#include "fake_dynamodb/stored_item.h"

namespace sumac::fake_dynamodb {

// Refuses as the service does; what it leaves unused in `scope` is for the caller to refuse.
Answer<std::vector<AttributePath>> ParseProjection(std::string_view expression,
                                                   ExpressionScope& scope);

}  // namespace sumac::fake_dynamodb
