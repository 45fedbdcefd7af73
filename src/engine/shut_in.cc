#include "engine/shut_in.h"

#include <algorithm>
#include <mutex>
#include <string_view>

#include <duckdb/catalog/catalog.hpp>
#include <duckdb/catalog/catalog_entry/schema_catalog_entry.hpp>
#include <duckdb/catalog/catalog_entry/table_function_catalog_entry.hpp>
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

// None changes anything, or tells of the server: its settings, its paths, its log.
constexpr std::string_view kDescribingFunctions[] = {
    "duckdb_columns",   "duckdb_constraints", "duckdb_databases", "duckdb_dependencies",
    "duckdb_functions", "duckdb_indexes",     "duckdb_keywords",  "duckdb_schemas",
    "duckdb_sequences", "duckdb_tables",      "duckdb_types",     "duckdb_variables",
    "duckdb_views",     "pragma_collations",  "pragma_show",      "pragma_table_info",
    "pragma_version",
};

bool Describes(const std::string& name) {
  return name.starts_with("duckdb_") || name.starts_with("pragma_");
}

constexpr std::string_view kUnsafeFunctions[] = {
    // Write to the log, tell of the server's own settings, or plan SQL that nobody has looked at.
    "write_log",
    "current_setting",
    "getenv",
    "json_serialize_plan",
    // Of DuckDB's own transactions; it fails as a fault of the server.
    "txid_current",
    // Recurse on the depth of JSON.
    "json_deserialize_sql",
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

// The first is DuckDB's own, the same in every database. information_schema is made of it.
duckdb::table_function_t databases_with_paths = nullptr;
constexpr duckdb::idx_t kPathColumn = 2;

void DatabasesWithoutPaths(duckdb::ClientContext& context, duckdb::TableFunctionInput& input,
                           duckdb::DataChunk& output) {
  databases_with_paths(context, input, output);
  for (duckdb::idx_t row = 0; row < output.size(); ++row) {
    output.SetValue(kPathColumn, row, duckdb::Value());
  }
}

void HidePaths(duckdb::ClientContext& context) {
  auto& databases =
      duckdb::Catalog::GetSystemCatalog(context).GetEntry<duckdb::TableFunctionCatalogEntry>(
          context, DEFAULT_SCHEMA, "duckdb_databases");
  for (auto& function : databases.functions.functions) {
    static std::once_flag once;
    std::call_once(once, [&] { databases_with_paths = function.function; });
    function.function = DatabasesWithoutPaths;
  }
}

bool RefuseCast(duckdb::Vector&, duckdb::Vector&, duckdb::idx_t, duckdb::CastParameters&) {
  throw duckdb::NotImplementedException("JSON cannot be cast to VARIANT here");
}

}  // namespace

bool IsForQueriesThatAreServed(const std::string& table_function) {
  return !Describes(table_function) || Contains(kDescribingFunctions, table_function);
}

void RemoveUnsafeFunctions(duckdb::Connection& connection) {
  auto& context = *connection.context;
  context.RunFunctionInTransaction([&] {
    Remover remover(context);
    const auto unsafe_table = [](const std::string& name) {
      return !Contains(kTableFunctions, name) && !Describes(name);
    };
    remover.RemoveWhere(CatalogType::TABLE_FUNCTION_ENTRY, unsafe_table);
    remover.RemoveWhere(CatalogType::TABLE_MACRO_ENTRY, unsafe_table);
    HidePaths(context);
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
