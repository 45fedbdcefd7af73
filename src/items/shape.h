// How values of an attribute are kept in a column: the SQL type and which attribute values fit it.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <duckdb.hpp>

#include "base/result.h"
#include "items/schema_options.h"
#include "items/type_summary.h"

namespace sumac::items {

// Decides which attribute values fit, and how they are written.
enum class Encoding {
  kText,           // VARCHAR: S as it is, N BOOL B as text
  kString,         // VARCHAR: S alone, and none that no index could have as a key
  kTextOrJson,     // VARCHAR: as kText, and anything nested as plain JSON
  kBigint,         // BIGINT: N that are such integers
  kInteger,        // any integer type: N that are such integers
  kDouble,         // DOUBLE: N that survive the round trip
  kNearestDouble,  // DOUBLE or FLOAT: any N, rounded; whole only when it survives the round trip
  kDecimal,        // DECIMAL(p,s): N with at most s digits after the point and p in all
  kBoolean,        // BOOLEAN: BOOL
  kBinary,         // BLOB: B
  kDate,           // DATE: S in the layout, or without one YYYY-MM-DD
  kTimestamp,      // TIMESTAMP, TIMESTAMP WITH TIME ZONE: S in one of the layouts
  kList,           // T[]: L, SS, NS, BS whose elements fit T
  kStruct,         // STRUCT: M whose fields it has
  kMap,            // MAP(VARCHAR, T): M whose values fit T
  kJson,           // JSON: anything, as plain JSON
};

struct Field;

struct Shape {
  Encoding encoding = Encoding::kText;
  duckdb::LogicalType type = duckdb::LogicalType::VARCHAR;
  // One for kList (its elements) and kMap (its values).
  std::vector<Shape> element;
  std::vector<Field> fields;  // for kStruct; never empty then
  // Whether `fields` are in byte order of their attribute names, as inferred ones are.
  bool fields_in_order = false;
  // For kTimestamp and kDate: the first that reads a text counts.
  std::vector<std::shared_ptr<const TimeLayout>> layouts;
  // Declared by the user: numbers and booleans are also taken from S that spells them out.
  bool from_text = false;
  // For kString: the bytes of the longest; the empty one does not fit either.
  size_t key_bytes_max = 0;
};

// A field of a struct.
struct Field {
  std::string attribute_name;  // exact, as DynamoDB has it
  std::string sql_name;        // unique within its struct without regard to case
  Shape shape;
};

// A map with more fields than this that all have one type becomes MAP(VARCHAR, T).
inline constexpr size_t kUniformFieldsMax = 100;
// Scalars below one column; a wider one becomes JSON.
inline constexpr size_t kLeavesMax = 2'000;

// The lattice's second half: the shape that loses nothing of what `summary` saw, as far as
// `options.number_type` allows. A pure function; docs/types.md has its table.
Shape ChooseShape(const TypeSummary& summary, const SchemaOptions& options = {});

// The shape for N alone.
Shape ChooseNumberShape(const NumberSummary& number, NumberType number_type);

// The shape for a type that the user declared. Error kUnsupported: a type that attributes cannot be
// read as.
Result<Shape> DeclaredShape(const duckdb::LogicalType& type, const SchemaOptions& options);

// Scalars in a shape: 1 for a scalar.
size_t LeafCount(const Shape& shape);

// Gives the fields of structs in `shape` the SQL names that they have in `before`; others get free
// ones.
void KeepFieldNames(Shape& shape, const Shape& before);

// A name, and the SQL name that it is to keep; empty when it has none yet.
struct SqlName {
  std::string name;
  std::string kept;
};

// SQL names for columns or fields. DuckDB compares names without regard to case, DynamoDB with it:
// names that collide with no other stay exact; of those that collide the first stays exact and the
// others get the first free suffix _2, _3, ...
std::vector<std::string> UniqueSqlNames(const std::vector<SqlName>& names);

}  // namespace sumac::items
