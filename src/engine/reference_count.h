// How many tables a statement reads once its common table expressions stand where they are named.
// Internal to engine/.
#pragma once

#include <cstdint>

#include <duckdb.hpp>

namespace sumac::engine {

// DuckDB plans a common table expression for every place that names it, and plans without looking
// whether it is to stop. A few lines that double at each level would keep it busy for hours.
inline constexpr uint64_t kTableReferencesMax = 1000;

// Counts up to a bound far over kTableReferencesMax. A view counts as one table. `node` is taken
// apart on the way.
uint64_t CountTableReferences(duckdb::QueryNode& node);

}  // namespace sumac::engine
