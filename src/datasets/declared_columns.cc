#include "datasets/declared_columns.h"

#include <set>

#include "items/type_name.h"

namespace sumac::datasets {
namespace {

constexpr const char* kJsonObjectKey = "json_object";

Result<items::DeclaredColumn> ReadDeclaredColumn(const spicepod::Column& column) {
  items::DeclaredColumn declared;
  declared.name = column.name;
  const auto json_object = column.metadata.find(kJsonObjectKey);
  if (json_object != column.metadata.end()) {
    if (json_object->second != "*") {
      return Fail(ErrorCode::kInvalidArgument,
                  "Column '" + column.name + "' has invalid 'json_object' value: '" +
                      json_object->second + "'. Only '*' is supported.");
    }
    declared.json_object = true;
  }
  if (column.type.empty()) return declared;
  auto type = items::ParseTypeName(column.type);
  if (!type) return Fail(std::move(type).error().WithContext("column '" + column.name + "'"));
  declared.type = *std::move(type);
  return declared;
}

}  // namespace

Result<std::vector<items::DeclaredColumn>> ReadDeclaredColumns(
    const std::vector<spicepod::Column>& columns) {
  std::vector<items::DeclaredColumn> declared;
  std::set<std::string> names;
  for (const auto& column : columns) {
    if (!names.insert(column.name).second) {
      return Fail(ErrorCode::kInvalidArgument,
                  "column '" + column.name + "' is given twice under 'columns'");
    }
    SUMAC_ASSIGN_OR_RETURN(auto one, ReadDeclaredColumn(column));
    declared.push_back(std::move(one));
  }
  return declared;
}

Status RefuseDeclaredColumns(const std::vector<spicepod::Column>& columns,
                             const std::string& prefix) {
  for (const auto& column : columns) {
    const bool has_type = !column.type.empty();
    if (!has_type && !column.metadata.contains(kJsonObjectKey)) continue;
    return Fail(ErrorCode::kUnsupported,
                "column '" + column.name + "' has " + (has_type ? "a type" : kJsonObjectKey) +
                    " under 'columns', which works for dynamodb: alone; columns of " + prefix +
                    ": have the types that the data has, so leave it out and cast in a view");
  }
  return {};
}

}  // namespace sumac::datasets
