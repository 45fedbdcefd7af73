#include "planning/filter_translation.h"

#include <duckdb/planner/expression/bound_between_expression.hpp>
#include <duckdb/planner/expression/bound_cast_expression.hpp>
#include <duckdb/planner/expression/bound_columnref_expression.hpp>
#include <duckdb/planner/expression/bound_comparison_expression.hpp>
#include <duckdb/planner/expression/bound_conjunction_expression.hpp>
#include <duckdb/planner/expression/bound_constant_expression.hpp>
#include <duckdb/planner/expression/bound_function_expression.hpp>
#include <duckdb/planner/expression/bound_operator_expression.hpp>

#include "planning/column_conditions.h"

namespace sumac::planning {
namespace {

using duckdb::Expression;
using duckdb::ExpressionClass;
using duckdb::ExpressionType;
using dynamodb::Comparison;
using dynamodb::Condition;

// Deeper trees are not looked at.
constexpr int kDepthMax = 32;

std::optional<Comparison> ComparisonOf(ExpressionType type) {
  switch (type) {
    case ExpressionType::COMPARE_EQUAL:
      return Comparison::kEqual;
    case ExpressionType::COMPARE_NOTEQUAL:
      return Comparison::kNotEqual;
    case ExpressionType::COMPARE_LESSTHAN:
      return Comparison::kLess;
    case ExpressionType::COMPARE_LESSTHANOREQUALTO:
      return Comparison::kLessOrEqual;
    case ExpressionType::COMPARE_GREATERTHAN:
      return Comparison::kGreater;
    case ExpressionType::COMPARE_GREATERTHANOREQUALTO:
      return Comparison::kGreaterOrEqual;
    default:
      return std::nullopt;
  }
}

const duckdb::Value* ConstantOf(const Expression& expression) {
  if (expression.GetExpressionClass() != ExpressionClass::BOUND_CONSTANT) return nullptr;
  return &expression.Cast<duckdb::BoundConstantExpression>().value;
}

// Casts that keep every value and its order.
bool Widens(const duckdb::LogicalType& from, const duckdb::LogicalType& to) {
  const auto scale_of = [](const duckdb::LogicalType& type) -> int {
    if (type.IsIntegral()) return 0;
    return type.id() == duckdb::LogicalTypeId::DECIMAL ? duckdb::DecimalType::GetScale(type) : -1;
  };
  const int scale = scale_of(from);
  return scale >= 0 && scale_of(to) >= scale;
}

class Translator {
 public:
  Translator(const items::ItemSchema& schema, const std::vector<dynamodb::KeyAttribute>& keys,
             const ColumnOf& column_of)
      : schema_(schema), keys_(keys), column_of_(column_of) {}

  std::optional<Condition> Translate(const Expression& filter, int depth) const {
    if (depth > kDepthMax) return std::nullopt;
    switch (filter.GetExpressionClass()) {
      case ExpressionClass::BOUND_COMPARISON:
        return TranslateComparison(filter.Cast<duckdb::BoundComparisonExpression>());
      case ExpressionClass::BOUND_BETWEEN:
        return TranslateBetween(filter.Cast<duckdb::BoundBetweenExpression>());
      case ExpressionClass::BOUND_CONJUNCTION:
        return TranslateConjunction(filter.Cast<duckdb::BoundConjunctionExpression>(), depth);
      case ExpressionClass::BOUND_OPERATOR:
        return TranslateOperator(filter.Cast<duckdb::BoundOperatorExpression>());
      case ExpressionClass::BOUND_FUNCTION:
        return TranslateFunction(filter.Cast<duckdb::BoundFunctionExpression>());
      case ExpressionClass::BOUND_COLUMN_REF:
        return TranslateTruth(filter, true);
      default:
        return std::nullopt;
    }
  }

 private:
  // The column or field that `expression` is.
  std::optional<ColumnPath> PathOf(const Expression& expression) const {
    if (expression.GetExpressionClass() == ExpressionClass::BOUND_FUNCTION) {
      return FieldOf(expression.Cast<duckdb::BoundFunctionExpression>());
    }
    if (expression.GetExpressionClass() == ExpressionClass::BOUND_CAST) {
      const auto& cast = expression.Cast<duckdb::BoundCastExpression>();
      if (cast.try_cast || !Widens(cast.child->return_type, cast.return_type)) return std::nullopt;
      return PathOf(*cast.child);
    }
    if (expression.GetExpressionClass() != ExpressionClass::BOUND_COLUMN_REF) return std::nullopt;
    const auto& reference = expression.Cast<duckdb::BoundColumnRefExpression>();
    const auto index = column_of_(reference.binding);
    if (!index || *index >= schema_.columns.size()) return std::nullopt;
    const auto& column = schema_.columns[*index];
    if (column.catch_all) return std::nullopt;
    ColumnPath path;
    path.path = {column.attribute_name};
    path.path.insert(path.path.end(), column.path.begin(), column.path.end());
    path.shape = &column.shape;
    if (column.path.empty()) path.key_type = KeyTypeOf(column.attribute_name);
    return path;
  }

  std::optional<ColumnPath> FieldOf(const duckdb::BoundFunctionExpression& function) const {
    if (function.function.name != "struct_extract" || function.children.size() != 2) {
      return std::nullopt;
    }
    auto path = PathOf(*function.children[0]);
    const auto* name = ConstantOf(*function.children[1]);
    if (!path || name == nullptr || name->IsNull() ||
        name->type().id() != duckdb::LogicalTypeId::VARCHAR ||
        path->shape->encoding != items::Encoding::kStruct) {
      return std::nullopt;
    }
    for (const auto& field : path->shape->fields) {
      if (!duckdb::StringUtil::CIEquals(field.sql_name, duckdb::StringValue::Get(*name))) continue;
      path->path.push_back(field.attribute_name);
      path->shape = &field.shape;
      path->key_type = nullptr;
      return path;
    }
    return std::nullopt;
  }

