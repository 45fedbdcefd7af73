// What a comparison of one column asks of the attribute that it holds.
//
// An attribute may have values of other types than the column shows, or values that do not fit it
// and are NULL in it, and DynamoDB compares by type. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <duckdb.hpp>

#include "dynamodb/condition.h"
#include "items/shape.h"

namespace sumac::planning {

// What DynamoDB can judge of a filter.
struct Translation {
  // True for every item whose row the filter is true for; absent when none narrows anything.
  std::optional<dynamodb::Condition> condition;
  // Whether it is true for no other item (absent: for every item), so that nothing is left to
  // filter.
  bool exact = false;
};

// A column, or a field of a nested one.
struct ColumnPath {
  dynamodb::AttributePath path;
  const items::Shape* shape = nullptr;
  // Of a key attribute, which has one type: "S", "N" or "B"; else null.
  const char* key_type = nullptr;
  // Where one of these holds the column is an element of a set, which has no path.
  std::vector<dynamodb::Condition> unreached;
};

// Each says where the filter is true, or with `truth` false where it is false, which is not where
// it is NULL. Constants are of the column's type, or of a type that it was widened to without loss.
Translation CompareCondition(const ColumnPath& column, dynamodb::Comparison comparison,
                             const duckdb::Value& constant, bool truth = true);
Translation InCondition(const ColumnPath& column, const std::vector<duckdb::Value>& constants,
                        bool truth = true);
Translation BeginsWithCondition(const ColumnPath& column, const std::string& prefix,
                                bool truth = true);
Translation EndsWithCondition(const ColumnPath& column, const std::string& suffix,
                              bool truth = true);
Translation ContainsCondition(const ColumnPath& column, const std::string& text, bool truth = true);
// LIKE: % is any text, _ any character.
Translation LikeCondition(const ColumnPath& column, const std::string& pattern, bool truth = true);
// Of a column that is a list: that it has the constant as an element.
Translation ListContainsCondition(const ColumnPath& column, const duckdb::Value& constant,
                                  bool truth = true);
enum class SizeOf { kCharacters, kBytes, kElements };
Translation CompareSizeCondition(const ColumnPath& column, dynamodb::Comparison comparison,
                                 int64_t size, SizeOf size_of, bool truth = true);
// IS [NOT] DISTINCT FROM a constant that is not NULL: true or false, never NULL.
Translation DistinctCondition(const ColumnPath& column, const duckdb::Value& constant,
                              bool is_distinct);
Translation IsNullCondition(const ColumnPath& column, bool is_null = true);

}  // namespace sumac::planning
