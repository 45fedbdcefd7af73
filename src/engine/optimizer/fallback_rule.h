// Plans scans of copies that have their source behind them; see source_fallback.h. Internal to
// engine/.
#pragma once

#include <duckdb.hpp>
#include <duckdb/optimizer/optimizer_extension.hpp>

namespace sumac::engine {

// To be run after the rules for scans and joins, and before that of budgets: what a source behind a
// copy costs is looked at when it is read.
duckdb::OptimizerExtension FallbackExtension();

}  // namespace sumac::engine
