#include "engine/view_tables.h"

#include <algorithm>
#include <set>

#include "engine/catalog/view_query.h"

namespace sumac::engine {

std::string FullTableName(const std::string& name) {
  const auto lower = LowerCase(SplitName(name));
  return lower.schema + "." + lower.table;
}

Result<std::vector<std::string>> TablesOfView(const std::string& sql,
                                              const std::vector<std::string>& names) {
  std::set<std::string> schemas;
  for (const auto& name : names) schemas.insert(LowerCase(SplitName(name)).schema);
  const auto is_schema = [&](const std::string& name) {
    return schemas.contains(LowerCase({name, ""}).schema);
  };
  std::vector<std::string> tables;
  try {
    SUMAC_ASSIGN_OR_RETURN(const auto query, ParseViewQuery(sql, {}, is_schema));
    for (const auto& use : query.uses) {
      const std::string table = use.schema + "." + use.table;
      if (std::find(tables.begin(), tables.end(), table) == tables.end()) tables.push_back(table);
    }
  } catch (const std::exception& exception) {
    return Fail(ErrorCode::kInvalidArgument, duckdb::ErrorData(exception).RawMessage());
  }
  return tables;
}

}  // namespace sumac::engine
