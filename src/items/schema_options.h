// What the user says about the types and columns of a table, beside what its items show.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <duckdb.hpp>

#include "dynamodb/table_description.h"

namespace sumac::items {

struct ItemSchema;
class TimeLayout;

// What becomes of DynamoDB numbers, at any depth.
enum class NumberType {
  kAuto,     // the narrowest type that holds every sampled value exactly
  kDouble,   // DOUBLE, the nearest one; `_overflow` carries the numbers that it is not equal to
  kDecimal,  // DECIMAL(38,s)
  kString,   // VARCHAR, digit for digit
};

// What becomes of a value that does not fit its column.
enum class MismatchAction {
  kNull,   // NULL, counted, and readable in `_overflow`
  kError,  // the query fails
};

// An entry of `columns:` in the Spicepod.
struct DeclaredColumn {
  // The attribute's exact name; with unnesting, the dotted one.
  std::string name;
  // Wins over what the items show. Absent: inferred.
  std::optional<duckdb::LogicalType> type;
  // `metadata: {json_object: "*"}`: this column holds, as one JSON object, every attribute that no
  // column was declared for.
  bool json_object = false;
};

struct SchemaOptions {
  NumberType number_type = NumberType::kAuto;
  // Strings that it reads become timestamps and dates; null leaves strings alone.
  std::shared_ptr<const TimeLayout> time_layout;
  // Maps are taken apart into dotted columns down to this depth; absent or 0 leaves them whole.
  std::optional<int> unnest_depth;
  std::vector<DeclaredColumn> columns;
  // Attributes that secondary indexes have as keys of type S, but for the table's own. As long as
  // all that is seen of one is strings, its column holds nothing else, nor what is no key of an
  // index: it shows the same whether an item was found by the index, which holds no others, or not.
  std::vector<dynamodb::IndexStringKey> index_string_keys;
  MismatchAction on_type_mismatch = MismatchAction::kNull;
  // The schema that this one follows: attributes that it has keep their SQL names, so that a query
  // does not come to mean another attribute. Null for the first.
  std::shared_ptr<const ItemSchema> before;
};

}  // namespace sumac::items
