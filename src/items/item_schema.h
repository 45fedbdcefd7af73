// The columns of a table: for each, the attribute it holds (exact name), the SQL name, and how the
// values are kept.
#pragma once

#include <string>
#include <vector>

#include <duckdb.hpp>

#include "base/result.h"
#include "dynamodb/table_description.h"
#include "items/schema_options.h"
#include "items/type_summary.h"

namespace sumac::items {

// How values are kept; decides which attribute values fit.
enum class Encoding {
  kText,     // VARCHAR: S as it is, N BOOL B as text
  kBigint,   // BIGINT: N that are such integers
  kDouble,   // DOUBLE: N that survive the round trip
  kDecimal,  // DECIMAL(38,s): N with at most s digits after the point and 38 in all
  kBoolean,  // BOOLEAN: BOOL
  kBinary,   // BLOB: B
  kList,     // T[]: L, SS, NS, BS whose elements fit T
  kStruct,   // STRUCT: M
  kJson,     // JSON: anything, as plain JSON
};

struct Field;

struct Shape {
  Encoding encoding = Encoding::kText;
  duckdb::LogicalType type = duckdb::LogicalType::VARCHAR;
  std::vector<Shape> element;  // one, for kList
  std::vector<Field> fields;   // for kStruct; never empty then
};

struct Field {
  std::string attribute_name;  // exact, as DynamoDB has it
  std::string sql_name;        // unique within its parent without regard to case
  Shape shape;
};

struct ItemSchema {
  // Key attributes first (partition key, sort key), then by attribute name in byte order.
  std::vector<Field> columns;
  size_t key_count = 0;
  // The names of the virtual columns: `_item` and `_overflow`, or the first of `_item_2`,
  // `_item_3`,
  // ... that no column has.
  std::string item_name = "_item";
  std::string overflow_name = "_overflow";
};

// Bounds beyond which a map becomes JSON: a struct wider than this is a map used as a dictionary.
inline constexpr size_t kStructFieldsMax = 1'000;

// Chooses the shape that loses nothing of what `summary` saw: see docs/types.md.
Shape ChooseShape(const TypeSummary& summary);

// The schema of a table from the summary of its sampled items (a map summary). Key attributes are
// columns even when nothing was sampled. Error kInvalidArgument: `options` contradict the table (a
// declared column that it does not have, two columns of one name).
Result<ItemSchema> MakeItemSchema(const TypeSummary& items,
                                  const std::vector<dynamodb::KeyAttribute>& keys,
                                  const SchemaOptions& options);

}  // namespace sumac::items
