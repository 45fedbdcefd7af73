// The columns of a table: for each, the attribute it holds (exact name), the SQL name, and how the
// values are kept.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <duckdb.hpp>

#include "base/result.h"
#include "dynamodb/table_description.h"
#include "items/schema_options.h"
#include "items/shape.h"
#include "items/type_summary.h"

namespace sumac::items {

// A column holds an attribute, or with unnesting a field of nested maps, or all that no other
// column holds.
struct Column {
  // The top-level attribute, exact; empty for the catch-all.
  std::string attribute_name;
  // Names of the nested map fields below it, exact; empty for the whole attribute.
  std::vector<std::string> path;
  std::string sql_name;  // unique without regard to case
  Shape shape;
  // `json_object: "*"`: one JSON object of every attribute that no other column holds, its keys in
  // byte order; NULL when there is none.
  bool catch_all = false;

  // attribute_name and path, joined by dots.
  std::string DottedName() const;
};

struct ItemSchema {
  // Key attributes first (partition key, sort key), then by dotted name in byte order.
  std::vector<Column> columns;
  size_t key_count = 0;
  // The names of the virtual columns: `_item` and `_overflow`, or the first of `_item_2`,
  // `_item_3`,
  // ... that no column has.
  std::string item_name = "_item";
  std::string overflow_name = "_overflow";
  // Attributes of the sample that are no column, because the table has more than kColumnsMax.
  size_t attributes_left_out = 0;
  // How deep the catch-all column takes maps apart, as the columns do.
  int unnest_depth = 0;
  MismatchAction on_type_mismatch = MismatchAction::kNull;
  // Of SchemaOptions: how what is met later is judged.
  std::shared_ptr<const TimeLayout> time_layout;
};

// Columns of one table; what is beyond is in `_item` and `_overflow`. Declared columns go first.
inline constexpr size_t kColumnsMax = 2'000;

// The schema of a table from the summary of its sampled items. Key attributes are columns even when
// nothing was sampled. Error kInvalidArgument: `options` contradict the table (a declared column
// that it does not have, two columns of one name).
Result<ItemSchema> MakeItemSchema(const TypeSummary& items,
                                  const std::vector<dynamodb::KeyAttribute>& keys,
                                  const SchemaOptions& options);

}  // namespace sumac::items
