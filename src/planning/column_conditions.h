// What a comparison of one column asks of the attribute that it holds.
//
// A condition here is true for every item whose row the comparison is true for, and may be true for
// others: an attribute may have values of other types than the column shows, and DynamoDB compares
// by type. DuckDB judges the rows that come back once more. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <duckdb.hpp>

#include "dynamodb/condition.h"
#include "items/shape.h"

namespace sumac::planning {

// A column, or a field of a nested one.
struct ColumnPath {
  dynamodb::AttributePath path;
  const items::Shape* shape = nullptr;
  // Of a key attribute, which has one type: "S", "N" or "B"; else null.
  const char* key_type = nullptr;
};

// Each returns nothing when there is no condition that narrows anything. Constants are of the
// column's type, or of a type that it was widened to without loss.
std::optional<dynamodb::Condition> CompareCondition(const ColumnPath& column,
                                                    dynamodb::Comparison comparison,
                                                    const duckdb::Value& constant);
std::optional<dynamodb::Condition> InCondition(const ColumnPath& column,
                                               const std::vector<duckdb::Value>& constants);
std::optional<dynamodb::Condition> BeginsWithCondition(const ColumnPath& column,
                                                       const std::string& prefix);
std::optional<dynamodb::Condition> ContainsCondition(const ColumnPath& column,
                                                     const std::string& text);
std::optional<dynamodb::Condition> IsNullCondition(const ColumnPath& column);
std::optional<dynamodb::Condition> IsNotNullCondition(const ColumnPath& column);

}  // namespace sumac::planning
