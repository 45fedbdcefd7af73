// What a statement would return, found by binding it. Internal to engine/.
#pragma once

#include <duckdb.hpp>
#include <duckdb/planner/expression/bound_parameter_data.hpp>

#include "engine/session.h"

namespace sumac::engine {

// See Session::Describe. Throws what DuckDB throws.
StatementShape DescribeStatement(duckdb::ClientContext& context,
                                 duckdb::unique_ptr<duckdb::SQLStatement> statement,
                                 duckdb::case_insensitive_map_t<duckdb::BoundParameterData> values);

}  // namespace sumac::engine
