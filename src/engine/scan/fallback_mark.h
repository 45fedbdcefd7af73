// What the scan of a copy carries that has its source behind it; see source_fallback.h. Internal to
// engine/.
#pragma once

#include <memory>

#include <duckdb.hpp>
#include <duckdb/function/table_function.hpp>
#include <duckdb/planner/operator/logical_get.hpp>

#include "engine/table_source.h"

namespace sumac::engine {

struct FallbackMark final : public duckdb::TableFunctionInfo {
  FallbackMark(std::shared_ptr<const TableSource> source_in, duckdb::TableCatalogEntry& dataset_in)
      : source(std::move(source_in)), dataset(dataset_in) {}

  const std::shared_ptr<const TableSource> source;
  // The entry that the query names.
  duckdb::TableCatalogEntry& dataset;
};

// Null when `get` scans something else.
inline const FallbackMark* FallbackMarkOf(const duckdb::LogicalGet& get) {
  return dynamic_cast<const FallbackMark*>(get.function.function_info.get());
}

}  // namespace sumac::engine
