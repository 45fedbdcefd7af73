// What a column's type is called outside: Arrow's names, as DESCRIBE, arrow_typeof and the schema
// of a JSON answer show them. The texts are those of arrow-rs 57, which DataFusion 51 prints.
#pragma once

#include <string>
#include <string_view>

#include <duckdb.hpp>

namespace sumac::engine {

// Returns the display name: `Utf8`, `Decimal128(38, 2)`, `List(Struct("city": Utf8))`. A type that
// the result writers print as text only (ENUM, UUID, BIT, TIMETZ, ...) is `Utf8`.
std::string ArrowTypeName(const duckdb::LogicalType& type);

// Appends the type in the JSON form of arrow-rs: `"Utf8"`, `{"Decimal128":[38,2]}`,
// `{"List":{"name":"item",...}}`.
void AppendArrowTypeJson(const duckdb::LogicalType& type, std::string& out);

// Appends a field in that form: name, data_type, nullable, dict_id, dict_is_ordered, metadata.
void AppendArrowFieldJson(std::string_view name, const duckdb::LogicalType& type, bool nullable,
                          std::string& out);

// The name of member `index` of a STRUCT; `row(1, 2)` has none, and its members are `c0`, `c1`.
std::string StructMemberName(const duckdb::LogicalType& type, duckdb::idx_t index);

}  // namespace sumac::engine
