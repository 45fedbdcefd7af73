#include "engine/catalog/view_query.h"

#include <duckdb/common/case_insensitive_map.hpp>
#include <duckdb/parser/expression/function_expression.hpp>
#include <duckdb/parser/expression/subquery_expression.hpp>
#include <duckdb/parser/parsed_expression_iterator.hpp>
#include <duckdb/parser/parser.hpp>
#include <duckdb/parser/query_node/cte_node.hpp>
#include <duckdb/parser/query_node/recursive_cte_node.hpp>
#include <duckdb/parser/query_node/select_node.hpp>
#include <duckdb/parser/query_node/set_operation_node.hpp>
#include <duckdb/parser/tableref/basetableref.hpp>
#include <duckdb/parser/tableref/joinref.hpp>
#include <duckdb/parser/tableref/pivotref.hpp>
#include <duckdb/parser/tableref/showref.hpp>
#include <duckdb/parser/tableref/subqueryref.hpp>
#include <duckdb/parser/tableref/table_function_ref.hpp>

#include "engine/catalog/spice_catalog.h"

namespace sumac::engine {
namespace {

using duckdb::QueryNodeType;
using duckdb::TableReferenceType;
using duckdb::unique_ptr;

// Visits every table of a query. DuckDB's own visitor leaves out subqueries in expressions, and
// does not tell where a name of WITH can be seen. As deep as the query, which the parser bounds.
class NameCompleter {
 public:
  NameCompleter(const std::function<bool(const std::string&)>& is_schema,
                const std::function<void(duckdb::BaseTableRef&)>& on_table)
      : is_schema_(is_schema), on_table_(on_table) {}

  void Query(duckdb::QueryNode& node) {
    std::vector<std::string> added;
    // The parser makes of WITH a chain of nodes, one for each name, and leaves a copy of the whole
    // of it with each.
    const bool is_chain = node.type == QueryNodeType::CTE_NODE;
    auto* at = &node;
    for (; at->type == QueryNodeType::CTE_NODE; at = at->Cast<duckdb::CTENode>().child.get()) {
      Definitions(at->cte_map, /*is_copy=*/true);
      Modifiers(*at);
    }
    Definitions(at->cte_map, is_chain);
    for (at = &node; at->type == QueryNodeType::CTE_NODE;) {
      auto& cte = at->Cast<duckdb::CTENode>();
      Query(*cte.query);
      Add(cte.ctename, added);
      at = cte.child.get();
    }
    for (const auto& [name, cte] : at->cte_map.map) Add(name, added);
    Body(*at);
    Modifiers(*at);
    for (const auto& name : added) --visible_[name];
  }

  std::vector<TableName> TakeUses() { return std::move(uses_); }
  std::vector<std::string> TakeOtherTables() { return std::move(other_tables_); }
  std::vector<std::string> TakeFunctions() { return std::move(functions_); }

 private:
  void Add(const std::string& name, std::vector<std::string>& added) {
    ++visible_[name];
    added.push_back(name);
  }

  // A definition sees those before it.
  void Definitions(duckdb::CommonTableExpressionMap& ctes, bool is_copy) {
    std::vector<std::string> added;
    const size_t uses = uses_.size();
    for (const auto& [name, cte] : ctes.map) {
      Query(*cte->query->node);
      Add(name, added);
    }
    for (const auto& name : added) --visible_[name];
    if (is_copy) uses_.resize(uses);
  }

  void Modifiers(duckdb::QueryNode& node) {
    duckdb::ParsedExpressionIterator::EnumerateQueryNodeModifiers(
        node, [&](unique_ptr<duckdb::ParsedExpression>& child) { Expression(child); });
  }

  void Body(duckdb::QueryNode& node) {
    switch (node.type) {
      case QueryNodeType::SELECT_NODE:
        return Select(node.Cast<duckdb::SelectNode>());
      case QueryNodeType::SET_OPERATION_NODE: {
        auto& operation = node.Cast<duckdb::SetOperationNode>();
        Query(*operation.left);
        return Query(*operation.right);
      }
      case QueryNodeType::RECURSIVE_CTE_NODE: {
        auto& recursive = node.Cast<duckdb::RecursiveCTENode>();
        Query(*recursive.left);
        ++visible_[recursive.ctename];
        Query(*recursive.right);
        --visible_[recursive.ctename];
        return;
      }
      default:
        return;
    }
  }

  void Select(duckdb::SelectNode& select) {
    for (auto& expression : select.select_list) Expression(expression);
    for (auto& expression : select.groups.group_expressions) Expression(expression);
    Expression(select.where_clause);
    Expression(select.having);
    Expression(select.qualify);
    if (select.from_table) From(*select.from_table);
  }

  void Expression(unique_ptr<duckdb::ParsedExpression>& expression) {
    if (!expression) return;
    if (expression->GetExpressionClass() == duckdb::ExpressionClass::SUBQUERY) {
      Query(*expression->Cast<duckdb::SubqueryExpression>().subquery->node);
    }
    duckdb::ParsedExpressionIterator::EnumerateChildren(
        *expression, [&](unique_ptr<duckdb::ParsedExpression>& child) { Expression(child); });
  }

