// Bound filters of DuckDB as conditions that DynamoDB can judge.
//
// A condition is true for every item whose row the filter is true for; where it may be true for
// others DuckDB filters again, so a filter that is translated in part, or not at all, is no loss
// but of speed. Of three truths, NOT is taken inwards: what is asked of the parts of a filter is
// where they are false, never where they are not true. Pure.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include <duckdb.hpp>
#include <duckdb/planner/expression.hpp>

#include "dynamodb/table_description.h"
#include "items/item_schema.h"
#include "planning/column_conditions.h"

namespace sumac::planning {

// The schema's column that a reference is to; nothing for virtual columns.
using ColumnOf = std::function<std::optional<size_t>(const duckdb::ColumnBinding&)>;

Translation TranslateFilter(const duckdb::Expression& filter, const items::ItemSchema& schema,
                            const std::vector<dynamodb::KeyAttribute>& keys,
                            const ColumnOf& column_of);

}  // namespace sumac::planning
