// The types of SQL as JDBC and ODBC describe them.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include <duckdb.hpp>

#include "engine/results/arrow/arrow_schema.h"

namespace sumac::server {

// The columns of Flight SQL's GetXdbcTypeInfo.
std::vector<engine::ArrowColumn> XdbcTypeColumns();

// The types with this number, or all, in the order of their numbers.
std::vector<duckdb::vector<duckdb::Value>> XdbcTypeRows(std::optional<int32_t> data_type);

}  // namespace sumac::server