  const char* KeyTypeOf(const std::string& attribute) const {
    for (const auto& key : keys_) {
      if (key.name != attribute) continue;
      switch (key.type) {
        case dynamodb::KeyType::kString:
          return "S";
        case dynamodb::KeyType::kNumber:
          return "N";
        case dynamodb::KeyType::kBinary:
          return "B";
      }
    }
    return nullptr;
  }

  std::optional<Condition> TranslateComparison(
      const duckdb::BoundComparisonExpression& comparison) const {
    const Expression* column = comparison.left.get();
    const Expression* constant = comparison.right.get();
    auto type = comparison.GetExpressionType();
    if (ConstantOf(*column) != nullptr) {
      std::swap(column, constant);
      type = duckdb::FlipComparisonExpression(type);
    }
    const auto* value = ConstantOf(*constant);
    const auto operation = ComparisonOf(type);
    if (value == nullptr || !operation) return std::nullopt;
    const auto path = PathOf(*column);
    return path ? CompareCondition(*path, *operation, *value) : std::nullopt;
  }

  std::optional<Condition> TranslateBetween(const duckdb::BoundBetweenExpression& between) const {
    const auto path = PathOf(*between.input);
    const auto* lower = ConstantOf(*between.lower);
    const auto* upper = ConstantOf(*between.upper);
    if (!path) return std::nullopt;
    std::vector<Condition> all;
    if (lower != nullptr) {
      auto bound = CompareCondition(
          *path, between.lower_inclusive ? Comparison::kGreaterOrEqual : Comparison::kGreater,
          *lower);
      if (bound) all.push_back(*std::move(bound));
    }
    if (upper != nullptr) {
      auto bound = CompareCondition(
          *path, between.upper_inclusive ? Comparison::kLessOrEqual : Comparison::kLess, *upper);
      if (bound) all.push_back(*std::move(bound));
    }
    if (all.empty()) return std::nullopt;
    return Condition::All(std::move(all));
  }

  std::optional<Condition> TranslateConjunction(
      const duckdb::BoundConjunctionExpression& conjunction, int depth) const {
    const bool all = conjunction.GetExpressionType() == ExpressionType::CONJUNCTION_AND;
    std::vector<Condition> parts;
    for (const auto& child : conjunction.children) {
      auto part = Translate(*child, depth + 1);
      if (part) {
        parts.push_back(*std::move(part));
      } else if (!all) {
        // It may be true for any item.
        return std::nullopt;
      }
    }
    if (parts.empty()) return std::nullopt;
    return all ? Condition::All(std::move(parts)) : Condition::Any(std::move(parts));
  }

  std::optional<Condition> TranslateOperator(
      const duckdb::BoundOperatorExpression& operation) const {
    const auto type = operation.GetExpressionType();
    if (type == ExpressionType::OPERATOR_NOT) {
      return TranslateTruth(*operation.children[0], false);
    }
    const auto path = PathOf(*operation.children[0]);
    if (!path) return std::nullopt;
    switch (type) {
      case ExpressionType::OPERATOR_IS_NULL:
        return IsNullCondition(*path);
      case ExpressionType::OPERATOR_IS_NOT_NULL:
        return IsNotNullCondition(*path);
      case ExpressionType::COMPARE_IN: {
        std::vector<duckdb::Value> values;
        for (size_t i = 1; i < operation.children.size(); ++i) {
          const auto* value = ConstantOf(*operation.children[i]);
          if (value == nullptr) return std::nullopt;
          values.push_back(*value);
        }
        return InCondition(*path, values);
      }
      default:
        return std::nullopt;
    }
  }

  // A column of booleans that is a filter by itself.
  std::optional<Condition> TranslateTruth(const Expression& column, bool truth) const {
    if (column.return_type.id() != duckdb::LogicalTypeId::BOOLEAN) return std::nullopt;
    const auto path = PathOf(column);
    if (!path) return std::nullopt;
    return CompareCondition(*path, Comparison::kEqual, duckdb::Value::BOOLEAN(truth));
  }

  std::optional<Condition> TranslateFunction(
      const duckdb::BoundFunctionExpression& function) const {
    const auto& name = function.function.name;
    if (name == "struct_extract") return TranslateTruth(function, true);
    const bool begins = name == "prefix" || name == "starts_with" || name == "^@";
    if ((!begins && name != "contains") || function.children.size() != 2) return std::nullopt;
    const auto path = PathOf(*function.children[0]);
    const auto* text = ConstantOf(*function.children[1]);
    if (!path || text == nullptr || text->IsNull() ||
        text->type().id() != duckdb::LogicalTypeId::VARCHAR) {
      return std::nullopt;
    }
    const auto& wanted = duckdb::StringValue::Get(*text);
    return begins ? BeginsWithCondition(*path, wanted) : ContainsCondition(*path, wanted);
  }

  const items::ItemSchema& schema_;
  const std::vector<dynamodb::KeyAttribute>& keys_;
  const ColumnOf& column_of_;
};

}  // namespace

std::optional<Condition> TranslateFilter(const Expression& filter, const items::ItemSchema& schema,
                                         const std::vector<dynamodb::KeyAttribute>& keys,
                                         const ColumnOf& column_of) {
  return Translator(schema, keys, column_of).Translate(filter, 0);
}

}  // namespace sumac::planning
