#include "server/flight/xdbc_types.h"

namespace sumac::server {
namespace {

using duckdb::LogicalType;
using duckdb::Value;

struct XdbcType {
  const char* name;
  int32_t data_type;  // XdbcDataType of FlightSql.proto
  int32_t column_size;
  const char* quote = nullptr;  // of literals
  std::vector<const char*> create_parameters = {};
  std::optional<bool> is_unsigned = std::nullopt;
  std::optional<int32_t> scale_max = std::nullopt;
  std::optional<int32_t> datetime_code = std::nullopt;
  std::optional<int32_t> radix = std::nullopt;
};

constexpr int32_t kTextSizeMax = 2147483647;
constexpr int32_t kDatetime = 9;

const std::vector<XdbcType>& Types() {
  static const std::vector<XdbcType> kTypes = {
      {"BOOLEAN", -7, 1},
      {"TINYINT", -6, 3, nullptr, {}, false, 0, {}, 10},
      {"UTINYINT", -6, 3, nullptr, {}, true, 0, {}, 10},
      {"BIGINT", -5, 19, nullptr, {}, false, 0, {}, 10},
      {"UBIGINT", -5, 20, nullptr, {}, true, 0, {}, 10},
      {"BLOB", -3, kTextSizeMax, "'"},
      {"DECIMAL", 3, 38, nullptr, {"precision", "scale"}, false, 38, {}, 10},
      {"HUGEINT", 3, 38, nullptr, {}, false, 0, {}, 10},
      {"INTEGER", 4, 10, nullptr, {}, false, 0, {}, 10},
      {"UINTEGER", 4, 10, nullptr, {}, true, 0, {}, 10},
      {"SMALLINT", 5, 5, nullptr, {}, false, 0, {}, 10},
      {"USMALLINT", 5, 5, nullptr, {}, true, 0, {}, 10},
      {"FLOAT", 7, 24, nullptr, {}, false, {}, {}, 2},
      {"DOUBLE", 8, 53, nullptr, {}, false, {}, {}, 2},
      {"VARCHAR", 12, kTextSizeMax, "'"},
      {"DATE", 91, 10, "'", {}, {}, {}, 1},
      {"TIME", 92, 15, "'", {}, {}, 6, 2},
      {"TIMESTAMP", 93, 26, "'", {}, {}, 6, 3},
      {"TIMESTAMP WITH TIME ZONE", 93, 32, "'", {}, {}, 6, 3},
  };
  return kTypes;
}

Value Integer(const std::optional<int32_t>& value) {
  return value ? Value::INTEGER(*value) : Value(LogicalType::INTEGER);
}

Value Text(const char* text) {
  return text == nullptr ? Value(LogicalType::VARCHAR) : Value(text);
}

duckdb::vector<Value> RowOf(const XdbcType& type) {
  constexpr int32_t kNullable = 1;
  constexpr int32_t kSearchableInFull = 3;
  const bool is_text = type.data_type == 12;
  duckdb::vector<Value> parameters;
  for (const char* parameter : type.create_parameters) parameters.emplace_back(parameter);
  return {Value(type.name),
          Value::INTEGER(type.data_type),
          Value::INTEGER(type.column_size),
          Text(type.quote),
          Text(type.quote),
          type.create_parameters.empty() ? Value(LogicalType::LIST(LogicalType::VARCHAR))
                                         : Value::LIST(LogicalType::VARCHAR, parameters),
          Value::INTEGER(kNullable),
          Value::BOOLEAN(is_text),
          Value::INTEGER(kSearchableInFull),
          type.is_unsigned ? Value::BOOLEAN(*type.is_unsigned) : Value(LogicalType::BOOLEAN),
          Value::BOOLEAN(false),
          Value::BOOLEAN(false),
          Value(type.name),
          Integer(type.scale_max ? std::optional<int32_t>(0) : std::nullopt),
          Integer(type.scale_max),
          Value::INTEGER(type.datetime_code ? kDatetime : type.data_type),
          Integer(type.datetime_code),
          Integer(type.radix),
          Integer(std::nullopt)};
}

}  // namespace

std::vector<engine::ArrowColumn> XdbcTypeColumns() {
  const LogicalType integer = LogicalType::INTEGER;
  const LogicalType text = LogicalType::VARCHAR;
  return {{"type_name", text, false},
          {"data_type", integer, false},
          {"column_size", integer},
          {"literal_prefix", text},
          {"literal_suffix", text},
          {"create_params", LogicalType::LIST(text)},
          {"nullable", integer, false},
          {"case_sensitive", LogicalType::BOOLEAN, false},
          {"searchable", integer, false},
          {"unsigned_attribute", LogicalType::BOOLEAN},
          {"fixed_prec_scale", LogicalType::BOOLEAN, false},
          {"auto_increment", LogicalType::BOOLEAN},
          {"local_type_name", text},
          {"minimum_scale", integer},
          {"maximum_scale", integer},
          {"sql_data_type", integer, false},
          {"datetime_subcode", integer},
          {"num_prec_radix", integer},
          {"interval_precision", integer}};
}

std::vector<duckdb::vector<Value>> XdbcTypeRows(std::optional<int32_t> data_type) {
  std::vector<duckdb::vector<Value>> rows;
  for (const XdbcType& type : Types()) {
    if (!data_type || *data_type == type.data_type) rows.push_back(RowOf(type));
  }
  return rows;
}

}  // namespace sumac::server
