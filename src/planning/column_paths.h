// The columns, fields and elements that a bound expression is of. Internal to planning/.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <duckdb/planner/expression/bound_function_expression.hpp>

#include "planning/filter_translation.h"

namespace sumac::planning {

// Null when it is none.
const duckdb::Value* ConstantOf(const duckdb::Expression& expression);

// Of one filter: holds references.
class ColumnPaths {
 public:
  ColumnPaths(const items::ItemSchema& schema, const std::vector<dynamodb::KeyAttribute>& keys,
              const ColumnOf& column_of)
      : schema_(schema), keys_(keys), column_of_(column_of) {}

  // The column, or field or element of one, that `expression` is, perhaps cast without loss.
  std::optional<ColumnPath> Of(const duckdb::Expression& expression) const;

 private:
  std::optional<ColumnPath> FieldOf(const duckdb::BoundFunctionExpression& function) const;
  // An element of a list by its number, from 1.
  std::optional<ColumnPath> ElementOf(const duckdb::BoundFunctionExpression& function) const;
  const char* KeyTypeOf(const std::string& attribute) const;

  const items::ItemSchema& schema_;
  const std::vector<dynamodb::KeyAttribute>& keys_;
  const ColumnOf& column_of_;
};

}  // namespace sumac::planning
