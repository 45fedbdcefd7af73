#include "planning/column_conditions.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <unordered_set>

#include "dynamodb/expression_limits.h"
#include "planning/alternatives.h"
#include "planning/key_sets.h"
#include "planning/literal.h"

namespace sumac::planning {
namespace {

using duckdb::LogicalTypeId;
using dynamodb::Comparison;
using dynamodb::Condition;
using items::Encoding;

// dynalite finds these by equality only: not by type, and not by IN.
bool IsOverlookedByEmulators(const std::string& literal) {
  return literal == StringLiteral("") || literal == BooleanLiteral(false) ||
         literal == BinaryLiteral("");
}

bool IsExactNumber(const items::Shape& shape) {
  switch (shape.encoding) {
    case Encoding::kBigint:
    case Encoding::kInteger:
    case Encoding::kDouble:
    case Encoding::kDecimal:
      return true;
    default:
      return false;
  }
}

// Whether a column of numbers can have this value.
bool CanBe(const items::Shape& shape, const duckdb::Value& constant, const std::string& literal) {
  duckdb::Value own;
  std::string error;
  if (!constant.DefaultTryCastAs(shape.type, own, &error, true)) return false;
  const auto own_literal = NumberLiteral(own);
  return own_literal && CompareLiterals(literal, *own_literal) == 0;
}

// Of the numbers that DynamoDB compares, those that do not fit the column are NULL in it.
Alternatives CompareNumber(const ColumnPath& column, Comparison comparison,
                           const duckdb::Value& constant) {
  Alternatives any;
  const auto literal = NumberLiteral(constant);
  if (literal && MayHave(column, "N")) {
    auto compare = Condition::Compare(column.path, comparison, *literal);
    if (comparison == Comparison::kEqual && CanBe(*column.shape, constant, *literal)) {
      any.Sure(std::move(compare));
    } else {
      any.Perhaps(std::move(compare));
    }
  } else if (MayHave(column, "N")) {
    any.Perhaps(Condition::HasType(column.path, "N"));
  }
  if (column.shape->from_text && MayHave(column, "S")) {
    any.Perhaps(Condition::HasType(column.path, "S"));
  }
  return any;
}

// The numbers next to a constant of a column that rounds; nothing at the ends.
template <typename T>
std::optional<std::pair<std::string, std::string>> Neighbours(T value) {
  constexpr T kInfinity = std::numeric_limits<T>::infinity();
  const auto lower = NumberLiteral(duckdb::Value::DOUBLE(std::nextafter(value, -kInfinity)));
  const auto upper = NumberLiteral(duckdb::Value::DOUBLE(std::nextafter(value, kInfinity)));
  if (!lower || !upper) return std::nullopt;
  return std::pair(*lower, *upper);
}

// A number that was rounded stands for any up to the next one on either side.
Alternatives CompareRounded(const ColumnPath& column, Comparison comparison,
                            const duckdb::Value& constant) {
  Alternatives any;
  std::optional<std::pair<std::string, std::string>> bounds;
  const auto type = column.shape->type.id();
  if (constant.type().id() == type && type == LogicalTypeId::DOUBLE) {
    bounds = Neighbours(constant.GetValue<double>());
  } else if (constant.type().id() == type && type == LogicalTypeId::FLOAT) {
    bounds = Neighbours(constant.GetValue<float>());
  }
  if (!MayHave(column, "N")) {
    // Only text.
  } else if (!bounds) {
    any.Perhaps(Condition::HasType(column.path, "N"));
  } else if (comparison == Comparison::kEqual) {
    any.Perhaps(Condition::Between(column.path, bounds->first, bounds->second));
  } else if (Holds(-1, comparison)) {
    any.Perhaps(Condition::Compare(column.path, Comparison::kLessOrEqual, bounds->second));
  } else {
    any.Perhaps(Condition::Compare(column.path, Comparison::kGreaterOrEqual, bounds->first));
  }
  if (column.shape->from_text && MayHave(column, "S")) {
    any.Perhaps(Condition::HasType(column.path, "S"));
  }
  return any;
}

Alternatives CompareBoolean(const ColumnPath& column, Comparison comparison, bool constant) {
  Alternatives any;
  const auto equal = [&column](std::string literal) {
    return Condition::Compare(column.path, Comparison::kEqual, std::move(literal));
  };
  for (const bool value : {false, true}) {
    if (!Holds(static_cast<int>(value) - static_cast<int>(constant), comparison)) continue;
    if (MayHave(column, "BOOL")) any.Sure(equal(BooleanLiteral(value)));
    if (column.shape->from_text && MayHave(column, "S")) {
      any.Sure(equal(StringLiteral(value ? "true" : "false")));
    }
  }
  return any;
}

Alternatives CompareBinary(const ColumnPath& column, Comparison comparison,
                           const std::string& bytes) {
  Alternatives any;
  if (!MayHave(column, "B")) return any;
  const auto literal = BinaryLiteral(bytes);
  if (comparison == Comparison::kNotEqual) {
    // What is of another type is neither.
    any.Sure(Condition::Compare(column.path, Comparison::kLess, literal));
    any.Sure(Condition::Compare(column.path, Comparison::kGreater, literal));
  } else {
    any.Sure(Condition::Compare(column.path, comparison, literal));
  }
  return any;
}

// Microseconds since 1970-01-01 of a date or time that a column of `type` is compared with.
std::optional<int64_t> MicrosecondsOf(const duckdb::LogicalType& type,
                                      const duckdb::Value& constant) {
  // Far from where adding a day would overflow.
  constexpr int64_t kMicrosecondsMax = 8'000'000'000'000'000'000;
  constexpr int64_t kMicrosecondsPerDay = 86'400'000'000;
  if (constant.type().id() == LogicalTypeId::DATE && type.id() == LogicalTypeId::DATE) {
    const int64_t days = constant.GetValue<duckdb::date_t>().days;
    if (std::abs(days) > kMicrosecondsMax / kMicrosecondsPerDay) return std::nullopt;
    return days * kMicrosecondsPerDay;
  }
  const bool is_day = type.id() == LogicalTypeId::DATE;
  if (constant.type().id() != (is_day ? LogicalTypeId::TIMESTAMP : type.id())) return std::nullopt;
  const int64_t microseconds = constant.GetValueUnsafe<duckdb::timestamp_t>().value;
  const bool is_near = microseconds > -kMicrosecondsMax && microseconds < kMicrosecondsMax;
  return is_near ? std::optional(microseconds) : std::nullopt;
}

// Equalities with scalars as one IN for each hundred of them.
std::vector<Condition> WithIn(const ColumnPath& column, const std::vector<Condition>& equalities) {
  std::vector<std::string> literals;
  std::unordered_set<std::string> seen;
  std::vector<Condition> any;
  for (const auto& part : equalities) {
    if (part.kind == Condition::Kind::kCompare && part.comparison == Comparison::kEqual &&
        !IsOverlookedByEmulators(part.values[0])) {
      if (seen.insert(part.values[0]).second) literals.push_back(part.values[0]);
    } else if (std::find(any.begin(), any.end(), part) == any.end()) {
      any.push_back(part);
    }
  }
  for (size_t i = 0; i < literals.size(); i += dynamodb::kInOperandsMax) {
    const size_t end = std::min(literals.size(), i + dynamodb::kInOperandsMax);
    any.push_back(
        Condition::In(column.path, {literals.begin() + static_cast<std::ptrdiff_t>(i),
                                    literals.begin() + static_cast<std::ptrdiff_t>(end)}));
  }
  return any;
}

// Not one of these.
Condition Without(std::vector<Condition> conditions) {
  auto any = Condition::Any(std::move(conditions));
  if (any.kind == Condition::Kind::kCompare && any.comparison == Comparison::kEqual) {
    any.comparison = Comparison::kNotEqual;
    return any;
  }
  return Condition::Not(std::move(any));
}

}  // namespace

bool MayHave(const ColumnPath& column, const char* type) {
  if (column.shape->encoding == Encoding::kString) return std::strcmp(type, "S") == 0;
  return column.key_type == nullptr || std::strcmp(column.key_type, type) == 0;
}

bool IsText(const items::Shape& shape) {
  return shape.encoding == Encoding::kText || shape.encoding == Encoding::kString ||
         shape.encoding == Encoding::kTextOrJson;
}

Comparison Opposite(Comparison comparison) {
  switch (comparison) {
    case Comparison::kEqual:
      return Comparison::kNotEqual;
    case Comparison::kNotEqual:
      return Comparison::kEqual;
    case Comparison::kLess:
      return Comparison::kGreaterOrEqual;
    case Comparison::kLessOrEqual:
      return Comparison::kGreater;
    case Comparison::kGreater:
      return Comparison::kLessOrEqual;
    case Comparison::kGreaterOrEqual:
      return Comparison::kLess;
  }
  return comparison;
}

std::optional<Alternatives> AlternativesOf(const ColumnPath& column, Comparison comparison,
                                           const duckdb::Value& constant) {
  const auto& shape = *column.shape;
  const auto type = constant.type().id();
  if (constant.IsNull()) return std::nullopt;
  if (IsText(shape)) {
    if (type != LogicalTypeId::VARCHAR) return std::nullopt;
    return CompareText(column, comparison, duckdb::StringValue::Get(constant));
  }
  if (IsExactNumber(shape)) {
    if (!constant.type().IsNumeric()) return std::nullopt;
    return CompareNumber(column, comparison, constant);
  }
  switch (shape.encoding) {
    case Encoding::kNearestDouble:
      return CompareRounded(column, comparison, constant);
    case Encoding::kBoolean:
      if (type != LogicalTypeId::BOOLEAN) return std::nullopt;
      return CompareBoolean(column, comparison, constant.GetValue<bool>());
    case Encoding::kBinary:
      if (type != LogicalTypeId::BLOB) return std::nullopt;
      return CompareBinary(column, comparison, duckdb::StringValue::Get(constant));
    case Encoding::kDate:
    case Encoding::kTimestamp: {
      const auto microseconds = MicrosecondsOf(shape.type, constant);
      if (!microseconds) return std::nullopt;
      return CompareTime(column, comparison, *microseconds);
    }
    default:
      return std::nullopt;
  }
}

bool Holds(int order, Comparison comparison) {
  switch (comparison) {
    case Comparison::kEqual:
      return order == 0;
    case Comparison::kNotEqual:
      return order != 0;
    case Comparison::kLess:
      return order < 0;
    case Comparison::kLessOrEqual:
      return order <= 0;
    case Comparison::kGreater:
      return order > 0;
    case Comparison::kGreaterOrEqual:
      return order >= 0;
  }
  return false;
}

Translation TranslationOf(const ColumnPath& column, const Alternatives& alternatives, bool truth) {
  const bool exact = alternatives.perhaps.empty();
  if (truth) {
    auto any = alternatives.sure;
    any.insert(any.end(), alternatives.perhaps.begin(), alternatives.perhaps.end());
    // It is never true; no condition says so.
    if (any.empty()) return {};
    const auto is_type = [](const Condition& one) { return one.kind == Condition::Kind::kHasType; };
    // A key always has its type.
    if (column.key_type != nullptr && std::any_of(any.begin(), any.end(), is_type)) {
      return {std::nullopt, exact};
    }
    auto condition = Condition::Any(std::move(any));
    if (alternatives.guard) {
      condition = Condition::All({std::move(condition), *alternatives.guard});
    }
    return {std::move(condition), exact};
  }
  auto not_null = IsNullCondition(column, false);
  if (alternatives.sure.empty()) {
    not_null.exact = not_null.exact && exact;
    return not_null;
  }
  std::vector<Condition> all;
  all.push_back(Without(alternatives.sure));
  if (not_null.condition) all.push_back(*std::move(not_null.condition));
  return {Condition::All(std::move(all)), not_null.exact && exact};
}

Translation CompareCondition(const ColumnPath& column, Comparison comparison,
                             const duckdb::Value& constant, bool truth) {
  if (!truth) comparison = Opposite(comparison);
  // Found as what is not equal, so that it is known how much else may be.
  const bool turned = comparison == Comparison::kNotEqual &&
                      column.shape->encoding != Encoding::kBoolean &&
                      column.shape->encoding != Encoding::kBinary;
  const auto any = AlternativesOf(column, turned ? Comparison::kEqual : comparison, constant);
  if (!any) return {};
  return TranslationOf(column, *any, !turned);
}

Translation InCondition(const ColumnPath& column, const std::vector<duckdb::Value>& constants,
                        bool truth) {
  Alternatives any;
  for (const auto& constant : constants) {
    if (constant.IsNull()) {
      // Nothing equals it, and whatever is not among the others is perhaps it.
      if (truth) continue;
      return {};
    }
    auto one = AlternativesOf(column, Comparison::kEqual, constant);
    if (!one) return {};
    any.sure.insert(any.sure.end(), one->sure.begin(), one->sure.end());
    any.perhaps.insert(any.perhaps.end(), one->perhaps.begin(), one->perhaps.end());
  }
  const bool exact = any.perhaps.empty();
  if (truth && !exact) {
    any.perhaps.insert(any.perhaps.begin(), any.sure.begin(), any.sure.end());
    any.sure.clear();
  }
  any.sure = WithIn(column, any.sure);
  any.perhaps = WithIn(column, any.perhaps);
  return TranslationOf(column, any, truth);
}

Translation BeginsWithCondition(const ColumnPath& column, const std::string& prefix, bool truth) {
  if (!IsText(*column.shape)) return {};
  if (prefix.empty()) return truth ? IsNullCondition(column, false) : Translation{};
  return TranslationOf(column, TextBeginsWith(column, prefix), truth);
}

Translation ContainsCondition(const ColumnPath& column, const std::string& text, bool truth) {
  if (!IsText(*column.shape)) return {};
  if (text.empty()) return truth ? IsNullCondition(column, false) : Translation{};
  return TranslationOf(column, TextContains(column, text), truth);
}

Translation EndsWithCondition(const ColumnPath& column, const std::string& suffix, bool truth) {
  if (!IsText(*column.shape)) return {};
  // What has the text, somewhere.
  auto any = TextContains(column, suffix);
  any.perhaps.insert(any.perhaps.begin(), any.sure.begin(), any.sure.end());
  any.sure.clear();
  return TranslationOf(column, any, truth);
}

Translation LikeCondition(const ColumnPath& column, const std::string& pattern, bool truth) {
  if (!IsText(*column.shape)) return {};
  const auto any = TextLike(column, pattern);
  if (!any.perhaps.empty()) return TranslationOf(column, any, truth);
  // Wildcards alone.
  return {IsNullCondition(column, false).condition, false};
}

Translation DistinctCondition(const ColumnPath& column, const duckdb::Value& constant,
                              bool is_distinct) {
  const auto any = AlternativesOf(column, Comparison::kEqual, constant);
  if (!any) return {};
  if (!is_distinct) return TranslationOf(column, *any, true);
  // NULL is distinct from the constant as well.
  if (any->sure.empty()) return {};
  return {Without(any->sure), any->perhaps.empty()};
}

}  // namespace sumac::planning
