#include "server/flight/metadata.h"

#include <algorithm>

#include "server/flight/xdbc_types.h"

namespace sumac::server {
namespace {

using duckdb::LogicalType;
using duckdb::Value;
using engine::ArrowColumn;

constexpr char kCatalog[] = "spice";
constexpr char kDefaultSchema[] = "public";

ArrowColumn Text(const char* name, bool nullable = false) {
  return {name, LogicalType::VARCHAR, nullable};
}

std::vector<ArrowColumn> ForeignKeyColumns() {
  return {Text("pk_catalog_name", true),
          Text("pk_db_schema_name", true),
          Text("pk_table_name"),
          Text("pk_column_name"),
          Text("fk_catalog_name", true),
          Text("fk_db_schema_name", true),
          Text("fk_table_name"),
          Text("fk_column_name"),
          {"key_sequence", LogicalType::INTEGER, false},
          Text("fk_key_name", true),
          Text("pk_key_name", true),
          {"update_rule", LogicalType::UTINYINT, false},
          {"delete_rule", LogicalType::UTINYINT, false}};
}

struct ColumnsOf {
  using Columns = std::vector<ArrowColumn>;

  Columns operator()(const flight_sql::CommandGetCatalogs&) const { return {Text("catalog_name")}; }
  Columns operator()(const flight_sql::CommandGetDbSchemas&) const {
    return {Text("catalog_name", true), Text("db_schema_name")};
  }
  Columns operator()(const flight_sql::CommandGetTables& command) const {
    Columns columns = {Text("catalog_name", true), Text("db_schema_name", true), Text("table_name"),
                       Text("table_type")};
    if (command.include_schema()) columns.push_back({"table_schema", LogicalType::BLOB, false});
    return columns;
  }
  Columns operator()(const flight_sql::CommandGetTableTypes&) const { return {Text("table_type")}; }
  Columns operator()(const flight_sql::CommandGetPrimaryKeys&) const {
    return {Text("catalog_name", true), Text("db_schema_name", true),
            Text("table_name"),         Text("column_name"),
            Text("key_name", true),     {"key_sequence", LogicalType::INTEGER, false}};
  }
  Columns operator()(const flight_sql::CommandGetExportedKeys&) const {
    return ForeignKeyColumns();
  }
  Columns operator()(const flight_sql::CommandGetImportedKeys&) const {
    return ForeignKeyColumns();
  }
  Columns operator()(const flight_sql::CommandGetCrossReference&) const {
    return ForeignKeyColumns();
  }
  Columns operator()(const flight_sql::CommandGetXdbcTypeInfo&) const { return XdbcTypeColumns(); }
  template <typename Other>
  Columns operator()(const Other&) const {
    return {};
  }
};

// A query over information_schema with conditions that may be missing.
class ListingQuery {
 public:
  explicit ListingQuery(std::string select) : sql_(std::move(select)) {}

  void Equal(const char* column, bool has, const std::string& value) {
    if (has) Add(std::string(column) + " = ", value, "");
  }
  // The pattern's % and _ are those of LIKE.
  void Like(const char* column, bool has, const std::string& pattern) {
    if (has) Add(std::string(column) + " LIKE ", pattern, " ESCAPE '\\'");
  }
  template <typename Values>
  void In(const char* column, const Values& values) {
    if (values.empty()) return;
    std::string list;
    for (const std::string& value : values) {
      parameters_.positional.emplace_back(value);
      list += (list.empty() ? "$" : ", $") + std::to_string(parameters_.positional.size());
    }
    sql_ += std::string(" AND ") + column + " IN (" + list + ")";
  }

  Result<MetadataRows> Run(engine::Session& session, const char* order) {
    SUMAC_ASSIGN_OR_RETURN(const auto stream,
                           session.Execute(sql_ + " ORDER BY " + order, std::move(parameters_)));
    MetadataRows rows;
    while (true) {
      SUMAC_ASSIGN_OR_RETURN(const auto chunk, stream->Next());
      if (chunk == nullptr) return rows;
      for (duckdb::idx_t row = 0; row < chunk->size(); ++row) {
        auto& values = rows.emplace_back();
        for (duckdb::idx_t column = 0; column < chunk->ColumnCount(); ++column) {
          values.push_back(chunk->GetValue(column, row));
        }
      }
    }
  }

 private:
  void Add(const std::string& condition, const std::string& value, const char* end) {
    parameters_.positional.emplace_back(value);
    sql_ += " AND " + condition + "$" + std::to_string(parameters_.positional.size()) + end;
  }

