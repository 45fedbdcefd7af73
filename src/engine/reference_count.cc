#include "engine/reference_count.h"

#include <algorithm>

#include <duckdb/common/case_insensitive_map.hpp>
#include <duckdb/parser/expression/subquery_expression.hpp>
#include <duckdb/parser/parsed_expression_iterator.hpp>
#include <duckdb/parser/query_node/cte_node.hpp>
#include <duckdb/parser/query_node/recursive_cte_node.hpp>
#include <duckdb/parser/query_node/select_node.hpp>
#include <duckdb/parser/query_node/set_operation_node.hpp>
#include <duckdb/parser/statement/select_statement.hpp>
#include <duckdb/parser/tableref/basetableref.hpp>
#include <duckdb/parser/tableref/emptytableref.hpp>
#include <duckdb/parser/tableref/joinref.hpp>
#include <duckdb/parser/tableref/pivotref.hpp>
#include <duckdb/parser/tableref/subqueryref.hpp>

namespace sumac::engine {
namespace {

// Sums of it do not overflow.
constexpr uint64_t kCountMax = uint64_t{1} << 40;

// What is counted of the names that WITH has given so far.
using Scope = duckdb::case_insensitive_map_t<uint64_t>;

uint64_t CountNode(duckdb::QueryNode& node, Scope scope);
uint64_t CountBody(duckdb::QueryNode& node, Scope scope);

uint64_t CountExpression(duckdb::ParsedExpression& expression, const Scope& scope) {
  uint64_t count = 0;
  if (expression.GetExpressionClass() == duckdb::ExpressionClass::SUBQUERY) {
    count = CountNode(*expression.Cast<duckdb::SubqueryExpression>().subquery->node, scope);
  }
  duckdb::ParsedExpressionIterator::EnumerateChildren(
      expression, [&](duckdb::ParsedExpression& child) {
        count = std::min(kCountMax, count + CountExpression(child, scope));
      });
  return count;
}

uint64_t CountTable(duckdb::TableRef* table, const Scope& scope) {
  if (table == nullptr) return 0;
  switch (table->type) {
    case duckdb::TableReferenceType::BASE_TABLE: {
      const auto& base = table->Cast<duckdb::BaseTableRef>();
      const auto named = base.schema_name.empty() ? scope.find(base.table_name) : scope.end();
      return named == scope.end() ? 1 : named->second;
    }
    case duckdb::TableReferenceType::JOIN: {
      auto& join = table->Cast<duckdb::JoinRef>();
      const uint64_t on = join.condition ? CountExpression(*join.condition, scope) : 0;
      return std::min(
          kCountMax, CountTable(join.left.get(), scope) + CountTable(join.right.get(), scope) + on);
    }
    case duckdb::TableReferenceType::SUBQUERY:
      return CountNode(*table->Cast<duckdb::SubqueryRef>().subquery->node, scope);
    case duckdb::TableReferenceType::PIVOT:
      return CountTable(table->Cast<duckdb::PivotRef>().source.get(), scope);
    case duckdb::TableReferenceType::EMPTY_FROM:
      return 0;
    default:
      return 1;
  }
}

uint64_t CountSelect(duckdb::SelectNode& select, const Scope& scope) {
  uint64_t count = CountTable(select.from_table.get(), scope);
  // What is left are the expressions.
  select.from_table = duckdb::make_uniq<duckdb::EmptyTableRef>();
  duckdb::ParsedExpressionIterator::EnumerateQueryNodeChildren(
      select, [&](duckdb::unique_ptr<duckdb::ParsedExpression>& child) {
        count = std::min(kCountMax, count + CountExpression(*child, scope));
      });
  return count;
}

uint64_t CountNode(duckdb::QueryNode& node, Scope scope) {
  uint64_t once = 0;
  for (auto& [name, info] : node.cte_map.map) {
    // One that is recursive names itself.
    Scope inner = scope;
    inner[name] = 1;
    const uint64_t count = CountNode(*info->query->node, std::move(inner));
    const bool stands_alone = info->materialized == duckdb::CTEMaterialize::CTE_MATERIALIZE_ALWAYS;
    scope[name] = stands_alone ? 1 : count;
    if (stands_alone) once = std::min(kCountMax, once + count);
  }
  // The parser puts nodes of WITH above the query, each with all of the names once more.
  duckdb::QueryNode* body = &node;
  while (body->type == duckdb::QueryNodeType::CTE_NODE) {
    body = body->Cast<duckdb::CTENode>().child.get();
  }
  body->cte_map.map = {};
  return std::min(kCountMax, once + CountBody(*body, std::move(scope)));
}

uint64_t CountBody(duckdb::QueryNode& node, Scope scope) {
  const auto both = [&scope](duckdb::QueryNode& left, duckdb::QueryNode& right) {
    return std::min(kCountMax, CountNode(left, scope) + CountNode(right, scope));
  };
  switch (node.type) {
    case duckdb::QueryNodeType::SELECT_NODE:
      return CountSelect(node.Cast<duckdb::SelectNode>(), scope);
    case duckdb::QueryNodeType::SET_OPERATION_NODE: {
      auto& set = node.Cast<duckdb::SetOperationNode>();
      return both(*set.left, *set.right);
    }
    case duckdb::QueryNodeType::RECURSIVE_CTE_NODE: {
      auto& recursive = node.Cast<duckdb::RecursiveCTENode>();
      scope[recursive.ctename] = 1;
      return both(*recursive.left, *recursive.right);
    }
    default:
      return 1;
  }
}

}  // namespace

uint64_t CountTableReferences(duckdb::QueryNode& node) {
  return CountNode(node, {});
}

}  // namespace sumac::engine
