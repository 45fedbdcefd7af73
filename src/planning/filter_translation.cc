#include "planning/filter_translation.h"

#include <algorithm>

#include <duckdb/planner/expression/bound_between_expression.hpp>
#include <duckdb/planner/expression/bound_comparison_expression.hpp>
#include <duckdb/planner/expression/bound_conjunction_expression.hpp>
#include <duckdb/planner/expression/bound_function_expression.hpp>
#include <duckdb/planner/expression/bound_operator_expression.hpp>

#include "planning/column_paths.h"

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

// What was found for an element of a list, where that may be of a set.
Translation Reaching(const ColumnPath& path, Translation translation) {
  if (path.unreached.empty()) return translation;
  if (!translation.condition) return {};
  auto any = path.unreached;
  any.insert(any.begin(), *std::move(translation.condition));
  return {Condition::Any(std::move(any)), false};
}

// Where all of them hold.
Translation AllOf(std::vector<Translation> parts) {
  std::vector<Condition> all;
  bool exact = true;
  for (auto& part : parts) {
    exact = exact && part.exact;
    if (part.condition) all.push_back(*std::move(part.condition));
  }
  if (all.empty()) return {std::nullopt, exact};
  return {Condition::All(std::move(all)), exact};
}

// Where one of them holds.
Translation AnyOf(std::vector<Translation> parts) {
  std::vector<Condition> any;
  bool exact = true;
  for (auto& part : parts) {
    // It may hold for any item, or does for all.
    if (!part.condition) return {std::nullopt, part.exact};
    exact = exact && part.exact;
    any.push_back(*std::move(part.condition));
  }
  return {Condition::Any(std::move(any)), exact};
}

class Translator {
 public:
  Translator(const items::ItemSchema& schema, const std::vector<dynamodb::KeyAttribute>& keys,
             const ColumnOf& column_of)
      : paths_(schema, keys, column_of) {}

  // Where the filter is true, or where it is false, which is not where it is NULL.
  Translation Translate(const Expression& filter, bool truth, int depth) const {
    if (depth > kDepthMax) return {};
    switch (filter.GetExpressionClass()) {
      case ExpressionClass::BOUND_COMPARISON:
        return TranslateComparison(filter.Cast<duckdb::BoundComparisonExpression>(), truth);
      case ExpressionClass::BOUND_BETWEEN:
        return TranslateBetween(filter.Cast<duckdb::BoundBetweenExpression>(), truth);
      case ExpressionClass::BOUND_CONJUNCTION:
        return TranslateConjunction(filter.Cast<duckdb::BoundConjunctionExpression>(), truth,
                                    depth);
      case ExpressionClass::BOUND_OPERATOR:
        return TranslateOperator(filter.Cast<duckdb::BoundOperatorExpression>(), truth, depth);
      case ExpressionClass::BOUND_FUNCTION:
        return TranslateFunction(filter.Cast<duckdb::BoundFunctionExpression>(), truth);
      case ExpressionClass::BOUND_COLUMN_REF:
        return TranslateTruth(filter, truth);
      default:
        return {};
    }
  }

 private:
  Translation TranslateComparison(const duckdb::BoundComparisonExpression& comparison,
                                  bool truth) const {
    const Expression* column = comparison.left.get();
    const Expression* constant = comparison.right.get();
    auto type = comparison.GetExpressionType();
    if (ConstantOf(*column) != nullptr) {
      std::swap(column, constant);
      type = duckdb::FlipComparisonExpression(type);
    }
    const auto* value = ConstantOf(*constant);
    if (value == nullptr) return {};
    const auto path = paths_.Of(*column);
    if (!path && IsRow(*column)) {
      return type == ExpressionType::COMPARE_EQUAL && truth ? EqualToRow(*column, *value)
                                                            : Translation{};
    }
    if (!path) return TranslateSize(*column, type, *value, truth);
    return Reaching(*path, TranslateComparisonOf(*path, type, *value, truth));
  }

