// The SQL half of type names: DuckDB's own parser, and what it may give. Internal to items/.
#pragma once

#include <string_view>

#include <duckdb.hpp>

#include "base/result.h"

namespace sumac::items {

// Reads `text` as one SQL type within `depth` lists, structs and maps. Errors are the detail of
// those of ParseTypeName.
Result<duckdb::LogicalType> ParseSqlTypeName(std::string_view text, int depth);

}  // namespace sumac::items
