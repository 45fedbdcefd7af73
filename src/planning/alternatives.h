// How a comparison of one column is put together, and turned round. Internal to planning/.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "planning/column_conditions.h"

namespace sumac::planning {

// What an attribute has to meet one of for a comparison of its column to be true.
struct Alternatives {
  // Where one of these holds the comparison is true.
  std::vector<dynamodb::Condition> sure;
  // Where it is true and none of `sure` holds, one of these does; they hold elsewhere too.
  std::vector<dynamodb::Condition> perhaps;
  // Holds wherever the column is not NULL; where it does not, `sure` says nothing. May be absent.
  std::optional<dynamodb::Condition> guard;

  void Sure(dynamodb::Condition condition) { sure.push_back(std::move(condition)); }
  void Perhaps(dynamodb::Condition condition) { perhaps.push_back(std::move(condition)); }
};

// Where the comparison is true (`truth`), or where it is false: where the column is not NULL and
// the comparison is not true.
Translation TranslationOf(const ColumnPath& column, const Alternatives& alternatives, bool truth);

// Whether the attribute can be of this type: it is no key of another.
bool MayHave(const ColumnPath& column, const char* type);

// The column's own encodings of text.
bool IsText(const items::Shape& shape);

// The comparisons of columns of text.
Alternatives CompareText(const ColumnPath& column, dynamodb::Comparison comparison,
                         const std::string& text);
Alternatives TextBeginsWith(const ColumnPath& column, const std::string& prefix);
Alternatives TextContains(const ColumnPath& column, const std::string& part);

Alternatives TextLike(const ColumnPath& column, const std::string& pattern);
// Of the characters (or with `of_bytes` bytes) of the text.
Alternatives CompareTextSize(const ColumnPath& column, dynamodb::Comparison comparison,
                             int64_t size, bool of_bytes);

// Of columns of dates and times; `microseconds` as TimeLayout reads them.
Alternatives CompareTime(const ColumnPath& column, dynamodb::Comparison comparison,
                         int64_t microseconds);

// Any comparison of a scalar but kNotEqual; nothing when the column cannot be compared with the
// constant.
std::optional<Alternatives> AlternativesOf(const ColumnPath& column,
                                           dynamodb::Comparison comparison,
                                           const duckdb::Value& constant);

// Where a comparison is false.
dynamodb::Comparison Opposite(dynamodb::Comparison comparison);

// Of two values in their order: whether the comparison of the first with the second is true.
bool Holds(int order, dynamodb::Comparison comparison);

}  // namespace sumac::planning
