// The SQL of a view as DuckDB's parser read it, with the tables that it uses. Internal to engine/.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include <duckdb.hpp>
#include <duckdb/parser/parser_options.hpp>
#include <duckdb/parser/statement/select_statement.hpp>
#include <duckdb/parser/tableref/basetableref.hpp>

#include "base/result.h"
#include "engine/table_name.h"

namespace sumac::engine {

struct ViewQuery {
  duckdb::unique_ptr<duckdb::SelectStatement> statement;
  // The tables and views of the catalog `spice` in it, in lower case, as often as they are used.
  std::vector<TableName> uses;
  // What else it reads: tables of other catalogs as "catalog.schema.table", and table functions by
  // their names, in lower case.
  std::vector<std::string> other_tables;
  std::vector<std::string> functions;
};

// Parses the SQL of a view and completes the names in it, so that they mean the same whatever the
// search path of the session that asks: `users` becomes spice.public.users, and `sales.users`
// spice.sales.users when `is_schema("sales")`. Names of WITH stay as they are. `on_table`, when
// given, is called with each of the tables in `uses` once its name is complete, and may change it.
// Errors: kInvalidArgument (not one query, parameters). Throws DuckDB's exception on a syntax
// error.
Result<ViewQuery> ParseViewQuery(const std::string& sql, const duckdb::ParserOptions& options,
                                 const std::function<bool(const std::string&)>& is_schema,
                                 const std::function<void(duckdb::BaseTableRef&)>& on_table = {});

}  // namespace sumac::engine
