#include "engine/table_name.h"

#include <duckdb/common/string_util.hpp>

#include "engine/catalog/spice_catalog.h"

namespace sumac::engine {

TableName SplitName(const std::string& name) {
  const size_t dot = name.find('.');
  if (dot == std::string::npos) return {kDefaultSchema, name};
  return {name.substr(0, dot), name.substr(dot + 1)};
}

bool HidesSystemView(const std::string& table) {
  const std::string name = duckdb::StringUtil::Lower(table);
  return name.starts_with("duckdb_") || name.starts_with("pragma_") || name.starts_with("sqlite_");
}

TableName LowerCase(const TableName& name) {
  return {duckdb::StringUtil::Lower(name.schema), duckdb::StringUtil::Lower(name.table)};
}

}  // namespace sumac::engine
