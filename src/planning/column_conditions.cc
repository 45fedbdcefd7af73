#include "planning/column_conditions.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <unordered_set>

#include "dynamodb/expression_limits.h"
#include "planning/literal.h"

namespace sumac::planning {
namespace {

using dynamodb::Comparison;
using dynamodb::Condition;
using items::Encoding;

// dynalite finds these by equality only: not by type, and not by IN.
bool IsOverlookedByEmulators(const std::string& literal) {
  return literal == StringLiteral("") || literal == BooleanLiteral(false);
}

bool IsText(const items::Shape& shape) {
  return shape.encoding == Encoding::kText || shape.encoding == Encoding::kString ||
         shape.encoding == Encoding::kTextOrJson;
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

// Whatever of other types a column of text shows as text, or a column of numbers reads from it.
void AddOtherTypes(const ColumnPath& column, std::vector<Condition>& any) {
  if (column.key_type != nullptr) return;
  const auto add = [&](std::initializer_list<const char*> types) {
    for (const char* type : types) any.push_back(Condition::HasType(column.path, type));
  };
  const auto& shape = *column.shape;
  if (shape.encoding == Encoding::kString) return;
  if (IsText(shape)) {
    add({"N", "B"});
    for (const bool value : {true, false}) {
      any.push_back(Condition::Compare(column.path, Comparison::kEqual, BooleanLiteral(value)));
    }
  }
  if (shape.encoding == Encoding::kTextOrJson) add({"M", "L", "SS", "NS", "BS"});
  if (!IsText(shape) && shape.from_text) add({"S"});
}

// The literals of other types that a text is the text of.
std::vector<std::string> LiteralsOfText(const ColumnPath& column, const std::string& text) {
  std::vector<std::string> literals;
  if (column.shape->encoding == Encoding::kString) return {StringLiteral(text)};
  const auto is_key_of = [&](const char* type) {
    return column.key_type == nullptr || std::strcmp(column.key_type, type) == 0;
  };
  if (is_key_of("S")) literals.push_back(StringLiteral(text));
  if (is_key_of("N")) {
    if (auto number = NumberLiteralOfText(text)) literals.push_back(*std::move(number));
  }
  if (is_key_of("B")) {
    if (auto binary = BinaryLiteralOfBase64(text)) literals.push_back(*std::move(binary));
  }
  if (column.key_type == nullptr && (text == "true" || text == "false")) {
    literals.push_back(BooleanLiteral(text == "true"));
  }
  return literals;
}

// Nested values are shown as JSON.
void AddNestedTypesOf(const ColumnPath& column, const std::string& text,
                      std::vector<Condition>& any) {
  if (column.shape->encoding != Encoding::kTextOrJson || text.empty()) return;
  if (text[0] == '{') any.push_back(Condition::HasType(column.path, "M"));
  if (text[0] != '[') return;
  for (const char* type : {"L", "SS", "NS", "BS"}) {
    any.push_back(Condition::HasType(column.path, type));
  }
}

std::optional<Condition> CompareText(const ColumnPath& column, Comparison comparison,
                                     const std::string& text) {
  std::vector<Condition> any;
  if (comparison == Comparison::kEqual) {
    for (auto& literal : LiteralsOfText(column, text)) {
      any.push_back(Condition::Compare(column.path, comparison, std::move(literal)));
    }
    AddNestedTypesOf(column, text, any);
    // A key of another type is never equal; what is left of it is for whoever asks.
    if (any.empty()) return std::nullopt;
    return Condition::Any(std::move(any));
  }
  // Numbers and bytes are not in the order of their text.
  if (column.key_type != nullptr && std::strcmp(column.key_type, "S") != 0) return std::nullopt;
  any.push_back(Condition::Compare(column.path, comparison, StringLiteral(text)));
  // What has another type is not equal to a string in DynamoDB either.
  if (comparison != Comparison::kNotEqual) AddOtherTypes(column, any);
  return Condition::Any(std::move(any));
}

std::optional<Condition> CompareNumber(const ColumnPath& column, Comparison comparison,
                                       const duckdb::Value& constant) {
  auto literal = NumberLiteral(constant);
  if (!literal) return std::nullopt;
  std::vector<Condition> any;
  any.push_back(Condition::Compare(column.path, comparison, *std::move(literal)));
  if (comparison != Comparison::kNotEqual) AddOtherTypes(column, any);
  return Condition::Any(std::move(any));
}

// A double that was rounded stands for any number up to the next double on either side.
std::optional<Condition> CompareRounded(const ColumnPath& column, Comparison comparison,
                                        const duckdb::Value& constant) {
  if (column.shape->type.id() != duckdb::LogicalTypeId::DOUBLE || constant.IsNull() ||
      constant.type().id() != duckdb::LogicalTypeId::DOUBLE) {
    return std::nullopt;
  }
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  const double value = constant.GetValue<double>();
  const auto lower = NumberLiteral(duckdb::Value::DOUBLE(std::nextafter(value, -kInfinity)));
  const auto upper = NumberLiteral(duckdb::Value::DOUBLE(std::nextafter(value, kInfinity)));
  if (!lower || !upper) return std::nullopt;
  std::vector<Condition> any;
  switch (comparison) {
    case Comparison::kEqual:
      any.push_back(Condition::Between(column.path, *lower, *upper));
      break;
    case Comparison::kLess:
    case Comparison::kLessOrEqual:
      any.push_back(Condition::Compare(column.path, Comparison::kLessOrEqual, *upper));
      break;
    case Comparison::kGreater:
    case Comparison::kGreaterOrEqual:
      any.push_back(Condition::Compare(column.path, Comparison::kGreaterOrEqual, *lower));
      break;
    case Comparison::kNotEqual:
      return std::nullopt;
  }
  AddOtherTypes(column, any);
  return Condition::Any(std::move(any));
}

std::optional<Condition> CompareBoolean(const ColumnPath& column, Comparison comparison,
                                        const duckdb::Value& constant) {
  if (comparison != Comparison::kEqual && comparison != Comparison::kNotEqual) return std::nullopt;
  std::vector<Condition> any;
  any.push_back(
      Condition::Compare(column.path, comparison, BooleanLiteral(constant.GetValue<bool>())));
  if (comparison == Comparison::kEqual) AddOtherTypes(column, any);
  return Condition::Any(std::move(any));
}

}  // namespace

std::optional<Condition> CompareCondition(const ColumnPath& column, Comparison comparison,
                                          const duckdb::Value& constant) {
  if (constant.IsNull()) return std::nullopt;
  const auto& shape = *column.shape;
  const auto type = constant.type().id();
  if (IsText(shape) && type == duckdb::LogicalTypeId::VARCHAR) {
    return CompareText(column, comparison, duckdb::StringValue::Get(constant));
  }
  if (IsExactNumber(shape)) return CompareNumber(column, comparison, constant);
  switch (shape.encoding) {
    case Encoding::kNearestDouble:
      return CompareRounded(column, comparison, constant);
    case Encoding::kBoolean:
      if (type != duckdb::LogicalTypeId::BOOLEAN) return std::nullopt;
      return CompareBoolean(column, comparison, constant);
    case Encoding::kBinary:
      if (type != duckdb::LogicalTypeId::BLOB) return std::nullopt;
      return Condition::Compare(column.path, comparison,
                                BinaryLiteral(duckdb::StringValue::Get(constant)));
    default:
      return std::nullopt;
  }
}

std::optional<Condition> InCondition(const ColumnPath& column,
                                     const std::vector<duckdb::Value>& constants) {
  std::vector<std::string> literals;
  std::unordered_set<std::string> seen;
  std::vector<Condition> any;
  for (const auto& constant : constants) {
    // Nothing equals it.
    if (constant.IsNull()) continue;
    const auto one = CompareCondition(column, Comparison::kEqual, constant);
    if (!one) return std::nullopt;
    const auto& parts = one->kind == Condition::Kind::kAny ? one->parts : std::vector{*one};
    for (const auto& part : parts) {
      if (part.kind == Condition::Kind::kCompare && !IsOverlookedByEmulators(part.values[0])) {
        if (seen.insert(part.values[0]).second) literals.push_back(part.values[0]);
      } else if (std::find(any.begin(), any.end(), part) == any.end()) {
        any.push_back(part);
      }
    }
  }
  for (size_t i = 0; i < literals.size(); i += dynamodb::kInOperandsMax) {
    const size_t end = std::min(literals.size(), i + dynamodb::kInOperandsMax);
    any.push_back(
        Condition::In(column.path, {literals.begin() + static_cast<std::ptrdiff_t>(i),
                                    literals.begin() + static_cast<std::ptrdiff_t>(end)}));
  }
  if (any.empty()) return std::nullopt;
  return Condition::Any(std::move(any));
}

std::optional<Condition> BeginsWithCondition(const ColumnPath& column, const std::string& prefix) {
  if (!IsText(*column.shape) || prefix.empty()) return std::nullopt;
  if (column.key_type != nullptr && std::strcmp(column.key_type, "S") != 0) return std::nullopt;
  std::vector<Condition> any{Condition::BeginsWith(column.path, StringLiteral(prefix))};
  AddOtherTypes(column, any);
  return Condition::Any(std::move(any));
}

std::optional<Condition> ContainsCondition(const ColumnPath& column, const std::string& text) {
  if (!IsText(*column.shape) || text.empty()) return std::nullopt;
  if (column.key_type != nullptr && std::strcmp(column.key_type, "S") != 0) return std::nullopt;
  std::vector<Condition> any{Condition::Contains(column.path, StringLiteral(text))};
  AddOtherTypes(column, any);
  return Condition::Any(std::move(any));
}

std::optional<Condition> IsNullCondition(const ColumnPath& column) {
  if (column.key_type != nullptr) return std::nullopt;
  // Where all values of a type fit, what has that type is not NULL.
  switch (column.shape->encoding) {
    case Encoding::kText:
    case Encoding::kString:
      return Condition::Not(Condition::HasType(column.path, "S"));
    case Encoding::kBoolean:
      return Condition::Not(Condition::HasType(column.path, "BOOL"));
    case Encoding::kBinary:
      return Condition::Not(Condition::HasType(column.path, "B"));
    case Encoding::kTextOrJson:
    case Encoding::kJson:
      return Condition::Any(
          {Condition::NotExists(column.path), Condition::HasType(column.path, "NULL")});
    default:
      return std::nullopt;
  }
}

std::optional<Condition> IsNotNullCondition(const ColumnPath& column) {
  if (column.key_type != nullptr) return std::nullopt;
  return Condition::Exists(column.path);
}

}  // namespace sumac::planning
