// Which tables and views a view reads, by its SQL alone.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"

namespace sumac::engine {

// In lower case, with the schema ("public.users"), each once; tables of other
// catalogs, as information_schema, are not among them. `names` are those of all tables and views:
// "users", "sales.orders". Errors: kInvalidArgument (a syntax error, not one query).
Result<std::vector<std::string>> TablesOfView(const std::string& sql,
                                              const std::vector<std::string>& names);

// "users" as "public.users", in lower case.
std::string FullTableName(const std::string& name);

}  // namespace sumac::engine
