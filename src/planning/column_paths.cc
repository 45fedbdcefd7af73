#include "planning/column_paths.h"

#include <duckdb/planner/expression/bound_cast_expression.hpp>
#include <duckdb/planner/expression/bound_columnref_expression.hpp>
#include <duckdb/planner/expression/bound_constant_expression.hpp>

namespace sumac::planning {
namespace {

using duckdb::Expression;
using duckdb::ExpressionClass;

// An item has no list of more elements.
constexpr int64_t kElementsMax = 400 * 1024;

// Casts that keep every value and its order, and never fail.
bool Widens(const duckdb::LogicalType& from, const duckdb::LogicalType& to) {
  if (from.id() == duckdb::LogicalTypeId::DATE) {
    return to.id() == duckdb::LogicalTypeId::TIMESTAMP;
  }
  const auto is_decimal = [](const duckdb::LogicalType& type) {
    return type.id() == duckdb::LogicalTypeId::DECIMAL;
  };
  if ((!from.IsIntegral() && !is_decimal(from)) || (!to.IsIntegral() && !is_decimal(to))) {
    return false;
  }
  if (is_decimal(from) && to.IsIntegral() && duckdb::DecimalType::GetScale(from) > 0) return false;
  // What has no more digits behind the point is kept if the least and the largest are.
  if (is_decimal(from) && is_decimal(to) &&
      duckdb::DecimalType::GetScale(from) > duckdb::DecimalType::GetScale(to)) {
    return false;
  }
  const auto fits = [&to](const duckdb::Value& value) {
    duckdb::Value own;
    std::string error;
    return value.DefaultTryCastAs(to, own, &error, true);
  };
  return fits(duckdb::Value::MinimumValue(from)) && fits(duckdb::Value::MaximumValue(from));
}

// The sets whose elements a list of such elements shows.
std::vector<const char*> SetsOf(const items::Shape& element) {
  using items::Encoding;
  switch (element.encoding) {
    case Encoding::kText:
    case Encoding::kTextOrJson:
    case Encoding::kJson:
      return {"SS", "NS", "BS"};
    case Encoding::kBinary:
      return {"BS"};
    case Encoding::kDate:
    case Encoding::kTimestamp:
      return {"SS"};
    case Encoding::kBoolean:
      return element.from_text ? std::vector{"SS"} : std::vector<const char*>();
    case Encoding::kList:
    case Encoding::kStruct:
    case Encoding::kMap:
      return {};
    default:
      return element.from_text ? std::vector{"NS", "SS"} : std::vector{"NS"};
  }
}

}  // namespace

const duckdb::Value* ConstantOf(const Expression& expression) {
  if (expression.GetExpressionClass() != ExpressionClass::BOUND_CONSTANT) return nullptr;
  return &expression.Cast<duckdb::BoundConstantExpression>().value;
}

std::optional<ColumnPath> ColumnPaths::Of(const Expression& expression) const {
  if (expression.GetExpressionClass() == ExpressionClass::BOUND_FUNCTION) {
    const auto& function = expression.Cast<duckdb::BoundFunctionExpression>();
    return function.function.name == "struct_extract" ? FieldOf(function) : ElementOf(function);
  }
  if (expression.GetExpressionClass() == ExpressionClass::BOUND_CAST) {
    const auto& cast = expression.Cast<duckdb::BoundCastExpression>();
    if (cast.try_cast || !Widens(cast.child->return_type, cast.return_type)) return std::nullopt;
    return Of(*cast.child);
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

std::optional<ColumnPath> ColumnPaths::FieldOf(
    const duckdb::BoundFunctionExpression& function) const {
  if (function.children.size() != 2) return std::nullopt;
  auto path = Of(*function.children[0]);
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

std::optional<ColumnPath> ColumnPaths::ElementOf(
    const duckdb::BoundFunctionExpression& function) const {
  const auto& name = function.function.name;
  const bool extracts = name == "array_extract" || name == "list_extract" || name == "list_element";
  if (!extracts || function.children.size() != 2) return std::nullopt;
  auto path = Of(*function.children[0]);
  const auto* number = ConstantOf(*function.children[1]);
  if (!path || path->shape->encoding != items::Encoding::kList || number == nullptr ||
      number->IsNull() || !number->type().IsIntegral()) {
    return std::nullopt;
  }
  const auto position = number->GetValue<int64_t>();
  // From the end there is no path.
  if (position < 1 || position > kElementsMax) return std::nullopt;
  const auto& element = path->shape->element[0];
  for (const char* type : SetsOf(element)) {
    path->unreached.push_back(dynamodb::Condition::HasType(path->path, type));
  }
  path->path.push_back(dynamodb::PathStep::Element(static_cast<size_t>(position) - 1));
  path->shape = &element;
  return path;
}

const char* ColumnPaths::KeyTypeOf(const std::string& attribute) const {
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

}  // namespace sumac::planning
