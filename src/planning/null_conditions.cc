// Where a column is NULL: the attribute is missing, is NULL, or has a value that does not fit.
#include <cstring>

#include "planning/alternatives.h"
#include "planning/literal.h"

namespace sumac::planning {
namespace {

using dynamodb::Comparison;
using dynamodb::Condition;
using items::Encoding;

Condition HasOneOf(const ColumnPath& column, std::initializer_list<const char*> types) {
  std::vector<Condition> any;
  for (const char* type : types) any.push_back(Condition::HasType(column.path, type));
  return Condition::Any(std::move(any));
}

// Types that the column shows nothing of, where it shows all values of all others.
std::optional<Condition> HasTypeNotShown(const ColumnPath& column) {
  switch (column.shape->encoding) {
    case Encoding::kText:
      return HasOneOf(column, {"NULL", "M", "L", "SS", "NS", "BS"});
    case Encoding::kTextOrJson:
    case Encoding::kJson:
      return HasOneOf(column, {"NULL"});
    default:
      return std::nullopt;
  }
}

// Where the column has a value, for the others. dynalite finds no false and no empty bytes by their
// type, only by their value.
Translation HasValue(const ColumnPath& column) {
  const auto equal = [&column](std::string literal) {
    return Condition::Compare(column.path, Comparison::kEqual, std::move(literal));
  };
  const auto& shape = *column.shape;
  switch (shape.encoding) {
    case Encoding::kBoolean: {
      std::vector<Condition> any{equal(BooleanLiteral(true)), equal(BooleanLiteral(false))};
      if (shape.from_text) {
        any.push_back(equal(StringLiteral("true")));
        any.push_back(equal(StringLiteral("false")));
      }
      return {Condition::Any(std::move(any)), true};
    }
    case Encoding::kString:
      // One that is longer than a key can be is not shown.
      return {HasOneOf(column, {"S"}), false};
    case Encoding::kBinary:
      return {Condition::Any({Condition::HasType(column.path, "B"), equal(BinaryLiteral(""))}),
              true};
    case Encoding::kList:
      return {HasOneOf(column, {"L", "SS", "NS", "BS"}), true};
    case Encoding::kStruct:
    case Encoding::kMap:
      return {HasOneOf(column, {"M"}), true};
    case Encoding::kDate:
    case Encoding::kTimestamp:
      return {HasOneOf(column, {"S"}), false};
    case Encoding::kNearestDouble:
      if (shape.from_text) return {HasOneOf(column, {"N", "S"}), false};
      return {HasOneOf(column, {"N"}), shape.type.id() == duckdb::LogicalTypeId::DOUBLE};
    default:
      if (shape.from_text) return {HasOneOf(column, {"N", "S"}), false};
      return {HasOneOf(column, {"N"}), false};
  }
}

// Whether every value that the key can have is shown.
bool ShowsAllOfKey(const ColumnPath& column) {
  switch (column.shape->encoding) {
    case Encoding::kText:
    case Encoding::kTextOrJson:
    case Encoding::kJson:
      return true;
    case Encoding::kBinary:
      return std::strcmp(column.key_type, "B") == 0;
    case Encoding::kNearestDouble:
      return std::strcmp(column.key_type, "N") == 0 &&
             column.shape->type.id() == duckdb::LogicalTypeId::DOUBLE;
    default:
      return false;
  }
}

}  // namespace

Translation IsNullCondition(const ColumnPath& column, bool is_null) {
  if (column.key_type != nullptr) return {std::nullopt, !is_null && ShowsAllOfKey(column)};
  if (auto not_shown = HasTypeNotShown(column)) {
    if (is_null) {
      return {Condition::Any({Condition::NotExists(column.path), *std::move(not_shown)}), true};
    }
    return {Condition::All({Condition::Exists(column.path), Condition::Not(*std::move(not_shown))}),
            true};
  }
  auto value = HasValue(column);
  if (!is_null) return value;
  // A value that does not fit is NULL as well.
  if (!value.exact) return {};
  return {Condition::Not(*std::move(value.condition)), true};
}

}  // namespace sumac::planning