  static Translation TranslateComparisonOf(const ColumnPath& path, ExpressionType type,
                                           const duckdb::Value& value, bool truth) {
    const bool is_distinct = type == ExpressionType::COMPARE_DISTINCT_FROM;
    if (is_distinct || type == ExpressionType::COMPARE_NOT_DISTINCT_FROM) {
      if (value.IsNull()) return IsNullCondition(path, is_distinct != truth);
      return DistinctCondition(path, value, is_distinct == truth);
    }
    const auto operation = ComparisonOf(type);
    return operation ? CompareCondition(path, *operation, value, truth) : Translation{};
  }

  // A comparison of how much is in a column.
  Translation TranslateSize(const Expression& size, ExpressionType type, const duckdb::Value& value,
                            bool truth) const {
    const auto operation = ComparisonOf(type);
    if (size.GetExpressionClass() != ExpressionClass::BOUND_FUNCTION || !operation ||
        value.IsNull() || !value.type().IsIntegral()) {
      return {};
    }
    const auto& function = size.Cast<duckdb::BoundFunctionExpression>();
    const auto& name = function.function.name;
    if (function.children.size() != 1) return {};
    const auto path = paths_.Of(*function.children[0]);
    duckdb::Value wide;
    std::string error;
    if (!path || !value.DefaultTryCastAs(duckdb::LogicalType::BIGINT, wide, &error)) return {};
    SizeOf size_of = SizeOf::kElements;
    if (name == "strlen" || name == "octet_length") {
      size_of = SizeOf::kBytes;
    } else if (name == "length" || name == "len" || name == "char_length" ||
               name == "character_length") {
      const bool is_text = path->shape->type.id() == duckdb::LogicalTypeId::VARCHAR;
      size_of = is_text ? SizeOf::kCharacters : SizeOf::kElements;
    } else if (name != "array_length" && name != "cardinality") {
      return {};
    }
    return Reaching(
        *path, CompareSizeCondition(*path, *operation, wide.GetValue<int64_t>(), size_of, truth));
  }

  Translation TranslateBetween(const duckdb::BoundBetweenExpression& between, bool truth) const {
    const auto path = paths_.Of(*between.input);
    if (!path) return {};
    const auto bound = [&](const Expression& expression, Comparison comparison) -> Translation {
      const auto* value = ConstantOf(expression);
      return value == nullptr ? Translation{} : CompareCondition(*path, comparison, *value, truth);
    };
    std::vector<Translation> bounds;
    bounds.push_back(bound(*between.lower, between.lower_inclusive ? Comparison::kGreaterOrEqual
                                                                   : Comparison::kGreater));
    bounds.push_back(bound(*between.upper,
                           between.upper_inclusive ? Comparison::kLessOrEqual : Comparison::kLess));
    return Reaching(*path, truth ? AllOf(std::move(bounds)) : AnyOf(std::move(bounds)));
  }

  Translation TranslateConjunction(const duckdb::BoundConjunctionExpression& conjunction,
                                   bool truth, int depth) const {
    std::vector<Translation> parts;
    for (const auto& child : conjunction.children) {
      parts.push_back(Translate(*child, truth, depth + 1));
    }
    // AND is false where one of its parts is, OR where all are.
    const bool is_and = conjunction.GetExpressionType() == ExpressionType::CONJUNCTION_AND;
    return is_and == truth ? AllOf(std::move(parts)) : AnyOf(std::move(parts));
  }

  Translation TranslateOperator(const duckdb::BoundOperatorExpression& operation, bool truth,
                                int depth) const {
    const auto type = operation.GetExpressionType();
    if (type == ExpressionType::OPERATOR_NOT) {
      return Translate(*operation.children[0], !truth, depth + 1);
    }
    if (type == ExpressionType::COMPARE_IN && truth && IsRow(*operation.children[0])) {
      return InRows(operation);
    }
    const auto path = paths_.Of(*operation.children[0]);
    if (!path) return {};
    switch (type) {
      case ExpressionType::OPERATOR_IS_NULL:
        return Reaching(*path, IsNullCondition(*path, truth));
      case ExpressionType::OPERATOR_IS_NOT_NULL:
        return Reaching(*path, IsNullCondition(*path, !truth));
      case ExpressionType::COMPARE_IN:
      case ExpressionType::COMPARE_NOT_IN: {
        std::vector<duckdb::Value> values;
        for (size_t i = 1; i < operation.children.size(); ++i) {
          const auto* value = ConstantOf(*operation.children[i]);
          if (value == nullptr) return {};
          values.push_back(*value);
        }
        return Reaching(*path,
                        InCondition(*path, values, (type == ExpressionType::COMPARE_IN) == truth));
      }
      default:
        return {};
    }
  }