  std::string sql_;
  engine::QueryParameters parameters_;
};

Value Name(const std::string& text) {
  return Value(text);
}

std::string Quoted(const Value& name) {
  return duckdb::KeywordHelper::WriteQuoted(name.ToString(), '"');
}

// Adds to each row of GetTables the columns of its table, as an Arrow schema; of a table that could
// not be loaded, one without columns.
void AddSchemas(engine::Session& session, MetadataRows& rows) {
  for (auto& row : rows) {
    const auto shape = session.Describe("SELECT * FROM " + Quoted(row[0]) + "." + Quoted(row[1]) +
                                        "." + Quoted(row[2]));
    std::string schema;
    engine::AppendIpcMessage(engine::MakeSchemaMessage(engine::ArrowColumnsOf(
                                 shape ? shape->columns : std::vector<engine::ResultColumn>())),
                             schema);
    row.push_back(Value::BLOB(duckdb::const_data_ptr_cast(schema.data()), schema.size()));
  }
}

struct RowsOf {
  Backend& backend;

  Result<MetadataRows> operator()(const flight_sql::CommandGetCatalogs&) const {
    return MetadataRows{{Name(kCatalog)}};
  }

  Result<MetadataRows> operator()(const flight_sql::CommandGetDbSchemas& command) const {
    ListingQuery query(
        "SELECT DISTINCT catalog_name, schema_name FROM system.information_schema.schemata "
        "WHERE catalog_name = 'spice'");
    query.Equal("catalog_name", command.has_catalog(), command.catalog());
    query.Like("schema_name", command.has_db_schema_filter_pattern(),
               command.db_schema_filter_pattern());
    return query.Run(*backend.Connect(), "1, 2");
  }

  Result<MetadataRows> operator()(const flight_sql::CommandGetTables& command) const {
    ListingQuery query(
        "SELECT table_catalog, table_schema, table_name, table_type FROM "
        "system.information_schema.tables WHERE table_catalog = 'spice'");
    query.Equal("table_catalog", command.has_catalog(), command.catalog());
    query.Like("table_schema", command.has_db_schema_filter_pattern(),
               command.db_schema_filter_pattern());
    query.Like("table_name", command.has_table_name_filter_pattern(),
               command.table_name_filter_pattern());
    std::vector<std::string> types(command.table_types().begin(), command.table_types().end());
    // What JDBC calls them.
    std::replace(types.begin(), types.end(), std::string("TABLE"), std::string("BASE TABLE"));
    query.In("table_type", types);
    const auto session = backend.Connect();
    SUMAC_ASSIGN_OR_RETURN(auto rows, query.Run(*session, "1, 2, 3, 4"));
    if (command.include_schema()) AddSchemas(*session, rows);
    return rows;
  }

  Result<MetadataRows> operator()(const flight_sql::CommandGetTableTypes&) const {
    return MetadataRows{{Name("BASE TABLE")}, {Name("VIEW")}};
  }

  Result<MetadataRows> operator()(const flight_sql::CommandGetPrimaryKeys& command) const {
    MetadataRows rows;
    if (command.has_catalog() && command.catalog() != kCatalog) return rows;
    for (const auto& dataset : backend.Datasets()) {
      const size_t dot = dataset.name.find('.');
      const bool plain = dot == std::string::npos;
      const std::string schema = plain ? kDefaultSchema : dataset.name.substr(0, dot);
      const std::string table = plain ? dataset.name : dataset.name.substr(dot + 1);
      if (!duckdb::StringUtil::CIEquals(table, command.table())) continue;
      if (command.has_db_schema() && !duckdb::StringUtil::CIEquals(schema, command.db_schema())) {
        continue;
      }
      int32_t number = 0;
      for (const auto& column : dataset.key_columns) {
        rows.push_back({Name(kCatalog), Name(schema), Name(table), Name(column),
                        Value(LogicalType::VARCHAR), Value::INTEGER(++number)});
      }
    }
    return rows;
  }

  Result<MetadataRows> operator()(const flight_sql::CommandGetXdbcTypeInfo& command) const {
    return XdbcTypeRows(command.has_data_type() ? std::optional<int32_t>(command.data_type())
                                                : std::nullopt);
  }

  // Nothing refers to another table's keys.
  template <typename Other>
  Result<MetadataRows> operator()(const Other&) const {
    return MetadataRows();
  }
};

}  // namespace

bool IsMetadataCommand(const FlightCommand& command) {
  return !MetadataColumns(command).empty();
}

std::vector<ArrowColumn> MetadataColumns(const FlightCommand& command) {
  return std::visit(ColumnsOf(), command);
}

Result<MetadataRows> AnswerMetadata(const FlightCommand& command, Backend& backend) {
  return std::visit(RowsOf{backend}, command);
}

}  // namespace sumac::server