  void From(duckdb::TableRef& table) {
    switch (table.type) {
      case TableReferenceType::BASE_TABLE:
        return Complete(table.Cast<duckdb::BaseTableRef>());
      case TableReferenceType::SUBQUERY:
        return Query(*table.Cast<duckdb::SubqueryRef>().subquery->node);
      case TableReferenceType::JOIN: {
        auto& join = table.Cast<duckdb::JoinRef>();
        From(*join.left);
        From(*join.right);
        return Expression(join.condition);
      }
      case TableReferenceType::PIVOT: {
        auto& pivot = table.Cast<duckdb::PivotRef>();
        From(*pivot.source);
        for (auto& aggregate : pivot.aggregates) Expression(aggregate);
        return;
      }
      case TableReferenceType::SHOW_REF: {
        auto& show = table.Cast<duckdb::ShowRef>();
        if (show.query) Query(*show.query);
        return;
      }
      case TableReferenceType::TABLE_FUNCTION: {
        auto& function = table.Cast<duckdb::TableFunctionRef>().function;
        if (function->GetExpressionClass() == duckdb::ExpressionClass::FUNCTION) {
          functions_.push_back(duckdb::StringUtil::Lower(
              function->Cast<duckdb::FunctionExpression>().function_name));
        }
        return Expression(function);
      }
      default:
        duckdb::ParsedExpressionIterator::EnumerateTableRefChildren(
            table, [&](unique_ptr<duckdb::ParsedExpression>& child) { Expression(child); });
    }
  }

  void Complete(duckdb::BaseTableRef& table) {
    if (table.catalog_name.empty() && table.schema_name.empty()) {
      const auto found = visible_.find(table.table_name);
      if (found != visible_.end() && found->second > 0) return;
      table.schema_name = kDefaultSchema;
      table.catalog_name = kCatalogName;
    } else if (table.catalog_name.empty() && is_schema_(table.schema_name)) {
      table.catalog_name = kCatalogName;
    } else if (table.catalog_name.empty() &&
               duckdb::StringUtil::CIEquals(table.schema_name, kCatalogName)) {
      table.catalog_name = kCatalogName;
      table.schema_name = kDefaultSchema;
    }
    if (duckdb::StringUtil::CIEquals(table.catalog_name, kCatalogName)) {
      uses_.push_back(LowerCase({table.schema_name, table.table_name}));
      if (on_table_) on_table_(table);
    } else {
      other_tables_.push_back(
          duckdb::StringUtil::Lower((table.catalog_name.empty() ? "" : table.catalog_name + ".") +
                                    table.schema_name + "." + table.table_name));
    }
  }

  const std::function<bool(const std::string&)>& is_schema_;
  const std::function<void(duckdb::BaseTableRef&)>& on_table_;
  // How many queries around this one define the name.
  duckdb::case_insensitive_map_t<int> visible_;
  std::vector<TableName> uses_;
  std::vector<std::string> other_tables_;
  std::vector<std::string> functions_;
};

bool IsShow(const duckdb::SelectStatement& statement) {
  if (statement.node->type != QueryNodeType::SELECT_NODE) return false;
  const auto& from = statement.node->Cast<duckdb::SelectNode>().from_table;
  return from && from->type == TableReferenceType::SHOW_REF;
}

}  // namespace

Result<ViewQuery> ParseViewQuery(const std::string& sql, const duckdb::ParserOptions& options,
                                 const std::function<bool(const std::string&)>& is_schema,
                                 const std::function<void(duckdb::BaseTableRef&)>& on_table) {
  duckdb::Parser parser(options);
  parser.ParseQuery(sql);
  const size_t count = parser.statements.size();
  if (count != 1) {
    return Fail(ErrorCode::kInvalidArgument,
                "its SQL must be one query, not " + std::to_string(count) + " statements");
  }
  auto& parsed = parser.statements.front();
  if (parsed->type != duckdb::StatementType::SELECT_STATEMENT ||
      IsShow(parsed->Cast<duckdb::SelectStatement>())) {
    return Fail(ErrorCode::kInvalidArgument,
                "its SQL must be a query: SELECT, WITH, VALUES, or several of them as a UNION");
  }
  if (!parsed->named_param_map.empty()) {
    return Fail(ErrorCode::kInvalidArgument,
                "its SQL must not have parameters ($1 or ?): nothing gives them values");
  }
  ViewQuery query;
  query.statement =
      duckdb::unique_ptr_cast<duckdb::SQLStatement, duckdb::SelectStatement>(std::move(parsed));
  NameCompleter completer(is_schema, on_table);
  completer.Query(*query.statement->node);
  query.uses = completer.TakeUses();
  query.other_tables = completer.TakeOtherTables();
  query.functions = completer.TakeFunctions();
  return query;
}

}  // namespace sumac::engine
