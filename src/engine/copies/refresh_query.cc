#include "engine/copies/refresh_query.h"

#include <algorithm>
#include <string_view>

#include <duckdb/parser/expression/columnref_expression.hpp>
#include <duckdb/parser/expression/star_expression.hpp>
#include <duckdb/parser/parsed_expression_iterator.hpp>
#include <duckdb/parser/parser.hpp>
#include <duckdb/parser/query_node/select_node.hpp>
#include <duckdb/parser/statement/delete_statement.hpp>
#include <duckdb/parser/statement/select_statement.hpp>
#include <duckdb/parser/tableref/basetableref.hpp>

#include "engine/catalog/spice_catalog.h"
#include "engine/catalog/view_query.h"
#include "engine/copies/copy_store.h"
#include "engine/table_name.h"

namespace sumac::engine {
namespace {

// The table functions that read nothing but what they are given.
constexpr std::string_view kFunctions[] = {"generate_series", "json_each", "json_tree", "range",
                                           "unnest"};

// DuckDB's message of a text that it cannot parse, on one line.
Error SyntaxError(const std::exception& exception) {
  duckdb::ErrorData data(exception);
  std::string message = data.RawMessage();
  message = message.substr(0, message.find('\n'));
  return UserError(ErrorCode::kInvalidArgument, message);
}

bool IsDataset(const duckdb::BaseTableRef& table, const TableName& dataset) {
  // "spice.users" has no schema either.
  const bool no_schema =
      table.schema_name.empty() ||
      (table.catalog_name.empty() && duckdb::StringUtil::CIEquals(table.schema_name, kCatalogName));
  const std::string schema = no_schema ? kDefaultSchema : table.schema_name;
  const bool of_spice =
      table.catalog_name.empty() || duckdb::StringUtil::CIEquals(table.catalog_name, kCatalogName);
  return of_spice && LowerCase({schema, table.table_name}) == dataset;
}

// How the columns of the table may be named beside their plain names, in lower case.
struct Qualifiers {
  std::string table;
  std::string schema;
};

// Takes them off.
void Unqualify(duckdb::unique_ptr<duckdb::ParsedExpression>& expression,
               const Qualifiers& qualifiers) {
  if (expression->GetExpressionClass() == duckdb::ExpressionClass::COLUMN_REF) {
    auto& names = expression->Cast<duckdb::ColumnRefExpression>().column_names;
    const auto is = [&](size_t at, const std::string& name) {
      return duckdb::StringUtil::CIEquals(names[at], name);
    };
    size_t count = 0;
    if (names.size() > 1 && is(0, qualifiers.table)) {
      count = 1;
    } else if (names.size() > 2 && is(0, qualifiers.schema) && is(1, qualifiers.table)) {
      count = 2;
    } else if (names.size() > 3 && is(0, kCatalogName) && is(1, qualifiers.schema) &&
               is(2, qualifiers.table)) {
      count = 3;
    }
    names.erase(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(count));
    return;
  }
  duckdb::ParsedExpressionIterator::EnumerateChildren(
      *expression,
      [&](duckdb::unique_ptr<duckdb::ParsedExpression>& child) { Unqualify(child, qualifiers); });
}

// Whether the query's result has this as a column of the table, under its name.
bool IsOwnColumn(duckdb::unique_ptr<duckdb::ParsedExpression>& selected,
                 const Qualifiers& qualifiers) {
  if (selected->GetExpressionClass() == duckdb::ExpressionClass::STAR) {
    const auto& star = selected->Cast<duckdb::StarExpression>();
    return !star.expr && star.replace_list.empty() && star.rename_list.empty();
  }
  if (selected->GetExpressionClass() != duckdb::ExpressionClass::COLUMN_REF) return false;
  Unqualify(selected, qualifiers);
  const auto& column = selected->Cast<duckdb::ColumnRefExpression>();
  if (column.IsQualified()) return false;
  const auto& alias = column.GetAlias();
  return alias.empty() || duckdb::StringUtil::CIEquals(alias, column.GetColumnName());
}

bool SelectsRows(duckdb::SelectNode& node, const TableName& dataset) {
  if (!node.from_table || node.from_table->type != duckdb::TableReferenceType::BASE_TABLE) {
    return false;
  }
  const auto& table = node.from_table->Cast<duckdb::BaseTableRef>();
  if (!IsDataset(table, dataset) || !table.column_name_alias.empty()) return false;
  const bool groups = !node.groups.grouping_sets.empty() || node.having ||
                      node.aggregate_handling != duckdb::AggregateHandling::STANDARD_HANDLING;
  const bool distinct =
      std::any_of(node.modifiers.begin(), node.modifiers.end(), [](const auto& modifier) {
        return modifier->type == duckdb::ResultModifierType::DISTINCT_MODIFIER;
      });
  if (groups || distinct) return false;
  const Qualifiers qualifiers{table.alias.empty() ? dataset.table : table.alias, dataset.schema};
  return std::all_of(node.select_list.begin(), node.select_list.end(),
                     [&](auto& selected) { return IsOwnColumn(selected, qualifiers); });
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
    for (const auto& other : query.other_tables) {
      return Fail(ErrorCode::kInvalidArgument,
                  "it may read '" + dataset_name + "' only, not '" + other + "'");
    }
    for (const auto& function : query.functions) {
      if (std::find(std::begin(kFunctions), std::end(kFunctions), function) != std::end(kFunctions))
        continue;
      return Fail(ErrorCode::kInvalidArgument,
                  "it may read '" + dataset_name + "' only, not " + function + "()");
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

Status CheckSelectsRows(const std::string& sql, const std::string& dataset_name) {
  try {
    duckdb::Parser parser;
    parser.ParseQuery(sql);
    if (parser.statements.size() == 1 &&
        parser.statements.front()->type == duckdb::StatementType::SELECT_STATEMENT) {
      auto& node = *parser.statements.front()->Cast<duckdb::SelectStatement>().node;
      if (node.type == duckdb::QueryNodeType::SELECT_NODE &&
          SelectsRows(node.Cast<duckdb::SelectNode>(), LowerCase(SplitName(dataset_name)))) {
        return {};
      }
    }
  } catch (const std::exception& exception) {
    return Fail(SyntaxError(exception));
  }
  return Fail(ErrorCode::kInvalidArgument,
              "it must select columns of the dataset as they are: SELECT * or their names, FROM " +
                  dataset_name + " WHERE ...");
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
    auto& statement = parser.statements.front()->Cast<duckdb::DeleteStatement>();
    const auto dataset = LowerCase(SplitName(dataset_name));
    const bool own = statement.table->type == duckdb::TableReferenceType::BASE_TABLE &&
                     IsDataset(statement.table->Cast<duckdb::BaseTableRef>(), dataset);
    const bool plain = statement.using_clauses.empty() && statement.returning_list.empty() &&
                       statement.cte_map.map.empty();
    if (!own || !plain || !statement.condition || statement.condition->HasSubquery()) {
      return Fail(ErrorCode::kInvalidArgument, expected + ", without subqueries");
    }
    if (!statement.named_param_map.empty()) {
      return Fail(ErrorCode::kInvalidArgument, expected + ", without parameters");
    }
    const auto& alias = statement.table->alias;
    Unqualify(statement.condition, {alias.empty() ? dataset.table : alias, dataset.schema});
    return statement.condition->ToString();
  } catch (const std::exception& exception) {
    return Fail(SyntaxError(exception));
  }
}

}  // namespace sumac::engine
