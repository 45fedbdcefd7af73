#include "engine/copies/refresh_query.h"

#include <duckdb/parser/parser.hpp>
#include <duckdb/parser/statement/delete_statement.hpp>
#include <duckdb/parser/tableref/basetableref.hpp>

#include "engine/catalog/spice_catalog.h"
#include "engine/catalog/view_query.h"
#include "engine/copies/copy_store.h"
#include "engine/table_name.h"

namespace sumac::engine {
namespace {

// DuckDB's message of a text that it cannot parse, on one line.
Error SyntaxError(const std::exception& exception) {
  duckdb::ErrorData data(exception);
  std::string message = data.RawMessage();
  message = message.substr(0, message.find('\n'));
  return UserError(ErrorCode::kInvalidArgument, message);
}

bool IsDataset(const duckdb::BaseTableRef& table, const TableName& dataset) {
  const auto& schema = table.schema_name.empty() ? kDefaultSchema : table.schema_name;
  const bool of_spice =
      table.catalog_name.empty() || duckdb::StringUtil::CIEquals(table.catalog_name, kCatalogName);
  return of_spice && LowerCase({schema, table.table_name}) == dataset;
}

}  // namespace

Result<std::string> RefreshQueryOver(const std::string& sql, const std::string& dataset_name,
                                     const std::string& table) {
  const auto dataset = LowerCase(SplitName(dataset_name));
  const auto is_schema = [&dataset](const std::string& name) {
    return duckdb::StringUtil::CIEquals(name, dataset.schema);
  };
  const auto replace = [&](duckdb::BaseTableRef& used) {
    if (!IsDataset(used, dataset)) return;
    // So that columns can go on being named by it.
    if (used.alias.empty()) used.alias = used.table_name;
    used.schema_name = kLoadingSchema;
    used.table_name = table;
  };
  try {
    SUMAC_ASSIGN_OR_RETURN(auto query, ParseViewQuery(sql, {}, is_schema, replace));
    if (query.uses.empty()) {
      return Fail(ErrorCode::kInvalidArgument, "it does not read '" + dataset_name + "'");
    }
    for (const auto& used : query.uses) {
      if (used == dataset) continue;
      return Fail(ErrorCode::kInvalidArgument,
                  "it may read '" + dataset_name + "' only, not '" + used.table + "'");
    }
    return query.statement->ToString();
  } catch (const std::exception& exception) {
    return Fail(SyntaxError(exception));
  }
}

Status CheckRefreshQuery(const std::string& sql, const std::string& dataset_name) {
  SUMAC_ASSIGN_OR_RETURN(const auto query, RefreshQueryOver(sql, dataset_name, "checked"));
  return {};
}

Result<std::string> DeleteCondition(const std::string& sql, const std::string& dataset_name) {
  const std::string expected = "it must be DELETE FROM " + dataset_name + " WHERE ...";
  try {
    duckdb::Parser parser;
    parser.ParseQuery(sql);
    if (parser.statements.size() != 1 ||
        parser.statements.front()->type != duckdb::StatementType::DELETE_STATEMENT) {
      return Fail(ErrorCode::kInvalidArgument, expected);
    }
    const auto& statement = parser.statements.front()->Cast<duckdb::DeleteStatement>();
    const bool own = statement.table->type == duckdb::TableReferenceType::BASE_TABLE &&
                     IsDataset(statement.table->Cast<duckdb::BaseTableRef>(),
                               LowerCase(SplitName(dataset_name)));
    const bool plain = statement.using_clauses.empty() && statement.returning_list.empty();
    if (!own || !plain || !statement.condition || statement.condition->HasSubquery()) {
      return Fail(ErrorCode::kInvalidArgument, expected + ", without subqueries");
    }
    return statement.condition->ToString();
  } catch (const std::exception& exception) {
    return Fail(SyntaxError(exception));
  }
}

}  // namespace sumac::engine
