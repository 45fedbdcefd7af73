// What the requests that read items have in common, read and validated as the service does, with
// its words.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <simdjson.h>

#include "fake_dynamodb/condition.h"
#include "fake_dynamodb/expression_scope.h"
#include "fake_dynamodb/service_error.h"
#include "fake_dynamodb/stored_item.h"

namespace sumac::fake_dynamodb {

enum class CapacityDetail { kNone, kTotal, kIndexes };

struct ReadParameters {
  std::string table_name;
  std::vector<AttributePath> projection;  // empty means all
  bool consistent_read = false;
  CapacityDetail capacity = CapacityDetail::kNone;
};

// Of a Scan or Query.
struct PageParameters : ReadParameters {
  std::string index_name;                   // empty: the table itself
  std::shared_ptr<const Condition> filter;  // null without one
  bool count_only = false;
  bool all_attributes = false;  // asked for, though it may be an index that is read
  std::optional<uint32_t> limit;
  std::string exclusive_start_key;  // JSON text; empty when absent
};

ServiceError NotJson();
// A parameter that is not what the service's model of it says.
ServiceError Constraint(std::string_view value, std::string_view member, std::string_view rule);

// A parameter that the fake does not know is refused loudly, so that no test passes because it was
// ignored.
std::optional<ServiceError> RefuseUnknown(simdjson::dom::object request, std::string_view operation,
                                          const std::vector<std::string_view>& known);

Answer<std::string> ReadTableName(simdjson::dom::object request);
Answer<std::optional<uint32_t>> ReadBoundedInteger(simdjson::dom::object request, const char* name,
                                                   std::string_view member, uint32_t smallest,
                                                   uint32_t largest);
Answer<bool> ReadFlag(simdjson::dom::object request, std::string_view name, bool otherwise);
Answer<CapacityDetail> ReadCapacityDetail(simdjson::dom::object request);
// Empty without a ProjectionExpression.
Answer<std::vector<AttributePath>> ReadProjection(simdjson::dom::object request,
                                                  ExpressionScope& scope);

// Fills all members of `parameters` but the table's name and the limit.
std::optional<ServiceError> ReadPageParameters(simdjson::dom::object request,
                                               ExpressionScope& scope, PageParameters& parameters);

}  // namespace sumac::fake_dynamodb