  // (customer, number)
  static bool IsRow(const Expression& expression) {
    return expression.GetExpressionClass() == ExpressionClass::BOUND_FUNCTION &&
           expression.Cast<duckdb::BoundFunctionExpression>().function.name == "row";
  }

  // Where the columns of a row are the values of a constant one. Of NULL in it nothing is said:
  // within rows it is equal to NULL.
  Translation EqualToRow(const Expression& row, const duckdb::Value& constant) const {
    const auto& columns = row.Cast<duckdb::BoundFunctionExpression>().children;
    if (constant.IsNull() || constant.type().id() != duckdb::LogicalTypeId::STRUCT) return {};
    const auto& values = duckdb::StructValue::GetChildren(constant);
    if (values.size() != columns.size()) return {};
    std::vector<Translation> parts;
    for (size_t i = 0; i < values.size(); ++i) {
      const auto path = paths_.Of(*columns[i]);
      if (!path || values[i].IsNull()) {
        parts.emplace_back();
      } else {
        parts.push_back(
            Reaching(*path, CompareCondition(*path, Comparison::kEqual, values[i], true)));
      }
    }
    return AllOf(std::move(parts));
  }

  Translation InRows(const duckdb::BoundOperatorExpression& operation) const {
    std::vector<Translation> rows;
    for (size_t i = 1; i < operation.children.size(); ++i) {
      const auto* value = ConstantOf(*operation.children[i]);
      rows.push_back(value == nullptr ? Translation{} : EqualToRow(*operation.children[0], *value));
    }
    return AnyOf(std::move(rows));
  }

  // A column of booleans that is a filter by itself.
  Translation TranslateTruth(const Expression& column, bool truth) const {
    if (column.return_type.id() != duckdb::LogicalTypeId::BOOLEAN) return {};
    const auto path = paths_.Of(column);
    if (!path) return {};
    return Reaching(*path,
                    CompareCondition(*path, Comparison::kEqual, duckdb::Value::BOOLEAN(truth)));
  }

  Translation TranslateFunction(const duckdb::BoundFunctionExpression& function, bool truth) const {
    if (function.children.size() != 2) return {};
    if (paths_.Of(function)) return TranslateTruth(function, truth);
    const auto path = paths_.Of(*function.children[0]);
    const auto* constant = ConstantOf(*function.children[1]);
    if (!path || constant == nullptr || constant->IsNull()) return {};
    return Reaching(*path, FunctionOf(*path, function.function.name, *constant, truth));
  }

  static Translation FunctionOf(const ColumnPath& path, const std::string& name,
                                const duckdb::Value& constant, bool truth) {
    const auto is = [&name](std::initializer_list<const char*> names) {
      return std::find(names.begin(), names.end(), name) != names.end();
    };
    if (path.shape->encoding == items::Encoding::kList) {
      const bool contains =
          is({"list_contains", "array_contains", "list_has", "array_has", "contains"});
      return contains ? ListContainsCondition(path, constant, truth) : Translation{};
    }
    if (constant.type().id() != duckdb::LogicalTypeId::VARCHAR) return {};
    const auto& text = duckdb::StringValue::Get(constant);
    if (is({"prefix", "starts_with", "^@"})) return BeginsWithCondition(path, text, truth);
    if (name == "contains") return ContainsCondition(path, text, truth);
    if (is({"suffix", "ends_with"})) return EndsWithCondition(path, text, truth);
    if (name == "~~") return LikeCondition(path, text, truth);
    if (name == "!~~") return LikeCondition(path, text, !truth);
    return {};
  }

  const ColumnPaths paths_;
};

}  // namespace

Translation TranslateFilter(const Expression& filter, const items::ItemSchema& schema,
                            const std::vector<dynamodb::KeyAttribute>& keys,
                            const ColumnOf& column_of) {
  return Translator(schema, keys, column_of).Translate(filter, true, 0);
}

}  // namespace sumac::planning
