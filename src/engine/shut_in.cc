#include "engine/shut_in.h"

#include <algorithm>
#include <string_view>

#include <duckdb/catalog/catalog.hpp>
#include <duckdb/catalog/catalog_entry/schema_catalog_entry.hpp>
#include <duckdb/function/cast/cast_function_set.hpp>
#include <duckdb/parser/parsed_data/drop_info.hpp>

namespace sumac::engine {
namespace {

using duckdb::CatalogType;

// A list of what may stay, so that a function of a newer DuckDB is out until somebody has looked.
constexpr std::string_view kTableFunctions[] = {
    "generate_series", "icu_calendar_names", "json_each", "json_tree", "pg_timezone_names", "range",
    "repeat",          "repeat_row",         "summary",   "unnest",
};

// DuckDB's own views are made of these, and information_schema of the views; none changes anything.
bool OnlyDescribes(const std::string& name) {
  return name.starts_with("duckdb_") || name.starts_with("pragma_");
}

constexpr std::string_view kUnsafeFunctions[] = {
    // Write to the log, or tell of the server's own settings.
    "write_log",
    "current_setting",
    // Recurse on the depth of JSON.
    "from_json",
    "from_json_strict",
    "json_contains",
    "json_group_structure",
    "json_merge_patch",
    "json_structure",
    "json_transform",
    "json_transform_strict",
};

template <typename List>
bool Contains(const List& list, const std::string& name) {
  return std::find(std::begin(list), std::end(list), name) != std::end(list);
}

class Remover {
 public:
  explicit Remover(duckdb::ClientContext& context)
      : context_(context), catalog_(duckdb::Catalog::GetSystemCatalog(context)) {}

  void RemoveWhere(CatalogType type, const std::function<bool(const std::string&)>& unsafe) {
    std::vector<std::pair<std::string, std::string>> found;  // schema, name
    for (const auto& schema : catalog_.GetSchemas(context_)) {
      schema.get().Scan(context_, type, [&](duckdb::CatalogEntry& entry) {
        // Scalar, aggregate and macro functions share a set.
        if (entry.type == type && unsafe(entry.name)) {
          found.emplace_back(schema.get().name, entry.name);
        }
      });
    }
    for (const auto& [schema, name] : found) {
      duckdb::DropInfo drop;
      drop.type = type;
      drop.schema = schema;
      drop.name = name;
      drop.allow_drop_internal = true;
      catalog_.DropEntry(context_, drop);
    }
  }

 private:
  duckdb::ClientContext& context_;
  duckdb::Catalog& catalog_;
};

bool RefuseCast(duckdb::Vector&, duckdb::Vector&, duckdb::idx_t, duckdb::CastParameters&) {
  throw duckdb::NotImplementedException("JSON cannot be cast to VARIANT here");
}

}  // namespace

void RemoveUnsafeFunctions(duckdb::Connection& connection) {
  auto& context = *connection.context;
  context.RunFunctionInTransaction([&] {
    Remover remover(context);
    const auto unsafe_table = [](const std::string& name) {
      return !Contains(kTableFunctions, name) && !OnlyDescribes(name);
    };
    remover.RemoveWhere(CatalogType::TABLE_FUNCTION_ENTRY, unsafe_table);
    remover.RemoveWhere(CatalogType::TABLE_MACRO_ENTRY, unsafe_table);
    for (const auto type : {CatalogType::SCALAR_FUNCTION_ENTRY,
                            CatalogType::AGGREGATE_FUNCTION_ENTRY, CatalogType::MACRO_ENTRY}) {
      remover.RemoveWhere(type,
                          [](const std::string& name) { return Contains(kUnsafeFunctions, name); });
    }
  });
  // This cast recurses too.
  duckdb::DBConfig::GetConfig(context).GetCastFunctions().RegisterCastFunction(
      duckdb::LogicalType::JSON(), duckdb::LogicalType::VARIANT(),
      duckdb::BoundCastInfo(RefuseCast));
}

}  // namespace sumac::engine
