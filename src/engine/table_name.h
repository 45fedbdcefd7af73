// The name of a dataset or a view as a schema and a table. Internal to engine/.
#pragma once

#include <compare>
#include <string>

namespace sumac::engine {

struct TableName {
  std::string schema;
  std::string table;

  friend auto operator<=>(const TableName&, const TableName&) = default;
};

// "users" stands in `public`, "sales.users" in `sales`.
TableName SplitName(const std::string& name);

// Whether a table of this name would hide one of DuckDB's views, which SHOW TABLES and
// information_schema are made of and find without a schema.
bool HidesSystemView(const std::string& table);

// `name` in lower case: SQL compares names so.
TableName LowerCase(const TableName& name);

}  // namespace sumac::engine
