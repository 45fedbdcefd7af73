#include "engine/statement_rewrite.h"

#include <duckdb/parser/parser.hpp>
#include <duckdb/parser/query_node/select_node.hpp>
#include <duckdb/parser/statement/explain_statement.hpp>
#include <duckdb/parser/statement/select_statement.hpp>
#include <duckdb/parser/tableref/showref.hpp>
#include <fmt/format.h>

#include "engine/query_state.h"
#include "engine/reference_count.h"
#include "engine/results/arrow_type_name.h"

namespace sumac::engine {
namespace {

constexpr char kShowTables[] =
    "SELECT table_catalog, table_schema, table_name, table_type "
    "FROM system.information_schema.tables WHERE table_catalog = 'spice' "
    "ORDER BY table_schema, table_name";

// DuckDB's own answer is made of what also has the paths of files.
constexpr char kShowDatabases[] =
    "SELECT DISTINCT catalog_name AS database_name FROM system.information_schema.schemata "
    "WHERE catalog_name = 'spice'";

// SQL text ends at a NUL, so one in the name of an attribute is written as an expression.
std::string Quoted(const std::string& text) {
  const std::string nul(1, '\0');
  std::string quoted = duckdb::StringUtil::Replace(text, "'", "''");
  return "'" + duckdb::StringUtil::Replace(quoted, nul, "' || chr(0) || '") + "'";
}

// The SHOW or DESCRIBE of a statement that is nothing but that; null otherwise.
duckdb::ShowRef* ShowOf(duckdb::SQLStatement& statement) {
  if (statement.type != duckdb::StatementType::SELECT_STATEMENT) return nullptr;
  auto& node = *statement.Cast<duckdb::SelectStatement>().node;
  if (node.type != duckdb::QueryNodeType::SELECT_NODE) return nullptr;
  auto& from = node.Cast<duckdb::SelectNode>().from_table;
  if (!from || from->type != duckdb::TableReferenceType::SHOW_REF) return nullptr;
  return &from->Cast<duckdb::ShowRef>();
}

duckdb::unique_ptr<duckdb::SQLStatement> Parse(const std::string& sql) {
  duckdb::Parser parser;
  parser.ParseQuery(sql);
  return std::move(parser.statements[0]);
}

// Whether DESC or DESCRIBE is the first word of the statement's text.
bool BeginsWithDescribe(const duckdb::SQLStatement& statement) {
  const auto location = std::min<size_t>(statement.stmt_location, statement.query.size());
  const auto tokens = duckdb::Parser::Tokenize(statement.query.substr(location));
  const size_t start = tokens.empty() ? 0 : location + tokens.front().start;
  return duckdb::StringUtil::StartsWith(duckdb::StringUtil::Lower(statement.query.substr(start, 4)),
                                        "desc");
}

// The description as a literal table, so that it takes the same way out as every result.
std::string DescriptionQuery(duckdb::PreparedStatement& prepared) {
  std::string rows;
  const auto& names = prepared.GetNames();
  const auto& types = prepared.GetTypes();
  for (size_t i = 0; i < names.size(); ++i) {
    if (i > 0) rows += ", ";
    rows += "(" + Quoted(names[i]) + ", " + Quoted(ArrowTypeName(types[i])) + ", 'YES')";
  }
  return "SELECT * FROM (VALUES " + rows + ") description(column_name, data_type, is_nullable)";
}

}  // namespace

Result<duckdb::unique_ptr<duckdb::SQLStatement>> RewriteShow(
    duckdb::Connection& connection, duckdb::unique_ptr<duckdb::SQLStatement> statement) {
  auto* show = ShowOf(*statement);
  if (show == nullptr) return statement;
  duckdb::unique_ptr<duckdb::SQLStatement> described;
  if (show->table_name == "\"tables\"") {
    // DuckDB's parser takes DESCRIBE tables for SHOW TABLES, and a dataset may be called that.
    if (!BeginsWithDescribe(*statement)) return Parse(kShowTables);
    described = Parse("SELECT * FROM \"tables\"");
  } else if (show->table_name == "\"databases\"" && !BeginsWithDescribe(*statement)) {
    return Parse(kShowDatabases);
  } else if (show->show_type == duckdb::ShowType::DESCRIBE && show->query) {
    auto select = duckdb::make_uniq<duckdb::SelectStatement>();
    select->node = std::move(show->query);
    described = std::move(select);
  } else {
    return statement;
  }
  auto prepared = connection.Prepare(std::move(described));
  if (prepared->HasError()) {
    return Fail(ErrorFromDuckDb(*connection.context, prepared->GetErrorObject()));
  }
  return Parse(DescriptionQuery(*prepared));
}

Status CheckShutIn(const std::string& sql, const duckdb::ParserOptions& options) {
  duckdb::Parser parser(options);
  parser.ParseQuery(sql);
  for (const auto& statement : parser.statements) {
    auto* judged = statement.get();
    if (judged->type == duckdb::StatementType::EXPLAIN_STATEMENT) {
      judged = judged->Cast<duckdb::ExplainStatement>().stmt.get();
    }
    if (judged->type != duckdb::StatementType::SELECT_STATEMENT) {
      return Fail(ErrorCode::kUnsupported,
                  "Only queries can be run here: SELECT, DESCRIBE, SHOW TABLES, EXPLAIN.");
    }
    if (CountTableReferences(*judged->Cast<duckdb::SelectStatement>().node) > kTableReferencesMax) {
      return Fail(ErrorCode::kUnsupported,
                  fmt::format("The query names more than {} tables, counted wherever a name of "
                              "WITH stands for them. Shorten it, or write AS MATERIALIZED.",
                              kTableReferencesMax));
    }
  }
  return {};
}

}  // namespace sumac::engine
