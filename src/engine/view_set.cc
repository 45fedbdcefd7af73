#include "engine/view_set.h"

#include <algorithm>
#include <map>

#include <duckdb/main/client_config.hpp>
#include <duckdb/parser/expression/columnref_expression.hpp>
#include <duckdb/parser/expression/star_expression.hpp>
#include <duckdb/parser/parsed_data/create_view_info.hpp>
#include <duckdb/parser/query_node/select_node.hpp>
#include <duckdb/parser/tableref/subqueryref.hpp>
#include <duckdb/planner/binder.hpp>

#include "engine/query_state.h"

namespace sumac::engine {
namespace {

// Of a message; a cycle may have as many views as a Spicepod.
constexpr size_t kPathBytesMax = 300;

using duckdb::make_uniq;
using duckdb::SelectStatement;
using duckdb::unique_ptr;

unique_ptr<SelectStatement> Copy(const SelectStatement& statement) {
  return duckdb::unique_ptr_cast<duckdb::SQLStatement, SelectStatement>(statement.Copy());
}

// SELECT `columns` FROM (`query`) AS `alias`.
unique_ptr<SelectStatement> SelectFrom(
    const SelectStatement& query, const std::string& alias,
    duckdb::vector<unique_ptr<duckdb::ParsedExpression>> columns) {
  auto node = make_uniq<duckdb::SelectNode>();
  node->select_list = std::move(columns);
  node->from_table = make_uniq<duckdb::SubqueryRef>(Copy(query), alias);
  auto statement = make_uniq<SelectStatement>();
  statement->node = std::move(node);
  return statement;
}

unique_ptr<SelectStatement> SelectAll(const SelectStatement& query, const std::string& alias) {
  duckdb::vector<unique_ptr<duckdb::ParsedExpression>> columns;
  columns.push_back(make_uniq<duckdb::StarExpression>());
  return SelectFrom(query, alias, std::move(columns));
}

unique_ptr<SelectStatement> SelectNamed(const SelectStatement& query, const std::string& alias,
                                        const duckdb::vector<duckdb::string>& names) {
  duckdb::vector<unique_ptr<duckdb::ParsedExpression>> columns;
  for (const auto& name : names) {
    columns.push_back(make_uniq<duckdb::ColumnRefExpression>(name, alias));
  }
  return SelectFrom(query, alias, std::move(columns));
}

// Runs `body`, which calls DuckDB, and turns what it throws into an Error.
template <typename Body>
Status Guarded(duckdb::ClientContext& context, Body body) {
  try {
    // A lookup may have failed that DuckDB went on from.
    QueryState::Of(context).TakeError();
    return body();
  } catch (const std::exception& exception) {
    duckdb::ErrorData data(exception);
    return Fail(ErrorFromDuckDb(context, data));
  }
}

}  // namespace

ViewSet::ViewSet(duckdb::DuckDB& database, SpiceCatalog& catalog)
    : database_(database), catalog_(catalog) {}

std::vector<Status> ViewSet::Register(const std::vector<ViewDefinition>& definitions) {
  std::lock_guard lock(mutex_);
  duckdb::Connection connection(database_);
  views_.clear();
  // A view may name a schema that only views stand in.
  for (const auto& definition : definitions) catalog_.SchemaOf(SplitName(definition.name).schema);
  for (const auto& definition : definitions) {
    auto& view = views_.emplace_back();
    view.definition = definition;
    view.name = SplitName(definition.name);
    auto parsed = Parse(*connection.context, view);
    if (!parsed) Break(view, std::move(parsed).error());
  }
  FindUses();
  FindOrder();
  BindAll(connection);
  std::vector<Status> statuses;
  for (const auto& view : views_) statuses.push_back(view.status);
  return statuses;
}

void ViewSet::Rebind() {
  std::lock_guard lock(mutex_);
  if (views_.empty()) return;
  duckdb::Connection connection(database_);
  BindAll(connection);
}

void ViewSet::Break(View& view, Error reason) {
  view.broken = true;
  view.status = Fail(std::move(reason).WithContext("view '" + view.definition.name + "'"));
  if (HidesSystemView(view.name.table)) return;
  catalog_.SchemaOf(view.name.schema).SetFailed(view.name.table, view.status.error());
}

Status ViewSet::Parse(duckdb::ClientContext& context, View& view) {
  if (HidesSystemView(view.name.table)) {
    return Fail(ErrorCode::kInvalidArgument,
                "this is a name of SQL's own views (duckdb_..., pragma_..., sqlite_...), which it "
                "would hide; give it another name");
  }
  return Guarded(context, [&]() -> Status {
    const auto is_schema = [&](const std::string& name) { return catalog_.HasSchema(name); };
    SUMAC_ASSIGN_OR_RETURN(
        view.query, ParseViewQuery(view.definition.sql, context.GetParserOptions(), is_schema));
    return {};
  });
}

void ViewSet::FindUses() {
  std::map<TableName, size_t> index;
  for (size_t i = 0; i < views_.size(); ++i) index[LowerCase(views_[i].name)] = i;
  for (auto& view : views_) {
    for (const auto& name : view.query.uses) {
      const auto found = index.find(name);
      if (found != index.end()) view.uses.push_back(found->second);
    }
  }
}

void ViewSet::FindOrder() {
  order_.clear();
  std::vector<bool> done(views_.size(), false);
  while (order_.size() < views_.size()) {
    const size_t before = order_.size();
    for (size_t i = 0; i < views_.size(); ++i) {
      auto& view = views_[i];
      const auto is_done = [&](size_t used) { return done[used]; };
      if (done[i] || !(view.broken || std::all_of(view.uses.begin(), view.uses.end(), is_done))) {
        continue;
      }
      done[i] = true;
      order_.push_back(i);
      if (view.broken) continue;
      auto measured = Measure(view);
      if (!measured) Break(view, std::move(measured).error());
    }
    if (order_.size() > before) continue;
    const auto cycle = FindCycle(done);
    for (size_t i = 0; i < cycle.size(); ++i) {
      std::string path = views_[cycle[i]].definition.name;
      for (size_t j = 1; j <= cycle.size(); ++j) {
        if (path.size() > kPathBytesMax) {
          path += " -> ...";
          break;
        }
        path += " -> " + views_[cycle[(i + j) % cycle.size()]].definition.name;
      }
      Break(views_[cycle[i]],
            UserError(ErrorCode::kInvalidArgument, "it is made of itself: " + path));
    }
  }
}

// Of the views that are not done, each uses one that is not done.
std::vector<size_t> ViewSet::FindCycle(const std::vector<bool>& done) const {
  std::vector<size_t> path;
  size_t at = std::find(done.begin(), done.end(), false) - done.begin();
  while (std::find(path.begin(), path.end(), at) == path.end()) {
    path.push_back(at);
    const auto& uses = views_[at].uses;
    at = *std::find_if(uses.begin(), uses.end(), [&](size_t used) { return !done[used]; });
  }
  path.erase(path.begin(), std::find(path.begin(), path.end(), at));
  return path;
}

Status ViewSet::Measure(View& view) {
  view.tables = view.query.uses.size() - view.uses.size();
  for (const size_t used : view.uses) {
    view.tables = std::min(view.tables + views_[used].tables, kViewTablesMax + 1);
    view.depth = std::max(view.depth, views_[used].depth + 1);
  }
  if (view.tables > kViewTablesMax) {
    return Fail(ErrorCode::kInvalidArgument,
                "a query over it would read more than " + std::to_string(kViewTablesMax) +
                    " tables, counting those of the views that it uses");
  }
  if (view.depth > kViewDepthMax) {
    return Fail(ErrorCode::kInvalidArgument, "more than " + std::to_string(kViewDepthMax) +
                                                 " views are built on one another below it");
  }
  return {};
}

void ViewSet::BindAll(duckdb::Connection& connection) {
  auto& context = *connection.context;
  // A table that does not exist is not a file of that name.
  duckdb::ClientConfig::GetConfig(context).use_replacement_scans = false;
  for (const size_t i : order_) {
    auto& view = views_[i];
    if (view.broken) continue;
    auto bound = Guarded(context, [&]() -> Status {
      Status status;
      context.RunFunctionInTransaction([&] { status = Bind(context, view); });
      return status;
    });
    view.status = std::move(bound);
    if (view.status) continue;
    view.status =
        Fail(Error(view.status.error()).WithContext("view '" + view.definition.name + "'"));
    view.column_names.clear();
    catalog_.SchemaOf(view.name.schema).SetFailed(view.name.table, view.status.error());
  }
}

// Throws DuckDB's exceptions.
Status ViewSet::Bind(duckdb::ClientContext& context, View& view) {
  duckdb::CreateViewInfo info;
  info.catalog = kCatalogName;
  info.schema = view.name.schema;
  info.view_name = view.name.table;
  info.query = SelectAll(*view.query.statement, view.name.table);
  duckdb::Binder::CreateBinder(context)->BindCreateViewInfo(info);
  if (info.names == view.column_names && info.types == view.column_types) return {};
  view.column_names = info.names;
  view.column_types = info.types;
  // DuckDB names the columns of a view by position. By name they are right also for a query that
  // finds the view as it is and a table that has just got other columns.
  info.query = SelectNamed(*view.query.statement, view.name.table, info.names);
  info.sql = view.definition.sql;
  if (!view.definition.description.empty())
    info.comment = duckdb::Value(view.definition.description);
  catalog_.SchemaOf(view.name.schema).SetView(info);
  return {};
}

}  // namespace sumac::engine
